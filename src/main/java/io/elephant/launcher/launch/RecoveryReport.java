package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.Meeting;
import java.util.Map;
import java.util.Optional;

/**
 * What was done about an instance that ended.
 *
 * @param why in words
 * @param meeting the meeting that it was started for, where this stack has started it
 * @param instances what the row names
 * @param lost why EC2 has ended an instance that its row counted on
 * @param missing whether the row still counts on it, so that somebody must act
 */
public record RecoveryReport(
    InstanceId instance,
    Result result,
    String why,
    Optional<MeetingId> meeting,
    Map<Role, InstanceId> instances,
    Optional<Refusal> lost,
    boolean missing) {

  /** What it came to. */
  public enum Result {
    /** Another instance was launched for it. */
    REPLACED,
    /** It is no instance of this stack, or one that EC2 shows no more. */
    NOT_OURS,
    /** No row counts on it. */
    NOT_NEEDED,
    /** A row counts on it, and it is not replaced. */
    REPORTED
  }

  static RecoveryReport notOurs(InstanceId instance) {
    return new RecoveryReport(
        instance,
        Result.NOT_OURS,
        "EC2 shows no such instance that this stack has started",
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        false);
  }

  static RecoveryReport notNeeded(InstanceId instance, String why, Optional<Meeting> row) {
    return new RecoveryReport(
        instance,
        Result.NOT_NEEDED,
        why,
        row.map(Meeting::id),
        row.map(Meeting::instances).orElse(Map.of()),
        Optional.empty(),
        false);
  }
}
