package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.meeting.Meeting;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a delivery knows of its meeting's row, and how the table has answered. */
final class RowKnowledge {

  /** A row that is younger is not read again before the next call. */
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final LaunchPlan plan;
  private Optional<Meeting> now = Optional.empty();
  private Optional<Meeting> wanted = Optional.empty();
  private Instant at = Instant.MIN;
  private boolean hasBeenRead;
  private boolean isFresh;
  private boolean isNewest;
  private boolean isOver;
  private boolean isUntimely;
  private @Nullable LaunchFailure failure;
  private @Nullable LaunchFailure refusal;

  RowKnowledge(LaunchPlan plan) {
    this.plan = plan;
  }

  /**
   * The row as it is.
   *
   * @return whether instances may run for it of which nobody here knows
   */
  boolean learn(Optional<Meeting> found, Instant time) {
    boolean isFirst = !hasBeenRead;
    boolean wasOver = isOver;
    boolean wasUntimely = isUntimely;
    now = found;
    at = time;
    hasBeenRead = true;
    isFresh = true;
    isNewest = true;
    failure = null;
    wanted = found.filter(Meeting::launchable).or(() -> wanted);
    isOver = found.map(Meeting::cancelled).orElse(true);
    isUntimely = found.filter(meeting -> isUntimely(meeting, time)).isPresent();
    boolean hasBegun = wanted.isPresent() || found.flatMap(Meeting::launchRecord).isPresent();
    return (isFirst && found.filter(Meeting::mayHaveOthers).isPresent())
        || (isOver && !wasOver && hasBegun)
        || (isUntimely && !wasUntimely);
  }

  private boolean isUntimely(Meeting meeting, Instant time) {
    return (meeting.isEarly(time, plan.maxEarliness()) || meeting.isLate(time, plan.maxLateness()))
        && meeting.hasBegun(meeting.missing(plan.roles()));
  }

  void learn(LaunchFailure failed, boolean isOfWrite) {
    forget();
    failure = failed;
    boolean mayHeal = failed instanceof CallFailed call && call.verdict().mayHeal();
    if (isOfWrite && !mayHeal) {
      refusal = failed;
    }
  }

  /** Time has passed, so the row may be another by now. */
  void learnWaited(Instant time) {
    isFresh &= time.isBefore(at.plus(FRESH));
  }

  /** Something was learned that is newer than the row. */
  void learnOther() {
    isNewest = false;
  }

  /** The row is to be read before anything is decided. */
  void forget() {
    isFresh = false;
  }

  Optional<Meeting> now() {
    return now;
  }

  /** The row when it was last to be launched, if it ever was. */
  Optional<Meeting> wanted() {
    return wanted;
  }

  /** The claims under which the roles are launched. */
  Set<ClaimId> claims() {
    return plan.roles().stream()
        .flatMap(role -> now.flatMap(meeting -> meeting.state(role)).stream())
        .map(state -> state.attempt().claim())
        .collect(Collectors.toSet());
  }

  boolean names(InstanceId instance) {
    return now.filter(meeting -> meeting.instances().containsValue(instance)).isPresent();
  }

  boolean hasBeenRead() {
    return hasBeenRead;
  }

  boolean isFresh() {
    return isFresh;
  }

  /** Whether nothing else was learned since it was read or written. */
  boolean isNewest() {
    return isFresh && isNewest;
  }

  /** Why the last call to the table failed. */
  Optional<LaunchFailure> failure() {
    return Optional.ofNullable(failure);
  }

  /** Why the table will not take a write: then what was started can never be recorded. */
  Optional<LaunchFailure> refusal() {
    return Optional.ofNullable(refusal);
  }
}
