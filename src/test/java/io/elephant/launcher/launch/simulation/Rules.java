package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.LaunchFailure.LaunchIncomplete;
import io.elephant.launcher.fake.RowWrite;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.launch.Outcome;
import io.elephant.launcher.launch.Report;
import io.elephant.launcher.launch.simulation.SimulatedProcess.Kind;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Recording;
import io.elephant.launcher.meeting.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What must always hold, watched at every effect and at the end of a run. The numbers are those of
 * the design's rules.
 */
final class Rules {

  private final Scenario scenario;
  final List<SimulatedProcess> processes = new ArrayList<>();
  final Table table;
  final Cloud cloud;
  final StandingRules standing;
  final ToldRules told;

  /** The roles that are configured once faults have stopped. */
  Set<Role> settled;

  /**
   * Every row was deleted. Once a row is there again, the breaker of the sweep cannot tell a few
   * deleted meetings from this.
   */
  boolean isEmptied;

  private boolean forgotten;
  private int resetAt;
  private @Nullable String broken;

  /** When others have changed something last: who learns of it may ask more. */
  long disturbed = Long.MIN_VALUE;

  Rules(Scenario scenario, Choices choices, LongSupplier clock) {
    this.scenario = scenario;
    this.table = new Table(this, scenario.row(), clock);
    this.cloud = new Cloud(choices, this, scenario.world(), clock);
    this.standing = new StandingRules(table, cloud, new HashSet<>());
    this.told = new ToldRules(table, cloud);
    this.settled = Set.copyOf(scenario.roles());
  }

  /** Whether the row waits for the instance: its launch is at its attempt, and it is in time. */
  boolean isAwaited(SimulatedInstance instance, long now) {
    return table
            .row()
            .filter(row ->
                isToBeLaunched(row, now)
                    && !row.instances().containsKey(instance.role())
                    && holds(row, instance))
            .isPresent()
        && instance.works()
        && !hasOlder(instance);
  }

  /** One of the role ran when it was started: whoever has seen that must see it twice. */
  private boolean hasOlder(SimulatedInstance instance) {
    return cloud.instances().stream()
        .filter(other -> other.tag("MeetingID").equals(instance.tag("MeetingID")))
        .filter(other -> other.role().equals(instance.role()))
        .filter(other -> other.ec2.started() < instance.ec2.started())
        .anyMatch(other -> other.worksUntil() > instance.ec2.started() - Cloud.LONGEST_LAG);
  }

  /** An operator had the launch record removed, and with it what was begun. */
  void forgetWhatWasBegun() {
    forgotten = true;
    resetAt = table.version();
  }

  /** The meeting was moved, or an instance taken out: whoever completes the row now launches it. */
  void beginAnotherLaunch() {
    processes.forEach(process -> process.completedThisLaunch = false);
  }

  Optional<String> broken() {
    return Optional.ofNullable(broken);
  }

  boolean areKept() {
    return broken == null;
  }

  @SuppressWarnings("AnnotateFormatMethod") // It would be one dependency more.
  void require(boolean kept, String message, Object... words) {
    if (!kept && broken == null) {
      broken = message.formatted(words);
    }
  }

  /** Rule 1. */
  void started(SimulatedInstance instance, SimulatedProcess caller) {
    require(instance.isOfMeeting(), "rule 1: %s is of a meeting nobody asked for", instance);
    require(caller.roles.contains(instance.role()), "rule 1: %s has an unknown role", instance);
    boolean wanted =
        table.rowsSince(caller.firstVersion).anyMatch(row -> wants(row, instance, caller));
    require(wanted, "rule 1: %s started %s, never wanted in its time", caller, instance);
    boolean wasInRow = table.rowsSince(0).anyMatch(row -> holds(row, instance));
    require(wasInRow, "rule 2: %s started %s by no request of the row", caller, instance);
    instance.isStale |= table.row().filter(row -> holds(row, instance)).isEmpty();
    long bought =
        cloud.instances().stream()
            .filter(other -> other.attempt.claim().equals(instance.attempt.claim()))
            .filter(other -> other.role().equals(instance.role()))
            .filter(other -> !other.isOrphan && !other.isStale)
            // A row that was put back says nothing of what was bought after that version.
            .filter(other -> other.ec2.started() > lastReset())
            .count();
    int unseen =
        table.row().flatMap(row -> row.state(instance.role())).map(LaunchState::unseen).orElse(0);
    boolean isTooMany = bought > 1 + LaunchState.MOST_REPLACED + unseen;
    require(!isTooMany, "rule 6: %s is one too many for one launch", instance);
  }

