package io.elephant.launcher.meeting;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.InstanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A role's state in the launch record.
 *
 * @param revision how often it was changed; a change names the revision that it read
 * @param attempt the attempt that counts; only its instance can be recorded
 * @param firstAttempt the number of the launch's first attempt; lower ones are of launches before
 *     it
 * @param claimed when the launch began; absent where an earlier build began it
 * @param since when the attempt was written; absent where an earlier build wrote it
 * @param replaced how many instances of this launch died and were replaced, over all deliveries
 * @param recorded the instance that was recorded; with it the launch is over
 * @param found whether that is an instance that was found running, not the attempt's own
 * @param lost the instance that was recorded in this launch and has died; EC2 can show it as it was
 * @param reason why the attempt before was left, in AWS's words
 */
public record LaunchState(
    int revision,
    Attempt attempt,
    int firstAttempt,
    Optional<Instant> claimed,
    Optional<Instant> since,
    int replaced,
    Optional<InstanceId> recorded,
    boolean found,
    Optional<InstanceId> lost,
    Optional<Refusal> reason) {

  /** An instance that dies again and again says that something is wrong with it. */
  public static final int MOST_REPLACED = 2;

  /** EC2's clock and this one's may differ. */
  private static final Duration CLOCK_SKEW = Duration.ofSeconds(5);

  /** The first state of a launch. */
  public static LaunchState claim(Attempt attempt, Instant now) {
    return first(0, attempt, now);
  }

  private static LaunchState first(int revision, Attempt attempt, Instant now) {
    return new LaunchState(
        revision,
        attempt,
        attempt.number(),
        Optional.of(now),
        Optional.of(now),
        0,
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty());
  }

  /** The launch after one that is over. */
  public LaunchState launchedAgain(Attempt next, Instant now) {
    return first(revision + 1, next, now);
  }

  /** The launch goes on with another attempt. */
  public LaunchState movedTo(Attempt next, Instant now, Refusal why) {
    return next(next, now, replaced, why);
  }

  /** The launch goes on with another attempt, because the instance of this one died. */
  public LaunchState replacedBy(Attempt next, Instant now, Refusal why) {
    return next(next, now, replaced + 1, why);
  }

  /** The recorded instance died, and no other is launched for it. */
  public LaunchState staysDead(Refusal why) {
    return new LaunchState(
        revision + 1,
        attempt,
        firstAttempt,
        claimed,
        since,
        replaced,
        recorded,
        found,
        lost,
        Optional.of(why));
  }

  private LaunchState next(Attempt next, Instant now, int died, Refusal why) {
    return new LaunchState(
        revision + 1,
        next,
        firstAttempt,
        claimed,
        Optional.of(now),
        died,
        Optional.empty(),
        false,
        recorded.or(() -> lost),
        Optional.of(why));
  }

  /** An instance was recorded under it. */
  public LaunchState with(InstanceId instance, boolean wasFound) {
    return new LaunchState(
        revision,
        attempt,
        firstAttempt,
        claimed,
        since,
        replaced,
        Optional.of(instance),
        wasFound,
        lost,
        reason);
  }

  public boolean mayReplace() {
    return replaced < MOST_REPLACED;
  }

  /** Its instance was recorded, so a role that is open again is a launch of its own. */
  public boolean isOver() {
    return recorded.isPresent();
  }

  /** Whether an instance of another attempt may be running. */
  public boolean isPastFirstAttempt() {
    return attempt.number() > firstAttempt || found;
  }

  /** Whether the launch has left the attempt of this number, so that its instance is unwanted. */
  public boolean hasLeft(int number) {
    return firstAttempt <= number && number < attempt.number();
  }

  /** Whether an instance is older than this launch, so that this launch has not bought it. */
  public boolean isOlderThanLaunch(Instant instanceLaunched) {
    return claimed.filter(begin -> instanceLaunched.isBefore(begin.minus(CLOCK_SKEW))).isPresent();
  }
}
