package io.elephant.launcher.meeting;

import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Role;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What an instance is to its meeting's row. Only what the row says is evidence: that something is
 * missing or was not seen says nothing.
 */
public enum Standing {
  /** The row names it for its role. */
  NAMED,
  /** The row may yet name it. */
  AWAITED,
  /** It was recorded once, and its id is gone: the meeting was moved, or it was lost. */
  TAKEN_OUT,
  /** The row names another one that lives, or the launch that started it has left the attempt. */
  SUPERSEDED,
  /** The row names another one, of which nobody knows whether it lives: it may be a stale copy. */
  NAMES_UNKNOWN,
  /** The meeting is cancelled or over. */
  CANCELLED,
  /** The row is past launching, or it is too late, and the row has no id for the role. */
  UNMENTIONED,
  /** There is no row, or the role is none that is launched. */
  NOT_JUDGED;

  /**
   * What the instance is to the row.
   *
   * @param now to judge whether it is too late to record it
   * @param lives whether an instance that the row names is known to live
   */
  public static Standing of(
      Ec2Instance instance,
      Role role,
      Optional<Meeting> row,
      LaunchPlan plan,
      Instant now,
      Predicate<InstanceId> lives) {
    if (row.isEmpty() || !plan.roles().contains(role)) {
      return NOT_JUDGED;
    }
    Meeting meeting = row.get();
    if (meeting.cancelled()) {
      return CANCELLED;
    }
    Optional<InstanceId> named = meeting.instance(role);
    if (named.isPresent()) {
      if (named.get().equals(instance.id())) {
        return NAMED;
      }
      return lives.test(named.get()) ? SUPERSEDED : NAMES_UNKNOWN;
    }
    Optional<LaunchState> state = meeting.state(role);
    if (state.filter(one -> one.hasRecorded(instance.id())).isPresent()) {
      return TAKEN_OUT;
    }
    if (state.filter(one -> one.hasLeft(instance)).isPresent()) {
      return SUPERSEDED;
    }
    return meeting.launchable() && !meeting.isLate(now, plan.maxLateness()) ? AWAITED : UNMENTIONED;
  }
}
