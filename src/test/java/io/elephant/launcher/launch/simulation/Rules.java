package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.LaunchFailure.LaunchIncomplete;
import io.elephant.launcher.fake.RowWrite;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.launch.Outcome;
import io.elephant.launcher.launch.Report;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What must always hold, watched at every effect and at the end of a run. The numbers are those of
 * the design's rules.
 */
final class Rules {

  private final Story story;
  private final List<SimulatedProcess> processes = new ArrayList<>();
  private @Nullable Table table;
  private @Nullable Cloud cloud;
  private boolean forgotten;
  private boolean bookedAgain;
  private int resetAt;
  private boolean emptied;
  private @Nullable String broken;
  private @Nullable StandingRules standing;
  private @Nullable ToldRules told;
  private long disturbed = Long.MIN_VALUE;
  private Set<Role> settled;

  Rules(Story story) {
    this.story = story;
    this.settled = Set.copyOf(story.roles());
  }

  /** The roles that are configured from here on. */
  void settleOn(Collection<Role> roles) {
    settled = Set.copyOf(roles);
  }

  void watch(Table watchedTable, Cloud watchedCloud) {
    table = watchedTable;
    cloud = watchedCloud;
    standing = new StandingRules(watchedTable, watchedCloud);
    told = new ToldRules(watchedTable, watchedCloud);
  }

  StandingRules standing() {
    return Objects.requireNonNull(standing);
  }

  ToldRules told() {
    return Objects.requireNonNull(told);
  }

  private boolean demands(World part) {
    return story.world().contains(part);
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
    return table()
            .row()
            .filter(row ->
                launchable(row)
                    && !isLate(row, now)
                    && !isEarly(row, now)
                    && !row.instances().containsKey(role(instance))
                    && holds(row, instance))
            .isPresent()
        && instance.works()
        && !hasOlder(instance);
  }

  /** One of the role ran when it was started: whoever has seen that must see it twice. */
  private boolean hasOlder(SimulatedInstance instance) {
    return cloud().instances().stream()
        .filter(other -> other.tag("MeetingID").equals(instance.tag("MeetingID")))
        .filter(other -> other.tag("Role").equals(instance.tag("Role")))
        .map(SimulatedInstance::ec2)
        .filter(other -> other.started() < instance.ec2().started())
        .anyMatch(other ->
            Math.min(other.dying(), other.stopping())
                > instance.ec2().started() - Cloud.LONGEST_LAG);
  }

  /** The process is about to record the instance, or to end it. */
  void settles(InstanceId instance, SimulatedProcess caller) {
    cloud().instance(instance).ifPresent(caller.calls()::settles);
  }

  private Table table() {
    return Objects.requireNonNull(table);
  }

  private Cloud cloud() {
    return Objects.requireNonNull(cloud);
  }

  void watch(SimulatedProcess process) {
    processes.add(process);
  }

