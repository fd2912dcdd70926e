package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.fake.Ec2Error;
import io.elephant.launcher.fake.Ec2Instance;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Role;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An instance of the model, and what the rules must know of it. */
final class SimulatedInstance {

  private final Ec2Instance instance;
  private final InstanceId id;
  private final Attempt attempt;
  private final @Nullable SimulatedProcess starter;
  private boolean wasProtected;
  private boolean ended;
  private boolean interrupted;
  private boolean orphan;
  private boolean stale;

  SimulatedInstance(Ec2Instance instance, Attempt attempt, @Nullable SimulatedProcess starter) {
    this.instance = instance;
    this.id = new InstanceId(instance.id());
    this.attempt = attempt;
    this.starter = starter;
  }

  Ec2Instance ec2() {
    return instance;
  }

  InstanceId id() {
    return id;
  }

  Attempt attempt() {
    return attempt;
  }

  /** A tag that it was started with. */
  String tag(String name) {
    return attempt.request().tags().getOrDefault(name, "");
  }

  Role role() {
    return new Role(tag("Role"));
  }

  /** It was started for the meeting that the run is about. */
  boolean isOfMeeting() {
    return tag("MeetingID").equals(Scenario.MEETING.value());
  }

  boolean isAlive() {
    return instance.isAlive();
  }

  /** It is there, and does not only cost money. */
  boolean works() {
    return isAlive() && !isStopped();
  }

  boolean isStopped() {
    return instance.isStopped();
  }

  Refusal why() {
    Ec2Error reason = instance.reason().orElse(new Ec2Error("", instance.oldReason()));
    return new Refusal(reason.code(), reason.message());
  }

  boolean wasEndedOnPurpose() {
    return instance.oldReason().startsWith("User initiated");
  }

  /** EC2 has said that it takes it back. */
  void isInterrupted() {
    interrupted = true;
  }

  boolean wasInterrupted() {
    return interrupted;
  }

  /** It is dead, and nobody wanted that. */
  boolean isLost() {
    return !isAlive() && (interrupted || !wasEndedOnPurpose());
  }

  void wasEndedByUs() {
    ended = true;
  }

  /** A delivery or a sweep has terminated it. */
  boolean wasEnded() {
    return ended;
  }

  /** Somebody protects the instance from being terminated, or no longer does. */
  void protect(boolean on) {
    instance.protect(on);
    wasProtected |= on;
  }

  /** At some time it could not be terminated. */
  boolean wasProtected() {
    return wasProtected;
  }

  /**
   * @param late whoever asked for it had given up asking by the time that it was started
   * @param unwanted somebody had been told that there is no capacity for it, and has given up on it
   */
  void isStarted(boolean late, boolean unwanted) {
    orphan = late;
    stale |= unwanted;
  }

  boolean isOrphan() {
    return orphan;
  }

  /** It was started when the row, or somebody, had already given up on its attempt. */
  boolean isStale() {
    return stale;
  }

  void isOfAnAttemptThatTheRowGaveUp() {
    stale = true;
  }

  Optional<SimulatedProcess> starter() {
    return Optional.ofNullable(starter);
  }
}