  private long lastReset() {
    int version = Math.max(forgotten ? resetAt : 0, told.rewritten);
    return version == 0 ? Long.MIN_VALUE : table.time(version);
  }

  private static boolean holds(Meeting row, SimulatedInstance instance) {
    return row.state(instance.role())
        .filter(state -> state.attempt().equals(instance.attempt))
        .isPresent();
  }

  private static boolean isToBeLaunched(Meeting row, long now) {
    return row.launchable() && !isLate(row, now) && !isEarly(row, now);
  }

  private static boolean wants(Meeting row, SimulatedInstance instance, SimulatedProcess caller) {
    return row.launchable()
        && !isLate(row, caller.start)
        && !row.instances().containsKey(instance.role());
  }

  /** Rules 1, 4 and 5, for a write that came from a delivery. */
  void written(Optional<Meeting> before, Meeting after, SimulatedProcess caller) {
    require(before.isPresent(), "rule 1: %s made a row", caller);
    before.ifPresent(row -> written(row, after, caller));
  }

  private void written(Meeting before, Meeting after, SimulatedProcess caller) {
    require(before.launchable(), "rule 4: %s wrote to a row past launching", caller);
    before
        .instances()
        .forEach((role, instance) ->
            require(
                instance.equals(after.instances().get(role))
                    || mayBeTakenOut(before, after, role, instance, caller),
                "rule 4: %s overwrote %s",
                caller,
                instance));
    after.instances().forEach((role, instance) -> recorded(before, role, instance, caller));
    RowWrite.states(after)
        .values()
        .forEach(state ->
            require(
                state.replaced() <= LaunchState.MOST_REPLACED,
                "rule 6: %s replaces once too often: %s",
                caller,
                state.attempt().token()));
    boolean launched = is(after, Status.LAUNCHED) && isComplete(after, caller.roles);
    boolean said =
        !before.status().equals(after.status())
            || after
                .launchRecord()
                .flatMap(LaunchRecord::completedBy)
                .filter(caller.toString()::equals)
                .isPresent();
    if (launched && said) {
      // Under other ROLES it may have been said before; the row keeps who said it last.
      beginAnotherLaunch();
      caller.completes();
    }
    if (isComplete(before, caller.roles) && !isComplete(after, caller.roles)) {
      beginAnotherLaunch();
    }
    if (!before.status().equals(after.status())) {
      boolean complete = isComplete(after, caller.roles);
      boolean takesOut =
          is(before, Status.LAUNCHED) && after.instances().size() < before.instances().size();
      boolean allowed =
          is(after, complete ? Status.LAUNCHED : Status.LAUNCH_FAILED)
              || (takesOut && is(after, Status.SCHEDULED));
      require(allowed, "rule 5: %s left the row as %s", caller, Describe.of(after));
    }
    require(before.meetTime().equals(after.meetTime()), "%s changed meet_time", caller);
  }

  private void recorded(Meeting before, Role role, InstanceId instance, SimulatedProcess caller) {
    if (before.instances().containsKey(role)) {
      return;
    }
    Optional<SimulatedInstance> found = cloud.instance(instance);
    boolean fits = found.filter(one -> one.role().equals(role) && one.isOfMeeting()).isPresent();
    boolean wasEnded = !forgotten && found.filter(one -> one.wasEnded).isPresent();
    boolean isTakenOut = standing.takenOut().contains(instance);
    require(!isTakenOut, "rule 7: %s recorded %s, which was taken out", caller, instance);
    require(fits, "rule 2: %s recorded %s, which is no %s", caller, instance, role);
    require(!wasEnded, "rule 2: %s recorded %s, which was ended", caller, instance);
  }

  /** Rule 4: only what EC2 or this function has ended is taken out. */
  private boolean mayBeTakenOut(
      Meeting before, Meeting after, Role role, InstanceId instance, SimulatedProcess caller) {
    boolean lost =
        cloud
            .instance(instance)
            .filter(one ->
                one.wasEnded
                    || caller.ended.contains(instance)
                    || (caller.kind == Kind.RECOVERY && one.isLost()))
            .isPresent();
    return lost
        && after.instance(role).isEmpty()
        && before
            .state(role)
            .flatMap(from -> after.state(role).filter(to -> follows(to, from)))
            .isPresent();
  }

  private static boolean follows(LaunchState to, LaunchState from) {
    return to.attempt().number() > from.attempt().number() && to.replaced() >= from.replaced();
  }

  /** Rule 5: an instance that is said to be replaced was, and the row named the others. */
  void recovered(SimulatedProcess process, InstanceId lost, Report report) {
    boolean holds =
        report.outcome() != Outcome.REPLACED
            || (!report.instances().containsValue(lost)
                && table
                    .rowsSince(process.firstVersion)
                    .anyMatch(row -> namesSame(report, row, process)));
    require(holds, "rule 5: %s answered %s, which was never so", process, report);
  }