  /** An operator had the launch record removed, and with it what was begun. */
  void forgetWhatWasBegun() {
    forgotten = true;
    resetAt = table().version();
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

  /** The meeting was moved after its launch: the next one is another. */
  void moveMeeting() {
    processes.forEach(SimulatedProcess::beginsAnotherLaunch);
  }

  /** The row was deleted and made anew, so its tokens are used a second time. */
  void bookAgain() {
    bookedAgain = true;
    forgetWhatWasBegun();
  }

  Optional<String> broken() {
    return Optional.ofNullable(broken);
  }

  boolean areKept() {
    return broken == null;
  }

  void require(boolean kept, Supplier<String> message) {
    if (!kept && broken == null) {
      broken = message.get();
    }
  }

  /** Rule 1. */
  void started(SimulatedInstance instance, SimulatedProcess caller) {
    require(
        instance.tag("MeetingID").equals(Story.MEETING.value()),
        () ->
            "rule 1: %s was started for a meeting that nobody asked for".formatted(instance.id()));
    require(
        caller.roles().contains(role(instance)),
        () -> "rule 1: %s is of a role that is not configured".formatted(instance.id()));
    boolean wanted =
        table().versionsSince(caller.firstVersion()).stream()
            .anyMatch(row -> row.filter(seen -> wants(seen, instance, caller)).isPresent());
    require(
        wanted,
        () ->
            "rule 1: %s started %s although the row was never to be launched in its time"
                .formatted(caller, instance.id()));
    require(
        table().versionsSince(0).stream()
            .flatMap(Optional::stream)
            .anyMatch(row -> holds(row, instance)),
        () ->
            "rule 2: %s started %s by a request that was never in the row"
                .formatted(caller, instance.id()));
    if (table().row().filter(row -> holds(row, instance)).isEmpty()) {
      instance.isOfAnAttemptThatTheRowGaveUp();
    }
    long bought =
        cloud().instances().stream()
            .filter(other -> other.attempt().claim().equals(instance.attempt().claim()))
            .filter(other -> other.tag("Role").equals(instance.tag("Role")))
            .filter(other -> !other.isOrphan() && !other.isStale())
            // A row that was put back says nothing of what was bought after that version.
            .filter(other -> other.ec2().started() > lastReset())
            .count();
    int unseen =
        table().row().flatMap(row -> row.state(role(instance))).map(LaunchState::unseen).orElse(0);
    require(
        bought <= 1 + LaunchState.MOST_REPLACED + unseen,
        () -> "rule 6: %s is one too many for one launch".formatted(instance.id()));
  }

  private long lastReset() {
    int version = Math.max(forgotten ? resetAt : 0, told().rewritten());
    return version == 0 ? Long.MIN_VALUE : table().time(version);
  }

  private static boolean holds(Meeting row, SimulatedInstance instance) {
    return row.launchRecord()
        .map(launch -> launch.states().get(role(instance)))
        .filter(page -> page.attempt().equals(instance.attempt()))
        .isPresent();
  }

  private boolean wants(Meeting row, SimulatedInstance instance, SimulatedProcess caller) {
    return launchable(row)
        && !isLate(row, caller.start())
        && !row.instances().containsKey(role(instance));
  }

  /** Rules 1, 4 and 5, for a write that came from a delivery. */
  void written(Optional<Meeting> before, Meeting after, SimulatedProcess caller) {
    require(before.isPresent(), () -> "rule 1: %s made a row".formatted(caller));
    before.ifPresent(row -> written(row, after, caller));
  }

  private void written(Meeting before, Meeting after, SimulatedProcess caller) {
    require(
        launchable(before),
        () ->
            "rule 4: %s wrote to a row that is %s"
                .formatted(caller, before.status().map(Status::value).orElse("")));
    before
        .instances()
        .forEach((role, instance) ->
            require(
                instance.equals(after.instances().get(role))
                    || mayBeTakenOut(before, after, role, instance, caller),
                () ->
                    "rule 4: %s overwrote the recorded %s of %s"
                        .formatted(caller, instance, role)));
    after.instances().forEach((role, instance) -> recorded(before, role, instance, caller));
    after
        .launchRecord()
        .ifPresent(launch ->
            launch
                .states()
                .forEach((role, state) ->
                    require(
                        state.replaced() <= LaunchState.MOST_REPLACED,
                        () -> "rule 6: %s replaces %s again".formatted(caller, role))));
    boolean launched =
        after.status().equals(Optional.of(Status.LAUNCHED)) && isComplete(after, caller.roles());
    boolean said =
        !before.status().equals(after.status())
            || after
                .launchRecord()
                .flatMap(LaunchRecord::completedBy)
                .filter(caller.toString()::equals)
                .isPresent();
    if (launched && said) {
      // Under other ROLES it may have been said before; the row keeps who said it last.
      processes.forEach(SimulatedProcess::beginsAnotherLaunch);
      caller.completes();
    }
    if (isComplete(before, caller.roles()) && !isComplete(after, caller.roles())) {
      // A recovery took a lost instance out: whoever completes it now has launched it.
      processes.forEach(SimulatedProcess::beginsAnotherLaunch);
    }
    if (!before.status().equals(after.status())) {
      boolean complete = isComplete(after, caller.roles());
      boolean takesOut =
          before.status().equals(Optional.of(Status.LAUNCHED))
              && after.instances().size() < before.instances().size();
      boolean allowed =
          after.status().equals(Optional.of(complete ? Status.LAUNCHED : Status.LAUNCH_FAILED))
              || (takesOut && after.status().equals(Optional.of(Status.SCHEDULED)));
      require(
          allowed,
          () ->
              "rule 5: %s wrote the status %s into a row with the instances %s"
                  .formatted(caller, after.status(), Describe.of(after.instances())));
    }
    require(
        before.meetTime().equals(after.meetTime()), () -> "%s changed meet_time".formatted(caller));
  }

  private void recorded(Meeting before, Role role, InstanceId instance, SimulatedProcess caller) {
    if (before.instances().containsKey(role)) {
      return;
    }
    boolean fits =
        cloud()
            .instance(instance)
            .filter(found ->
                found.tag("Role").equals(role.value())
                    && found.tag("MeetingID").equals(Story.MEETING.value()))
            .isPresent();
    if (demands(World.TAKEN_OUT)) {
      require(
          !standing().isTakenOut(instance),
          () ->
              "rule 7: %s recorded %s, which was recorded once and taken out"
                  .formatted(caller, instance));
    }
    require(fits, () -> "rule 2: %s recorded %s, which is no %s".formatted(caller, instance, role));
    require(
        bookedAgain
            || forgotten
            || isBehindReset(caller.lastSeen())
            || cloud().instance(instance).filter(SimulatedInstance::wasEnded).isEmpty(),
        () -> "rule 2: %s recorded %s, which a delivery had ended".formatted(caller, instance));
  }

  /** Rule 4: only what EC2 or this function has ended is taken out. */
  private boolean mayBeTakenOut(
      Meeting before, Meeting after, Role role, InstanceId instance, SimulatedProcess caller) {
    LaunchState from = RowWrite.states(before).get(role);
    LaunchState to = RowWrite.states(after).get(role);
    boolean lost =
        cloud()
            .instance(instance)
            .filter(one ->
                one.wasEnded()
                    || caller.hasEnded(instance)
                    || (caller.isRecovery() && one.isLost()))
            .isPresent();
    return lost
        && !after.instances().containsKey(role)
        && from != null
        && to != null
        && to.attempt().number() > from.attempt().number()
        && to.replaced() >= from.replaced();
  }

  /** Rule 5: an instance that is said to be replaced was, and the row named the others. */
  void recovered(SimulatedProcess process, InstanceId lost, Report report) {
    require(
        report.outcome() != Outcome.REPLACED
            || (!report.instances().containsValue(lost)
                && table().versionsSince(process.firstVersion()).stream()
                    .flatMap(Optional::stream)
                    .anyMatch(row -> namesSame(report, row, process))),
        () -> "rule 5: %s answered %s, which was never so".formatted(process, report));
  }

  /** Once nothing stands in the way, no row counts on an instance that EC2 has ended. */
  void endRecovered(long now) {
    table()
        .row()
        .filter(row -> launchable(row) && !isLate(row, now))
        .ifPresent(row ->
            row.instances()
                .forEach((role, id) ->
                    require(
                        !settled.contains(role)
                            || Optional.ofNullable(RowWrite.states(row).get(role))
                                .filter(LaunchState::mayReplace)
                                .isEmpty()
                            || cloud()
                                .instance(id)
                                .filter(
                                    instance -> instance.isLost() && !instance.isShownAlive(now))
                                .isEmpty(),
                        () -> "recovery: the row still names %s, which is dead".formatted(id))));
  }

  /** Rule 5: what the caller was told is dead is not to be recorded. */
  void willRecord(Collection<InstanceId> instances, SimulatedProcess caller) {
    for (InstanceId instance : instances) {
      require(
          cloud().instance(instance).filter(caller::knowsToBeDead).isEmpty(),
          () ->
              "rule 5: %s records %s, of which it was told that it is dead"
                  .formatted(caller, instance));
    }
  }

  /** A sweep decides on what it has read just before; a delivery knows what it started. */
  void willTerminate(SimulatedInstance instance, SimulatedProcess caller) {
    require(
        caller.mayTerminate(instance)
            || caller.hasJustRead(new MeetingId(instance.tag("MeetingID"))),
        () ->
            "rule 2: %s terminates %s without having read its row again"
                .formatted(caller, instance.id()));
  }

  /** Rules 2 and 4: what the row names is not touched, and nobody else's instance ever. */
  void terminates(SimulatedInstance instance, SimulatedProcess caller, int seen, long now) {
    if (demands(World.EVIDENCE)) {
      require(
          standing().mayEnd(instance, caller, seen, now),
          () ->
              "rule 7: %s ended %s, which works, and no row that it has seen says that it may"
                  .formatted(caller, instance.id()));
    }
    require(
        instance.tag("MeetingID").equals(Story.MEETING.value()) || (emptied && forgotten),
        () -> "rule 7: %s terminated somebody else's %s".formatted(caller, instance.id()));
    require(
        isBehindReset(seen)
            || !isNamed(instance)
            || (caller.isRecovery() && (instance.wasInterrupted() || instance.isStopped())),
        () -> "rule 2: %s terminated %s, which the row names".formatted(caller, instance.id()));
  }

  /**
   * Rule 5: the report was true at some time while the delivery ran, and there was nothing to do.
   */
  void answered(SimulatedProcess process, Report report, long now) {
    Predicate<Meeting> done =
        row ->
            !launchable(row)
                || isLate(row, now)
                || isEarly(row, process.start())
                || (isComplete(row, process.roles()) && !isBefore(row));
    boolean holds =
        table().versionsSince(process.firstVersion()).stream()
            .flatMap(Optional::stream)
            .anyMatch(row ->
                report.status().equals(row.status())
                    && namesSame(report, row, process)
                    && done.test(row));
    require(holds, () -> "rule 5: %s answered %s, which was never so".formatted(process, report));
    require(
        report.outcome() != Outcome.LAUNCHED || process.completed(),
        () -> "rule 5: %s says that it launched, and another did".formatted(process));
    require(
        report.outcome() != Outcome.ALREADY_LAUNCHED || !process.completedThisLaunch() || forgotten,
        () -> "rule 5: %s launched, and says that another did".formatted(process));
  }

  private static boolean namesSame(Report report, Meeting row, SimulatedProcess process) {
    return process.roles().stream()
        .allMatch(
            role -> row.instance(role).equals(Optional.ofNullable(report.instances().get(role))));
  }

  /**
   * Rule 2: who ends in peace leaves no instance behind that the row, as it saw it, does not name;
   * who fails may leave one to the next delivery, which gets it by the token in the row.
   */
  void ended(SimulatedProcess process) {
    Optional<Meeting> seen = table().versionsSince(process.lastSeen()).getFirst();
    for (SimulatedInstance instance : process.known()) {
      boolean named =
          seen.filter(row -> !isCancelled(row))
              .map(row -> row.instances().get(role(instance)))
              .filter(instance.id()::equals)
              .isPresent();
      require(
          named
              || !instance.isAlive()
              || instance.wasProtected()
              || standing().isTakenOut(instance.id())
              || seen.flatMap(row -> row.state(role(instance)))
                  .filter(state -> state.hasRecorded(instance.id()))
                  .isPresent()
              || (!process.answered() && seen.filter(row -> holds(row, instance)).isPresent())
              || (!process.answered() && process.couldDoNothingAbout(instance))
              || (!process.answered() && forgotten && seen.filter(Rules::launchable).isPresent()),
          () ->
              "rule 2: %s ended and left %s behind, which the row that it saw does not name"
                  .formatted(process, instance.id()));
    }
  }

  void failed(SimulatedProcess process, Throwable failure) {
    require(false, () -> "%s broke with %s".formatted(process, failure));
  }

  /**
   * Rule 2 before the sweep: an instance that the row does not name is alive only if whoever knew
   * of it could not act; and if others put the row out of its reach, or it was started when the row
   * had already given up on its attempt.
   */
  void endBeforeSweep() {
    for (SimulatedInstance instance : live()) {
      if (isNamed(instance) || !settled.contains(role(instance))) {
        continue;
      }
      Optional<Meeting> row = table().row();
      boolean outOfReach = row.filter(Rules::launchable).isEmpty();
      require(
          outOfReach
              || forgotten
              || instance.wasProtected()
              || instance.isStale()
              || isPending(instance, row),
          () ->
              "rule 2: %s is alive and not in the row, and nothing came between"
                  .formatted(instance.id()));
      boolean recordedOnce =
          row.filter(seen -> instance.id().equals(seen.instances().get(role(instance))))
              .isPresent();
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
              || recordedOnce
              || wasNamed(instance),
          () ->
              "rule 2: %s needs the sweep although a delivery that ended in peace knew it"
                  .formatted(instance.id()));
    }
  }

