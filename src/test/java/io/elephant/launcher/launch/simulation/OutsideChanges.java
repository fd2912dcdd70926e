package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.fake.Ec2Model;
import io.elephant.launcher.fake.RowWrite;
import io.elephant.launcher.fake.StartRequest.Pool;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.launch.Notice;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Makes each {@link OutsideChange}. */
record OutsideChanges(
    Scenario scenario, Choices choices, Rules rules, Scheduler scheduler, Simulation simulation) {

  /** In milliseconds, as every time here. */
  private static final long NOTICE = 120_000;

  /** Whoever moves a meeting ends its instances by the ids that it has read. */
  private static final long ENDED_WITHIN = 30_000;

  /** Others read a row, and write it seconds later. */
  private static final long WRITTEN_WITHIN = 30_000;

  private static final List<String> LATER = List.of("LAUNCHED", "DNS_WRITTEN", "HEALTHY");

  Table table() {
    return rules.table;
  }

  void make(OutsideChange change) {
    rules.disturbed = scheduler.now();
    change.change.accept(this);
  }

  private void later(long delay, Runnable change) {
    simulation.waits(1);
    scheduler.at(
        scheduler.now() + delay,
        () -> {
          rules.disturbed = scheduler.now();
          change.run();
          simulation.waits(-1);
        });
  }

  /** The row is another from here on, and nobody can know what was taken out of it. */
  private void rewrite(Runnable change) {
    change.run();
    rules.told.rewritten = table().version();
    rules.standing.takenOut().clear();
  }

  /** The row forgets, too, what was begun. */
  private void forget(Runnable change) {
    rules.forgetWhatWasBegun();
    rewrite(change);
  }

  void removeLaunchRecord() {
    forget(() -> table().change(row -> withRecordOf(row, Optional.empty())));
  }

  void copyAnotherRow() {
    forget(() ->
        table()
            .find(Scenario.OTHER_MEETING)
            .ifPresent(other -> table().change(row -> withRecordOf(row, Optional.of(other)))));
  }

  private static Meeting withRecordOf(Meeting row, Optional<Meeting> other) {
    return new Meeting(
        row.id(),
        row.status(),
        row.meetTime(),
        other.map(Meeting::instances).orElse(row.instances()),
        other.flatMap(Meeting::launchRecord));
  }

  void bookAgain() {
    forget(() -> {
      table().delete();
      scenario.row().ifPresent(table()::put);
    });
  }

  void emptyTable() {
    rewrite(() -> {
      rules.isEmptied = true;
      table().delete();
      table().others.clear();
    });
  }

  void restore(boolean wholeTable) {
    List<Optional<Meeting>> versions = table().versionsSince(0);
    Optional<Meeting> version = versions.get(choices.pick(versions.size()));
    forget(() -> {
      version.ifPresent(table()::put);
      if (wholeTable && version.isEmpty()) {
        table().delete();
      }
    });
  }

  /** With a condition on the status that was read, or without one. */
  void writeStaleCopy() {
    Optional<Meeting> read = table().row();
    boolean conditional = choices.happens(50);
    later(
        choices.within(WRITTEN_WITHIN),
        () -> {
          Optional<Meeting> row = table().row();
          boolean same =
              row.flatMap(Meeting::status).equals(read.flatMap(Meeting::status))
                  || (!conditional && row.isPresent());
          if (read.isPresent() && same) {
            Status status = new Status(LATER.get(choices.pick(LATER.size())));
            Meeting copy = choices.happens(50) ? read.get() : RowWrite.with(read.get(), status);
            forget(() -> table().put(copy));
          }
        });
  }

  /** Who ends a meeting that was launched terminates the instances that the row names. */
  void cancel() {
    table().row().filter(this::isComplete).ifPresent(row -> instances(row).forEach(this::end));
    Status status = new Status(choices.happens(50) ? "TERMINATED" : "CANCELLED");
    table().change(row -> RowWrite.with(row, status));
  }

  private boolean isComplete(Meeting row) {
    return row.missing(scenario.roles()).isEmpty();
  }

  private Stream<SimulatedInstance> instances(Meeting row) {
    return row.instances().values().stream()
        .sorted(Comparator.comparing(InstanceId::value))
        .flatMap(id -> rules.cloud.instance(id).stream());
  }

  void moveMeeting() {
    table()
        .row()
        .filter(row -> row.status().equals(Optional.of(Status.LAUNCHED)) && isComplete(row))
        .ifPresent(row -> {
          instances(row).forEach(this::end);
          takeOut(row, row.meetTime());
        });
  }

  /** Tomorrow, or a little later; the ids that were read are ended before, with or after it. */
  void moveToAnotherTime() {
    table()
        .row()
        .filter(Meeting::launchable)
        .ifPresent(row -> {
          long delay = choices.within(2 * ENDED_WITHIN) - ENDED_WITHIN;
          Duration by = choices.happens(50) ? Duration.ofDays(1) : Duration.ofMinutes(30);
          Optional<Instant> time = row.meetTime().map(meet -> meet.plus(by));
          List<SimulatedInstance> instances = instances(row).toList();
          Runnable ends = () -> instances.forEach(this::end);
          Runnable takesOut =
              () ->
                  table()
                      .row()
                      .filter(Meeting::launchable)
                      .filter(now -> now.instances().equals(row.instances()))
                      .ifPresent(now -> takeOut(now, time));
          (delay < 0 ? ends : takesOut).run();
          later(Math.abs(delay), delay < 0 ? takesOut : ends);
        });
  }

  private void takeOut(Meeting row, Optional<Instant> time) {
    rules.beginAnotherLaunch();
    row.instances()
        .forEach((role, id) -> row.state(role).ifPresent(_ -> rules.standing.takenOut().add(id)));
    table()
        .put(
            new Meeting(
                row.id(), Optional.of(Status.SCHEDULED), time, Map.of(), row.launchRecord()));
    rules.told.rewritten = table().version();
  }

  void moveStatusOn() {
    moveStatusOn(this::isComplete);
  }

  void moveStatusOnLater() {
    later(choices.within(WRITTEN_WITHIN), () -> moveStatusOn(_ -> true));
  }

  private void moveStatusOn(Predicate<Meeting> ready) {
    table()
        .change(row ->
            switch (row.status().map(Status::value).orElse("")) {
              case "LAUNCHED" ->
                  ready.test(row) ? RowWrite.with(row, new Status("DNS_WRITTEN")) : row;
              case "DNS_WRITTEN" -> RowWrite.with(row, new Status("HEALTHY"));
              default -> row;
            });
  }

  void end(SimulatedInstance instance) {
    die(instance, Ec2Model.USER);
  }

  /** It dies, of EC2's doing. */
  void lose(SimulatedInstance instance) {
    die(instance, new Refusal("Server.InternalError", "it died"));
  }

  private void die(SimulatedInstance instance, Refusal why) {
    if (instance.isAlive()) {
      rules.cloud.die(instance, why);
      simulation.tell(instance, Notice.Kind.ENDED);
    }
  }

  void stop(SimulatedInstance instance) {
    rules.cloud.stop(
        instance,
        choices.happens(50)
            ? new Refusal("Server.ScheduledStop", "Stopped due to a scheduled retirement")
            : Ec2Model.USER);
    simulation.tell(instance, Notice.Kind.STOPPED);
  }

  void interrupt(SimulatedInstance instance) {
    instance.wasInterrupted = true;
    simulation.tell(instance, Notice.Kind.INTERRUPTED);
    Refusal why = new Refusal("Server.SpotInstanceTermination", "taken back");
    scheduler.at(scheduler.now() + NOTICE, () -> die(instance, why));
  }

  void rewriteTag() {
    rules.cloud.instances().forEach(instance -> instance.ec2.tag("Project", "Rewritten"));
  }

  void setFull(boolean isFull) {
    List<Pool> pools = Scenario.pools();
    rules.cloud.ec2.setFull(pools.get(choices.pick(pools.size())), isFull);
  }

  void setOverQuota(boolean isOver) {
    List<String> types = Scenario.TYPES;
    rules.cloud.ec2.setOverQuota(types.get(choices.pick(types.size())), isOver);
  }

  /** One that the row names. */
  Optional<SimulatedInstance> recorded() {
    return any(table().row().stream().flatMap(this::instances));
  }

  /** One that is not recorded yet: what is recorded is not this function's any more. */
  Optional<SimulatedInstance> unrecorded() {
    return any(
        rules.cloud.instances().stream()
            .filter(SimulatedInstance::isOfMeeting)
            .filter(one ->
                table().row().filter(row -> row.instances().containsValue(one.id)).isEmpty()));
  }

  private Optional<SimulatedInstance> any(Stream<SimulatedInstance> instances) {
    List<SimulatedInstance> alive = instances.filter(SimulatedInstance::isAlive).toList();
    return alive.isEmpty() ? Optional.empty() : Optional.of(alive.get(choices.pick(alive.size())));
  }
}