  /** Rule 5: what the caller was told is dead is not to be recorded. */
  void willRecord(Collection<Recording> recordings, SimulatedProcess caller) {
    for (Recording recording : recordings) {
      Optional<SimulatedInstance> instance = cloud.instance(recording.instance());
      instance.ifPresent(caller.calls.held::remove);
      boolean isDead = instance.filter(caller.dead::contains).isPresent();
      require(!isDead, "rule 5: %s records the dead %s", caller, recording.instance());
    }
  }

  /** A sweep decides on what it has read just before; a delivery knows what it started. */
  void willTerminate(SimulatedInstance instance, SimulatedProcess caller) {
    caller.calls.held.remove(instance);
    boolean knowsRow =
        caller.knows(instance)
            || caller.told.contains(instance.id)
            || new MeetingId(instance.tag("MeetingID")).equals(caller.lastRead);
    require(knowsRow, "rule 2: %s terminates %s, its row not read again", caller, instance);
  }

  /** Rules 2 and 4: what the row names is not touched, and nobody else's instance ever. */
  void terminates(SimulatedInstance instance, SimulatedProcess caller, int seen, long now) {
    boolean mayEnd = standing.mayEnd(instance, caller, seen, now);
    require(mayEnd, "rule 7: %s ended %s, which no row allowed that it saw", caller, instance);
    boolean isOurs = instance.isOfMeeting() || (isEmptied && forgotten);
    require(isOurs, "rule 7: %s terminated somebody else's %s", caller, instance);
    // Nobody can know that the row was reset after it was read.
    boolean isUnwanted =
        (forgotten && seen <= resetAt)
            || !isNamed(instance)
            || (caller.kind == Kind.RECOVERY
                && (instance.wasInterrupted || instance.ec2.isStopped()));
    require(isUnwanted, "rule 2: %s terminated %s, which the row names", caller, instance);
  }

  /**
   * Rule 5: the report was true at some time while the delivery ran, and there was nothing to do.
   */
  void answered(SimulatedProcess process, Report report, long now) {
    Predicate<Meeting> done =
        row ->
            !row.launchable()
                || isLate(row, now)
                || isEarly(row, process.start)
                || (isComplete(row, process.roles) && !row.beforeLaunched());
    boolean holds =
        table
            .rowsSince(process.firstVersion)
            .anyMatch(row ->
                report.status().equals(row.status())
                    && namesSame(report, row, process)
                    && done.test(row));
    require(holds, "rule 5: %s answered %s, which was never so", process, report);
    boolean lies =
        switch (report.outcome()) {
          case LAUNCHED -> !process.completed;
          case ALREADY_LAUNCHED -> process.completedThisLaunch && !forgotten;
          default -> false;
        };
    require(!lies, "rule 5: %s says %s of who launched", process, report.outcome());
  }

  private static boolean namesSame(Report report, Meeting row, SimulatedProcess process) {
    return process.roles.stream()
        .allMatch(
            role -> row.instance(role).equals(Optional.ofNullable(report.instances().get(role))));
  }

  /**
   * Rule 2: who ends in peace leaves no instance behind that the row, as it saw it, does not name;
   * who fails may leave one to the next delivery, which gets it by the token in the row.
   */
  void ended(SimulatedProcess process) {
    Optional<Meeting> seen = table.row(process.lastSeen);
    for (SimulatedInstance instance : process.known()) {
      boolean isSettled =
          isNamed(instance, seen)
              || !instance.isAlive()
              || instance.wasProtected
              || standing.takenOut().contains(instance.id)
              || seen.flatMap(row -> row.state(instance.role()))
                  .filter(state -> state.hasRecorded(instance.id))
                  .isPresent();
      boolean isLeftToTheNext =
          seen.filter(row -> holds(row, instance)).isPresent()
              || process.couldDoNothingAbout(instance)
              || (forgotten && seen.filter(Meeting::launchable).isPresent());
      require(
          isSettled || (!process.answered() && isLeftToTheNext),
          "rule 2: %s left %s behind, and its row does not name it",
          process,
          instance);
    }
  }

  void failed(SimulatedProcess process, Throwable failure) {
    require(false, "%s broke with %s", process, failure);
  }

