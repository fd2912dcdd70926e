package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.fake.Ec2Instance;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Role;
import org.jspecify.annotations.Nullable;

/** An instance of the model, and what the rules must know of it. */
final class SimulatedInstance {

  final Ec2Instance ec2;
  final InstanceId id;
  final Attempt attempt;

  /** Who has started it; nobody where it was there before the run. */
  final @Nullable SimulatedProcess starter;

  /** At some time it could not be terminated. */
  boolean wasProtected;

  /** A delivery or a sweep has terminated it. */
  boolean wasEnded;

  /** EC2 has said that it takes it back. */
  boolean wasInterrupted;

  /** Whoever asked for it had given up asking by the time that it was started. */
  boolean isOrphan;

  /** It was started when the row, or somebody, had already given up on its attempt. */
  boolean isStale;

  SimulatedInstance(Ec2Instance ec2, Attempt attempt, @Nullable SimulatedProcess starter) {
    this.ec2 = ec2;
    this.id = new InstanceId(ec2.id());
    this.attempt = attempt;
    this.starter = starter;
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
    return ec2.isAlive();
  }

  /** It is there, and does not only cost money. */
  boolean works() {
    return isAlive() && !ec2.isStopped();
  }

  /** When it ended or was stopped; the far future for one that works. */
  long worksUntil() {
    return Math.min(ec2.dying(), ec2.stopping());
  }

  Refusal why() {
    return ec2.reason().orElse(new Refusal("", ec2.oldReason()));
  }

  boolean wasEndedOnPurpose() {
    return ec2.oldReason().startsWith("User initiated");
  }

  /** It is dead, and nobody wanted that. */
  boolean isLost() {
    return !isAlive() && (wasInterrupted || !wasEndedOnPurpose());
  }

  /** Somebody protects the instance from being terminated, or no longer does. */
  void protect(boolean on) {
    ec2.protect(on);
    wasProtected |= on;
  }

  @Override
  public String toString() {
    return id.toString();
  }
}
