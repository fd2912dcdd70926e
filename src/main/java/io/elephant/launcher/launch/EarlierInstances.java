package io.elephant.launcher.launch;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.OutOfTime;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.meeting.LaunchState;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The instances of a meeting as their tags say it. The row is not the only memory: where it was
 * restored from a backup, or its launch record was removed, the tags still tell what runs.
 */
final class EarlierInstances {

  /**
   * What has just ended can be shown as it was for some seconds. Whoever is to give up a new
   * instance for an older one looks a second time.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html">Eventual
   *     consistency in the Amazon EC2 API</a>
   */
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);

  /** What recording takes. */
  private static final Duration RESERVE = Duration.ofSeconds(10);

  private final MeetingId id;
  private final Instances ec2;
  private final Invocation invocation;
  private final Set<ClaimId> claimsLookedFor = new HashSet<>();

  EarlierInstances(MeetingId id, Instances ec2, Invocation invocation) {
    this.id = id;
    this.ec2 = ec2;
    this.invocation = invocation;
  }

  /** Begins to look, beside the first requests of each claim and only then. */
  Optional<Look> begin(Collection<ClaimId> claims) {
    return claimsLookedFor.addAll(claims)
        ? Optional.of(new Look(invocation.beside(this::ofMeeting)))
        : Optional.empty();
  }

  /** In a rush EC2 refuses looks too; one that was refused must not cost an older instance. */
  private List<TaggedInstance> ofMeeting() {
    return new Backoff(invocation, RESERVE).repeat(() -> ec2.ofMeeting(id));
  }

  /** One look. */
  final class Look {

    private final Invocation.Pending<List<TaggedInstance>> pending;
    private Optional<List<TaggedInstance>> shown = Optional.empty();

    private Look(Invocation.Pending<List<TaggedInstance>> pending) {
      this.pending = pending;
    }

    /** Waits for what EC2 shows, if it does. */
    void await() {
      try {
        shown = Optional.of(pending.get());
      } catch (InstancesFailed | OutOfTime e) {
        shown = Optional.empty();
      }
    }

    /** Whether there is, or may be, another instance of the role than these. */
    boolean showsAnother(Role role, Collection<InstanceId> own) {
      return shown
          .map(all ->
              all.stream()
                  .anyMatch(
                      instance -> instance.role().equals(role) && !own.contains(instance.id())))
          .orElse(true);
    }

    /**
     * The oldest running instance of the role that this launch has not left behind; where the
     * launch has one of its own, only one from before the launch.
     *
     * @param known those that are known better than by this look
     */
    Optional<StartedInstance> earlier(
        Role role, LaunchState state, Collection<InstanceId> own, Predicate<TaggedInstance> known) {
      return shown.orElse(List.of()).stream()
          .filter(instance -> instance.role().equals(role) && instance.running())
          .filter(instance -> !own.contains(instance.id()))
          .filter(instance -> !known.test(instance))
          .filter(instance -> !state.lost().equals(Optional.of(instance.id())))
          .filter(instance -> instance.attempt().stream().noneMatch(state::hasLeft))
          .filter(instance -> own.isEmpty() || state.isOlderThanLaunch(instance.launched()))
          .min(Comparator.comparing(TaggedInstance::launched))
          .filter(instance -> isShownAgain(instance.id()))
          .map(instance ->
              new StartedInstance(
                  role, state.attempt(), instance.id(), !instance.isOf(state.attempt())));
    }
  }

  private boolean isShownAgain(InstanceId instance) {
    if (invocation.remaining().compareTo(BETWEEN_LOOKS.plus(RESERVE)) < 0) {
      return false;
    }
    invocation.pause(BETWEEN_LOOKS);
    try {
      return invocation.beside(this::ofMeeting).get().stream()
          .anyMatch(again -> again.id().equals(instance) && again.running());
    } catch (InstancesFailed | OutOfTime e) {
      return false;
    }
  }
}