  /**
   * Rule 2 before the sweep: an instance that the row does not name is alive only if whoever knew
   * of it could not act; and if others put the row out of its reach, or it was started when the row
   * had already given up on its attempt.
   */
  void endBeforeSweep() {
    for (SimulatedInstance instance : live()) {
      if (isNamed(instance) || !settled.contains(instance.role())) {
        continue;
      }
      boolean isExcused = forgotten || instance.wasProtected;
      boolean isOutOfReach = table.row().filter(Meeting::launchable).isEmpty();
      boolean mayBeAlive = isExcused || isOutOfReach || instance.isStale || isPending(instance);
      require(mayBeAlive, "rule 2: %s is not in the row, and nothing came between", instance);
      boolean isUnheard =
          processes.stream()
              .filter(process -> process.knows(instance))
              .allMatch(process ->
                  process.fate() == SimulatedProcess.Fate.KILLED
                      || process.isExpired
                      || process.couldDoNothingAbout(instance));
      boolean wasNamed =
          table.rowsSince(0).anyMatch(row -> row.names(instance.role(), instance.id));
      boolean needsSweep = isExcused || instance.isOrphan || isUnheard || wasNamed;
      require(needsSweep, "rule 2: a delivery that ended in peace knew %s", instance);
    }
  }

  /** The row has no instance of the role: no delivery came through. */
  private boolean isPending(SimulatedInstance instance) {
    return table.row().filter(row -> !row.instances().containsKey(instance.role())).isPresent();
  }

  /**
   * Rules 2 and 4 once everything has come to rest. Where an operator removed the launch record
   * while an instance was alive that nobody had recorded, a launch may wait for what it no longer
   * knows.
   */
  void endAfterSweep(long now) {
    for (SimulatedInstance instance : live()) {
      boolean mustEnd =
          settled.contains(instance.role())
              && table.row().filter(row -> standing.mustEnd(row, instance, now)).isPresent();
      boolean mayYetBeNamed =
          forgotten && table.row().filter(Meeting::launchable).isPresent() && isPending(instance);
      require(
          !mustEnd || mayYetBeNamed,
          "rule %s: %s is alive, and the row is %s",
          table.row().filter(row -> !row.cancelled()).isPresent() ? 2 : 4,
          instance,
          Describe.of(table.row()));
    }
  }

  /**
   * Rule 5: what a row counts on lives, or somebody was told. A role that is not configured counts
   * for nobody.
   */
  void endTold(long now) {
    List<Role> roles =
        scenario.roles().stream()
            .filter(role -> scenario.plans().stream().allMatch(plan -> plan.roles().contains(role)))
            .toList();
    told.untold(roles, now).ifPresent(untold -> require(false, "%s", untold));
  }

  /** Rule 5: a failure says what EC2 said. */
  void failed(SimulatedProcess process, LaunchIncomplete failure, int candidates) {
    String message = String.valueOf(failure.getMessage());
    boolean hides =
        scenario.roles().stream()
            .filter(role -> process.full.getOrDefault(role, Set.of()).size() >= candidates)
            .anyMatch(role -> message.contains(role + ": OutOfTime"));
    require(!hides, "rule 5: %s fails with %s, and EC2 was full", process, message);
  }

  /** Rule 3: nothing stood in the way, so everything is launched. */
  void endLaunched(long now) {
    table
        .row()
        .filter(row -> isToBeLaunched(row, now))
        .ifPresent(row ->
            require(
                (isComplete(row, settled) && !row.beforeLaunched()) || hasLeftTooMany(row),
                "rule 3: nothing stood in the way, and the row is %s",
                Describe.of(row)));
  }

  /** Under a row that was put back, tokens are other requests'; nobody leaves more of them. */
  private boolean hasLeftTooMany(Meeting row) {
    return scenario.roles().stream()
        .flatMap(role -> row.state(role).stream())
        .anyMatch(state -> state.unseen() >= LaunchState.MOST_UNSEEN);
  }

  private List<SimulatedInstance> live() {
    return cloud.instances().stream()
        .filter(instance -> instance.isAlive() && instance.isOfMeeting())
        .toList();
  }

  private boolean isNamed(SimulatedInstance instance) {
    return isNamed(instance, table.row());
  }

  private static boolean isNamed(SimulatedInstance instance, Optional<Meeting> row) {
    return row.filter(one -> !one.cancelled() && one.names(instance.role(), instance.id))
        .isPresent();
  }

  private static boolean is(Meeting row, Status status) {
    return row.status().equals(Optional.of(status));
  }

  private static boolean isComplete(Meeting row, Set<Role> roles) {
    return row.instances().keySet().containsAll(roles);
  }

  static boolean isLate(Meeting row, long time) {
    return row.isLate(Instant.ofEpochMilli(time), Scenario.MAX_LATENESS);
  }

  static boolean isEarly(Meeting row, long time) {
    return row.isEarly(Instant.ofEpochMilli(time), Scenario.MAX_EARLINESS);
  }
}
