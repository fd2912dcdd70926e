package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.LaunchFailure.LaunchIncomplete;
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
  private final List<SimulatedProcess> processes = new ArrayList<>();
  private final Table table;
  private final Cloud cloud;
  private final StandingRules standing;
  private final ToldRules told;
  private boolean forgotten;
  private int resetAt;
  private boolean emptied;
  private @Nullable String broken;
  private long disturbed = Long.MIN_VALUE;
  private Set<Role> settled;

  Rules(Scenario scenario, Choices choices, LongSupplier clock) {
    this.scenario = scenario;
    this.table = new Table(this, scenario.row(), clock);
    this.cloud = new Cloud(choices, this, scenario.world(), clock);
    this.standing = new StandingRules(table, cloud);
    this.told = new ToldRules(table, cloud);
    this.settled = Set.copyOf(scenario.roles());
  }

  /** The roles that are configured from here on. */
  void settleOn(Collection<Role> roles) {
    settled = Set.copyOf(roles);
  }

  Table table() {
    return table;
  }

  Cloud cloud() {
    return cloud;
  }

  StandingRules standing() {
    return standing;
  }

  ToldRules told() {
    return told;
  }

  /** Others have changed something: who learns of it may ask more. */
  void disturb(long now) {
    disturbed = now;
  }

  boolean isDisturbed(long since) {
    return disturbed >= since;
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
        .map(SimulatedInstance::ec2)
        .filter(other -> other.started() < instance.ec2().started())
        .anyMatch(other ->
            Math.min(other.dying(), other.stopping())
                > instance.ec2().started() - Cloud.LONGEST_LAG);
  }

  void watch(SimulatedProcess process) {
    processes.add(process);
  }

  /** An operator had the launch record removed, and with it what was begun. */
  void forgetWhatWasBegun() {
    forgotten = true;
    resetAt = table.version();
  }

  /** The row was reset after it was read, which nobody can know. */
  private boolean isBehindReset(int seen) {
    return forgotten && seen <= resetAt;
  }

  /**
   * Every row was deleted. Once a row is there again, the breaker of the sweep cannot tell a few
   * deleted meetings from this.
   */
  void emptyTable() {
    emptied = true;
  }

  /** The meeting was moved, or an instance taken out: whoever completes the row now launches it. */
  void beginAnotherLaunch() {
    processes.forEach(SimulatedProcess::beginsAnotherLaunch);
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
    require(
        instance.isOfMeeting(),
        "rule 1: %s was started for a meeting that nobody asked for",
        instance.id());
    require(
        caller.roles.contains(instance.role()),
        "rule 1: %s is of a role that is not configured",
        instance.id());
    boolean wanted =
        table.versionsSince(caller.firstVersion).stream()
            .anyMatch(row -> row.filter(seen -> wants(seen, instance, caller)).isPresent());
    require(
        wanted,
        "rule 1: %s started %s although the row was never to be launched in its time",
        caller,
        instance.id());
    require(
        table.versionsSince(0).stream()
            .flatMap(Optional::stream)
            .anyMatch(row -> holds(row, instance)),
        "rule 2: %s started %s by a request that was never in the row",
        caller,
        instance.id());
    if (table.row().filter(row -> holds(row, instance)).isEmpty()) {
      instance.isOfAnAttemptThatTheRowGaveUp();
    }
    long bought =
        cloud.instances().stream()
            .filter(other -> other.attempt().claim().equals(instance.attempt().claim()))
            .filter(other -> other.role().equals(instance.role()))
            .filter(other -> !other.isOrphan() && !other.isStale())
            // A row that was put back says nothing of what was bought after that version.
            .filter(other -> other.ec2().started() > lastReset())
            .count();
    int unseen =
        table.row().flatMap(row -> row.state(instance.role())).map(LaunchState::unseen).orElse(0);
    require(
        bought <= 1 + LaunchState.MOST_REPLACED + unseen,
        "rule 6: %s is one too many for one launch",
        instance.id());
  }

  private long lastReset() {
    int version = Math.max(forgotten ? resetAt : 0, told.rewritten());
    return version == 0 ? Long.MIN_VALUE : table.time(version);
  }

  private static boolean holds(Meeting row, SimulatedInstance instance) {
    return row.state(instance.role())
        .filter(state -> state.attempt().equals(instance.attempt()))
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
    require(
        before.launchable(),
        "rule 4: %s wrote to a row that is %s",
        caller,
        before.status().map(Status::value).orElse(""));
    before
        .instances()
        .forEach((role, instance) ->
            require(
                instance.equals(after.instances().get(role))
                    || mayBeTakenOut(before, after, role, instance, caller),
                "rule 4: %s overwrote the recorded %s of %s",
                caller,
                instance,
                role));
    after.instances().forEach((role, instance) -> recorded(before, role, instance, caller));
    after
        .launchRecord()
        .ifPresent(launch ->
            launch
                .states()
                .forEach((role, state) ->
                    require(
                        state.replaced() <= LaunchState.MOST_REPLACED,
                        "rule 6: %s replaces %s again",
                        caller,
                        role)));
    boolean launched =
        after.status().equals(Optional.of(Status.LAUNCHED)) && isComplete(after, caller.roles);
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
          before.status().equals(Optional.of(Status.LAUNCHED))
              && after.instances().size() < before.instances().size();
      boolean allowed =
          after.status().equals(Optional.of(complete ? Status.LAUNCHED : Status.LAUNCH_FAILED))
              || (takesOut && after.status().equals(Optional.of(Status.SCHEDULED)));
      require(
          allowed,
          "rule 5: %s wrote the status %s into a row with the instances %s",
          caller,
          after.status(),
          Describe.of(after.instances()));
    }
    require(before.meetTime().equals(after.meetTime()), "%s changed meet_time", caller);
  }

  private void recorded(Meeting before, Role role, InstanceId instance, SimulatedProcess caller) {
    if (before.instances().containsKey(role)) {
      return;
    }
    boolean fits =
        cloud
            .instance(instance)
            .filter(found -> found.role().equals(role) && found.isOfMeeting())
            .isPresent();
    require(
        !standing.isTakenOut(instance),
        "rule 7: %s recorded %s, which was recorded once and taken out",
        caller,
        instance);
    require(fits, "rule 2: %s recorded %s, which is no %s", caller, instance, role);
    require(
        forgotten || cloud.instance(instance).filter(SimulatedInstance::wasEnded).isEmpty(),
        "rule 2: %s recorded %s, which a delivery had ended",
        caller,
        instance);
  }

  /** Rule 4: only what EC2 or this function has ended is taken out. */
  private boolean mayBeTakenOut(
      Meeting before, Meeting after, Role role, InstanceId instance, SimulatedProcess caller) {
    boolean lost =
        cloud
            .instance(instance)
            .filter(one ->
                one.wasEnded()
                    || caller.hasEnded(instance)
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
    require(
        report.outcome() != Outcome.REPLACED
            || (!report.instances().containsValue(lost)
                && table.versionsSince(process.firstVersion).stream()
                    .flatMap(Optional::stream)
                    .anyMatch(row -> namesSame(report, row, process))),
        "rule 5: %s answered %s, which was never so",
        process,
        report);
  }

  /** Rule 5: what the caller was told is dead is not to be recorded. */
  void willRecord(Collection<Recording> recordings, SimulatedProcess caller) {
    for (Recording recording : recordings) {
      InstanceId instance = recording.instance();
      cloud.instance(instance).ifPresent(caller.calls::settles);
      require(
          cloud.instance(instance).filter(caller::knowsToBeDead).isEmpty(),
          "rule 5: %s records %s, of which it was told that it is dead",
          caller,
          instance);
    }
  }

  /** A sweep decides on what it has read just before; a delivery knows what it started. */
  void willTerminate(SimulatedInstance instance, SimulatedProcess caller) {
    caller.calls.settles(instance);
    require(
        caller.mayTerminate(instance)
            || caller.hasJustRead(new MeetingId(instance.tag("MeetingID"))),
        "rule 2: %s terminates %s without having read its row again",
        caller,
        instance.id());
  }

  /** Rules 2 and 4: what the row names is not touched, and nobody else's instance ever. */
  void terminates(SimulatedInstance instance, SimulatedProcess caller, int seen, long now) {
    require(
        standing.mayEnd(instance, caller, seen, now),
        "rule 7: %s ended %s, which works, and no row that it has seen says that it may",
        caller,
        instance.id());
    require(
        instance.isOfMeeting() || (emptied && forgotten),
        "rule 7: %s terminated somebody else's %s",
        caller,
        instance.id());
    require(
        isBehindReset(seen)
            || !isNamed(instance)
            || (caller.kind == Kind.RECOVERY
                && (instance.wasInterrupted() || instance.isStopped())),
        "rule 2: %s terminated %s, which the row names",
        caller,
        instance.id());
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
        table.versionsSince(process.firstVersion).stream()
            .flatMap(Optional::stream)
            .anyMatch(row ->
                report.status().equals(row.status())
                    && namesSame(report, row, process)
                    && done.test(row));
    require(holds, "rule 5: %s answered %s, which was never so", process, report);
    require(
        report.outcome() != Outcome.LAUNCHED || process.completed(),
        "rule 5: %s says that it launched, and another did",
        process);
    require(
        report.outcome() != Outcome.ALREADY_LAUNCHED || !process.completedThisLaunch() || forgotten,
        "rule 5: %s launched, and says that another did",
        process);
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
    Optional<Meeting> seen = table.versionsSince(process.lastSeen()).getFirst();
    for (SimulatedInstance instance : process.known()) {
      require(
          isNamed(instance, seen)
              || !instance.isAlive()
              || instance.wasProtected()
              || standing.isTakenOut(instance.id())
              || seen.flatMap(row -> row.state(instance.role()))
                  .filter(state -> state.hasRecorded(instance.id()))
                  .isPresent()
              || (!process.answered() && seen.filter(row -> holds(row, instance)).isPresent())
              || (!process.answered() && process.couldDoNothingAbout(instance))
              || (!process.answered() && forgotten && seen.filter(Meeting::launchable).isPresent()),
          "rule 2: %s ended and left %s behind, which the row that it saw does not name",
          process,
          instance.id());
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
      Optional<Meeting> row = table.row();
      boolean outOfReach = row.filter(Meeting::launchable).isEmpty();
      require(
          outOfReach
              || forgotten
              || instance.wasProtected()
              || instance.isStale()
              || isPending(instance, row),
          "rule 2: %s is alive and not in the row, and nothing came between",
          instance.id());
      boolean unheard =
          processes.stream()
              .filter(process -> process.knows(instance))
              .allMatch(process ->
                  process.fate() == SimulatedProcess.Fate.KILLED
                      || process.credentialsAreExpired()
                      || process.couldDoNothingAbout(instance));
      require(
          instance.isOrphan()
              || instance.wasProtected()
              || forgotten
              || unheard
              || wasNamed(instance),
          "rule 2: %s needs the sweep although a delivery that ended in peace knew it",
          instance.id());
    }
  }

  /** The row still waits for it: no delivery came through. */
  private boolean isPending(SimulatedInstance instance, Optional<Meeting> row) {
    return row.filter(seen -> !seen.instances().containsKey(instance.role())).isPresent();
  }

  private boolean mayYetBeNamed(SimulatedInstance instance) {
    return table
        .row()
        .filter(Meeting::launchable)
        .filter(row -> isPending(instance, Optional.of(row)))
        .isPresent();
  }

  private boolean wasNamed(SimulatedInstance instance) {
    return table.versionsSince(0).stream()
        .flatMap(Optional::stream)
        .anyMatch(row -> row.names(instance.role(), instance.id()));
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
      require(
          !mustEnd || (forgotten && mayYetBeNamed(instance)),
          "rule %s: %s is alive, and the row is %s",
          table.row().filter(row -> !row.cancelled()).isPresent() ? 2 : 4,
          instance.id(),
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
    require(
        !String.valueOf(failure.getMessage()).contains("OutOfTime")
            || scenario.roles().stream()
                .noneMatch(role ->
                    String.valueOf(failure.getMessage()).contains(role + ": OutOfTime")
                        && process.full(role).size() >= candidates),
        "rule 5: %s fails with %s, and EC2 was full",
        process,
        failure.getMessage());
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
    return row.filter(one -> !one.cancelled() && one.names(instance.role(), instance.id()))
        .isPresent();
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
