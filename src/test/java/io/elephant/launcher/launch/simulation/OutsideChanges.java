package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.fake.Ec2Error;
import io.elephant.launcher.fake.StartRequest.Pool;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** What others do to the row and to the instances, each thing as an {@link Outsider} says. */
final class OutsideChanges {

  /** Hears of an instance's end, as EventBridge does. */
  interface Listener {
    void ended(SimulatedInstance instance);

    void interrupted(SimulatedInstance instance);

    void stopped(SimulatedInstance instance);

    /** So many changes more, or fewer, are still to come. */
    void waits(int more);
  }

  private static final Duration NOTICE = Duration.ofMinutes(2);

  /** Whoever moves a meeting ends its instances by the ids that it has read. */
  private static final long ENDED_WITHIN = 30_000;

  /** Others read a row, and write it seconds later. */
  private static final long WRITTEN_WITHIN = 30_000;

  private static final List<String> LATER = List.of("LAUNCHED", "DNS_WRITTEN", "HEALTHY");

  private final Story story;
  private final Choices choices;
  private final Rules rules;
  private final Table table;
  private final Cloud cloud;
  private final Scheduler scheduler;
  private final MeetingId bystander;
  private final Listener listener;
  private boolean rewritten;

  OutsideChanges(
      Story story,
      Choices choices,
      Rules rules,
      Table table,
      Cloud cloud,
      Scheduler scheduler,
      MeetingId bystander,
      Listener listener) {
    this.story = story;
    this.choices = choices;
    this.rules = rules;
    this.table = table;
    this.cloud = cloud;
    this.scheduler = scheduler;
    this.bystander = bystander;
    this.listener = listener;
  }

  void act(Outsider outsider) {
    rules.disturb(scheduler.now());
    doAs(outsider);
    if (rewritten) {
      rewrite();
      rewritten = false;
    }
  }

  private void doAs(Outsider outsider) {
    switch (outsider) {
      case DELETES_THE_ROW -> table.delete();
      case CANCELS -> cancel();
      case MOVES_THE_STATUS_ON ->
          moveOn(row -> row.instances().keySet().containsAll(story.roles()));
      case MOVES_THE_STATUS_ON_ANYWAY -> later(() -> moveOn(_ -> true));
      case REMOVES_THE_LAUNCH_RECORD -> {
        forget();
        change(row ->
            new Meeting(row.id(), row.status(), row.meetTime(), row.instances(), Optional.empty()));
      }
      case RESTORES_THE_ROW, RESTORES_THE_TABLE -> restore(outsider);
      case MOVES_THE_MEETING -> moveMeeting();
      case MOVES_TO_ANOTHER_TIME -> moveToAnotherTime();
      case WRITES_A_STALE_COPY -> writeStaleCopy();
      case BOOKS_AGAIN -> {
        rewrite();
        rules.bookAgain();
        table.delete();
        story.row().ifPresent(table::put);
      }
      case COPIES_ANOTHER_ROW -> {
        forget();
        table
            .find(bystander)
            .ifPresent(other ->
                change(row ->
                    new Meeting(
                        row.id(),
                        row.status(),
                        row.meetTime(),
                        other.instances(),
                        other.launchRecord())));
      }
      case FILLS_A_POOL -> cloud.ec2().setFull(pool(), true);
      case FREES_A_POOL -> cloud.ec2().setFull(pool(), false);
      case REACHES_A_QUOTA -> cloud.ec2().setOverQuota(type(), true);
      case RAISES_A_QUOTA -> cloud.ec2().setOverQuota(type(), false);
      case TERMINATES_AN_INSTANCE -> unrecorded().ifPresent(this::lose);
      case LOSES_AN_INSTANCE -> recorded().ifPresent(this::lose);
      case ENDS_AN_INSTANCE -> recorded().ifPresent(this::end);
      case INTERRUPTS_AN_INSTANCE -> recorded().ifPresent(this::interrupt);
      case STOPS_AN_INSTANCE -> unrecorded().ifPresent(this::stop);
      case STOPS_A_RECORDED_ONE -> recorded().ifPresent(this::stop);
      case PROTECTS_AN_INSTANCE -> unrecorded().ifPresent(instance -> instance.protect(true));
      case REWRITES_A_TAG ->
          cloud.instances().forEach(instance -> instance.ec2().tag("Project", "Rewritten"));
      case EMPTIES_THE_TABLE -> {
        rewrite();
        rules.emptyTable();
        table.delete();
        table.empty();
      }
    }
  }