  /** The row still waits for it: no delivery came through. */
  private boolean isPending(SimulatedInstance instance, Optional<Meeting> row) {
    return row.filter(seen -> !seen.instances().containsKey(role(instance))).isPresent();
  }

  private boolean mayYetBeNamed(SimulatedInstance instance) {
    return table()
        .row()
        .filter(Rules::launchable)
        .filter(row -> isPending(instance, Optional.of(row)))
        .isPresent();
  }

  private boolean wasNamed(SimulatedInstance instance) {
    return table().versionsSince(0).stream()
        .flatMap(Optional::stream)
        .anyMatch(row -> instance.id().equals(row.instances().get(role(instance))));
  }

  /**
   * Rules 2 and 4 once everything has come to rest. Where an operator removed the launch record
   * while an instance was alive that nobody had recorded, a launch may wait for what it no longer
   * knows.
   */
  void endAfterSweep(long now) {
    for (SimulatedInstance instance : live()) {
      require(
          isNamed(instance)
              || !settled.contains(role(instance))
              || (demands(World.EVIDENCE)
                  && table().row().filter(row -> standing().mustEnd(row, instance, now)).isEmpty())
              || (forgotten && mayYetBeNamed(instance))
              || (emptied && table().row().isEmpty()),
          () ->
              "rule %s: %s is alive, and the row is %s"
                  .formatted(
                      table().row().filter(row -> !isCancelled(row)).isPresent() ? 2 : 4,
                      instance.id(),
                      Describe.of(table().row())));
    }
  }

