package io.elephant.launcher.meeting;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A role's state in the launch record. Claim and attempt together say which state it is.
 *
 * @param attempt the attempt that counts; only its instance can be recorded
 * @param firstAttempt the number of the launch's first attempt; lower ones are of launches before
 * @param claimed when the launch began, by this function's clock
 * @param replaced how many instances of this launch ended and were replaced, over all deliveries
 * @param unseen how many attempts were left although they may have started something
 * @param recorded the instance that was recorded; with it the launch is over
 * @param unlooked whether it was recorded before EC2 had shown that no other one runs
 * @param takenOut instances that were recorded for the role and whose ids are gone from the row
 * @param reason why the attempt before was left, in AWS's words
 */
public record LaunchState(
    Attempt attempt,
    int firstAttempt,
    Instant claimed,
    int replaced,
    int unseen,
    Optional<InstanceId> recorded,
    boolean unlooked,
    Set<InstanceId> takenOut,
    Optional<Refusal> reason) {

  /** An instance that ends again and again says that something is wrong with it. */
  public static final int MOST_REPLACED = 2;

  /** As many attempts may be left although nobody knows whether they started something. */
  public static final int MOST_UNSEEN = 3;

  /** By so much EC2's clock and this function's may differ. */
  public static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  /** What leaving an attempt counts as. */
  public enum Left {
    NOTHING_STARTED,
    REPLACED,
    UNSEEN
  }

  public LaunchState {
    takenOut = Set.copyOf(takenOut);
  }

  /** The first state of a launch. */
  public static LaunchState claim(Attempt attempt, Instant now) {
    return claim(attempt, now, Set.of());
  }

  private static LaunchState claim(Attempt attempt, Instant now, Set<InstanceId> takenOut) {
    return new LaunchState(
        attempt, attempt.number(), now, 0, 0, Optional.empty(), false, takenOut, Optional.empty());
  }

  /** The launch after one that is over: whoever took the id out wants another instance. */
  public LaunchState claimedAgain(Attempt next, Instant now) {
    return claim(next, now, allTakenOut());
  }

  /** The launch goes on with another attempt. */
  public LaunchState movedTo(Attempt next, Left left, Refusal why) {
    return new LaunchState(
        next,
        firstAttempt,
        claimed,
        replaced + (left == Left.REPLACED ? 1 : 0),
        unseen + (left == Left.UNSEEN ? 1 : 0),
        Optional.empty(),
        false,
        allTakenOut(),
        Optional.of(why));
  }

  /** The recorded instance has ended, and no other is launched for it. */
  public LaunchState notReplaced(Refusal why) {
    return with(recorded, unlooked, Optional.of(why));
  }

  /** An instance was recorded under it. */
  public LaunchState with(InstanceId instance, boolean isUnlooked) {
    return with(Optional.of(instance), isUnlooked, reason);
  }

  private LaunchState with(
      Optional<InstanceId> instance, boolean isUnlooked, Optional<Refusal> why) {
    return new LaunchState(
        attempt, firstAttempt, claimed, replaced, unseen, instance, isUnlooked, takenOut, why);
  }

  private Set<InstanceId> allTakenOut() {
    Set<InstanceId> all = new LinkedHashSet<>(takenOut);
    recorded.ifPresent(all::add);
    return all;
  }

  /** Whether the instance was recorded for the role once; where the row lacks it, it is gone. */
  public boolean hasRecorded(InstanceId instance) {
    return allTakenOut().contains(instance);
  }

  public boolean mayReplace() {
    return replaced < MOST_REPLACED;
  }

  public boolean mayLeaveUnseen() {
    return unseen < MOST_UNSEEN;
  }

  /** Its instance was recorded, so a role that is open again is a launch of its own. */
  public boolean isOver() {
    return recorded.isPresent();
  }

  /** Whether an instance may run that is not the one of the attempt that counts. */
  public boolean mayHaveOthers() {
    return attempt.number() > firstAttempt || unlooked;
  }

  /**
   * Whether the launch has left the attempt that started the instance. One from before the launch
   * can have a token that this launch used again.
   */
  public boolean hasLeft(Ec2Instance instance) {
    return hasBought(instance) && instance.attempt().orElseThrow() < attempt.number();
  }

  /** Whether one of this launch's attempts has started the instance, as far as one can tell. */
  public boolean hasBought(Ec2Instance instance) {
    return instance.attempt().stream()
            .anyMatch(number -> firstAttempt <= number && number <= attempt.number())
        && !isOlderThanLaunch(instance.launched());
  }

  /** Whether an instance is from before this launch, whatever the clocks say. */
  public boolean isOlderThanLaunch(Instant launched) {
    return launched.isBefore(claimed.minus(CLOCK_SKEW));
  }
}