  private void later(Runnable change) {
    later(choices.within(WRITTEN_WITHIN), change);
  }

  private void later(long delay, Runnable change) {
    listener.waits(1);
    scheduler.at(
        scheduler.now() + delay,
        () -> {
          rules.disturb(scheduler.now());
          change.run();
          listener.waits(-1);
        });
  }

  /** The row is another from here on, and nobody can know what was taken out of it. */
  private void rewrite() {
    rewritten = true;
    rules.told().isRewritten();
    rules.standing().forgetTakenOut();
  }

  private void forget() {
    rewrite();
    rules.forgetWhatWasBegun();
  }

  private void restore(Outsider outsider) {
    rewrite();
    if (table.row().filter(Meeting::launchable).isPresent()) {
      rules.forgetWhatWasBegun();
    } else {
      rules.bookAgain();
    }
    List<Optional<Meeting>> versions = table.versionsSince(0);
    Optional<Meeting> version = versions.get(choices.pick(versions.size()));
    version.ifPresent(table::put);
    if (outsider == Outsider.RESTORES_THE_TABLE && version.isEmpty()) {
      table.delete();
    }
    rules.told().isRewritten();
  }

  /** With a condition on the status that was read, or without one. */
  private void writeStaleCopy() {
    Optional<Meeting> read = table.row();
    boolean conditional = choices.happens(50);
    later(() -> {
      Optional<Meeting> row = table.row();
      boolean same =
          row.flatMap(Meeting::status).equals(read.flatMap(Meeting::status))
              || (!conditional && row.isPresent());
      if (read.isPresent() && same) {
        forget();
        Status status = new Status(LATER.get(choices.pick(LATER.size())));
        table.put(choices.happens(50) ? read.get() : withStatus(read.get(), status));
        rules.told().isRewritten();
      }
    });
  }

  /** Who ends a meeting that was launched terminates the instances that the row names. */
  private void cancel() {
    table
        .row()
        .filter(row -> row.instances().keySet().containsAll(story.roles()))
        .ifPresent(row -> instances(row).forEach(this::end));
    Status status = new Status(choices.happens(50) ? "TERMINATED" : "CANCELLED");
    change(row -> withStatus(row, status));
  }

  private List<SimulatedInstance> instances(Meeting row) {
    return row.instances().values().stream()
        .sorted(Comparator.comparing(InstanceId::value))
        .flatMap(id -> cloud.instance(id).stream())
        .toList();
  }

  private void moveMeeting() {
    table
        .row()
        .filter(row -> row.status().equals(Optional.of(Status.LAUNCHED)))
        .filter(row -> row.instances().keySet().containsAll(story.roles()))
        .ifPresent(row -> {
          instances(row).forEach(this::end);
          takeOut(row, row.meetTime());
        });
  }

  /** Tomorrow, or a little later; the ids that were read are ended before, with or after it. */
  private void moveToAnotherTime() {
    table
        .row()
        .filter(Meeting::launchable)
        .ifPresent(row -> {
          long delay = choices.within(2 * ENDED_WITHIN) - ENDED_WITHIN;
          Optional<Instant> time =
              row.meetTime()
                  .map(meet ->
                      meet.plus(choices.happens(50) ? Duration.ofDays(1) : Duration.ofMinutes(30)));
          List<SimulatedInstance> instances = instances(row);
          Runnable ends = () -> instances.forEach(this::end);
          Runnable takesOut =
              () ->
                  table
                      .row()
                      .filter(Meeting::launchable)
                      .filter(now -> now.instances().equals(row.instances()))
                      .ifPresent(now -> takeOut(now, time));
          if (delay < 0) {
            ends.run();
            later(-delay, takesOut);
          } else {
            takesOut.run();
            later(delay, ends);
          }
        });
  }