  /** Rule 5: what a row counts on lives, or somebody was told. */
  void endTold(long now) {
    told().untold(story.roles(), now).ifPresent(untold -> require(false, () -> untold));
  }

  /** Rule 5: a failure says what EC2 said. */
  void failed(SimulatedProcess process, LaunchIncomplete failure, int candidates) {
    require(
        !demands(World.REASON)
            || !String.valueOf(failure.getMessage()).contains("OutOfTime")
            || story.roles().stream()
                .noneMatch(role ->
                    String.valueOf(failure.getMessage()).contains(role + ": OutOfTime")
                        && process.full(role).size() >= candidates),
        () ->
            "rule 5: %s fails with %s, and EC2 was full".formatted(process, failure.getMessage()));
  }

  /** Rule 3: nothing stood in the way, so everything is launched. */
  void endLaunched(long now) {
    table()
        .row()
        .filter(row -> launchable(row) && !isLate(row, now) && !isEarly(row, now))
        .ifPresent(row ->
            require(
                (isComplete(row, settled) && !isBefore(row)) || hasLeftTooMany(row),
                () ->
                    "rule 3: nothing stood in the way, and the row is %s"
                        .formatted(Describe.of(row))));
  }

  /** Under a row that was put back, tokens are other requests'; nobody leaves more of them. */
  private boolean hasLeftTooMany(Meeting row) {
    return story.roles().stream()
        .flatMap(role -> row.state(role).stream())
        .anyMatch(state -> state.unseen() >= LaunchState.MOST_UNSEEN);
  }

  private List<SimulatedInstance> live() {
    return cloud().instances().stream()
        .filter(instance -> instance.isAlive())
        .filter(instance -> instance.tag("MeetingID").equals(Story.MEETING.value()))
        .toList();
  }

  private boolean isNamed(SimulatedInstance instance) {
    return table()
        .row()
        .filter(row -> !isCancelled(row))
        .map(row -> row.instances().get(role(instance)))
        .filter(instance.id()::equals)
        .isPresent();
  }

  private static Role role(SimulatedInstance instance) {
    return new Role(instance.tag("Role"));
  }

  private static boolean isComplete(Meeting row, Set<Role> roles) {
    return row.instances().keySet().containsAll(roles);
  }

  private static boolean isBefore(Meeting row) {
    return row.status().map(Status.BEFORE_LAUNCHED::contains).orElse(true);
  }

  private static boolean launchable(Meeting row) {
    return row.status().map(Status.LAUNCHABLE::contains).orElse(true);
  }

  private static boolean isCancelled(Meeting row) {
    return row.cancelled();
  }

  static boolean isLate(Meeting row, long time) {
    return row.meetTime()
        .filter(meet -> !Instant.ofEpochMilli(time).isBefore(meet.plus(Story.MAX_LATENESS)))
        .isPresent();
  }

  static boolean isEarly(Meeting row, long time) {
    return row.meetTime()
        .filter(meet -> Instant.ofEpochMilli(time).isBefore(meet.minus(Story.MAX_EARLINESS)))
        .isPresent();
  }
}