  private void takeOut(Meeting row, Optional<Instant> time) {
    rules.moveMeeting();
    rules.told().isRewritten();
    row.instances()
        .forEach((role, id) -> row.state(role).ifPresent(_ -> rules.standing().takeOut(id)));
    table.put(
        new Meeting(row.id(), Optional.of(Status.SCHEDULED), time, Map.of(), row.launchRecord()));
    rules.told().isRewritten();
  }

  private void end(SimulatedInstance instance) {
    boolean wasAlive = instance.isAlive();
    cloud.die(instance, Cloud.ON_PURPOSE);
    if (wasAlive && (story.world().contains(World.TOLD) || choices.whichever(2) == 1)) {
      listener.ended(instance);
    }
  }

  /** It dies, of EC2's doing. */
  void lose(SimulatedInstance instance) {
    if (instance.isAlive()) {
      cloud.die(instance, new Refusal("Server.InternalError", "it died"));
      listener.ended(instance);
    }
  }

  private void stop(SimulatedInstance instance) {
    cloud.stop(
        instance,
        choices.whichever(2) == 1
            ? new Ec2Error("Server.ScheduledStop", "Stopped due to a scheduled retirement")
            : new Ec2Error("Client.UserInitiatedShutdown", "User initiated shutdown"));
    listener.stopped(instance);
  }

  private void interrupt(SimulatedInstance instance) {
    instance.isInterrupted();
    listener.interrupted(instance);
    scheduler.at(
        scheduler.now() + NOTICE.toMillis(),
        () -> {
          if (instance.isAlive()) {
            cloud.die(instance, new Refusal("Server.SpotInstanceTermination", "taken back"));
            if (story.world().contains(World.TOLD)) {
              listener.ended(instance);
            }
          }
        });
  }

  private Pool pool() {
    return story.pools().get(choices.pick(story.pools().size()));
  }

  private String type() {
    return story.types().get(choices.pick(story.types().size()));
  }

  private Optional<SimulatedInstance> recorded() {
    return any(() ->
        table.row().stream()
            .flatMap(row -> instances(row).stream())
            .filter(SimulatedInstance::isAlive)
            .toList());
  }

  /** One that is not recorded yet: what is recorded is not this function's any more. */
  private Optional<SimulatedInstance> unrecorded() {
    Predicate<SimulatedInstance> isNamed =
        instance ->
            table.row().filter(row -> row.instances().containsValue(instance.id())).isPresent();
    return any(() ->
        cloud.instances().stream()
            .filter(SimulatedInstance::isAlive)
            .filter(instance -> instance.tag("MeetingID").equals(Story.MEETING.value()))
            .filter(isNamed.negate())
            .toList());
  }

  private Optional<SimulatedInstance> any(Supplier<List<SimulatedInstance>> instances) {
    List<SimulatedInstance> all = instances.get();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(choices.pick(all.size())));
  }

  private void moveOn(Predicate<Meeting> ready) {
    change(row ->
        switch (row.status().map(Status::value).orElse("")) {
          case "LAUNCHED" -> ready.test(row) ? withStatus(row, new Status("DNS_WRITTEN")) : row;
          case "DNS_WRITTEN" -> withStatus(row, new Status("HEALTHY"));
          default -> row;
        });
  }

  private void change(UnaryOperator<Meeting> change) {
    table.change(change);
  }

  private static Meeting withStatus(Meeting row, Status status) {
    Optional<LaunchRecord> launch = row.copied().or(row::launchRecord);
    return new Meeting(row.id(), Optional.of(status), row.meetTime(), row.instances(), launch);
  }
}
