package io.elephant.launcher.launch;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.launch.Notice.Kind;
import io.elephant.launcher.meeting.Meetings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Replaces an instance that EC2 ended after it was recorded, until others hold its address: one
 * conditional write takes its id out of the row and turns to the role's next attempt, and the
 * launch goes on by the same code as ever. Whoever is second finds the id gone and helps along.
 */
public final class Recovery {

  /** What is done about an instance that died. */
  public enum Mode {
    REPLACE,
    REPORT
  }

  /**
   * The reasons for which somebody ends an instance on purpose; every other one is EC2's.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html">StateReason</a>
   */
  private static final Set<String> ON_PURPOSE =
      Set.of(
          "Client.UserInitiatedShutdown",
          "Client.InstanceInitiatedShutdown",
          "Client.UserInitiatedHibernate");

  /** What a replacement takes at least: to look, to write and to launch. */
  static final Duration RESERVE = Duration.ofSeconds(20);

  /** EC2 tells of an instance's end before DescribeInstances shows it. */
  private static final Duration SHOWN_WITHIN = Duration.ofMinutes(1);

  private static final Refusal INTERRUPTED =
      new Refusal("Server.SpotInstanceTermination", "EC2 takes the spot instance back");

  private final Meetings meetings;
  private final Instances ec2;
  private final LaunchPlan plan;
  private final Mode mode;

  public Recovery(Meetings meetings, Instances ec2, LaunchPlan plan, Mode mode) {
    this.meetings = meetings;
    this.ec2 = ec2;
    this.plan = plan;
    this.mode = mode;
  }

  /** Whether an instance was ended for this reason because somebody wanted it. */
  public static boolean isOnPurpose(Refusal ended) {
    return ON_PURPOSE.contains(ended.code());
  }

  /**
   * Does what is to be done about the instance.
   *
   * @throws LaunchFailure if EC2 or the table does not answer in time, if the meeting is not
   *     launched again, or if too many instances have died for it
   */
  public RecoveryReport recover(Notice notice, Invocation invocation) {
    if (notice.kind() == Kind.OTHER_STATE) {
      return RecoveryReport.notNeeded(
          notice.instance(), "it has not come to an end", Optional.empty());
    }
    Optional<TaggedInstance> shown = look(notice, invocation);
    if (shown.isEmpty()) {
      return RecoveryReport.notOurs(notice.instance());
    }
    TaggedInstance instance = shown.get();
    Refusal why = notice.kind() == Kind.INTERRUPTED ? INTERRUPTED : instance.ended().orElseThrow();
    LostInstance lost =
        new LostInstance(instance, notice.kind(), why, meetings, ec2, plan, mode, invocation);
    while (true) {
      Optional<RecoveryReport> done = lost.decide();
      if (done.isPresent()) {
        return done.get();
      }
    }
  }

  /** The instance with the reason for its end, which EC2 may show only a little later. */
  private Optional<TaggedInstance> look(Notice notice, Invocation invocation) {
    Backoff backoff = new Backoff(invocation, RESERVE);
    Instant begun = invocation.now();
    while (true) {
      Optional<TaggedInstance> shown =
          new Backoff(invocation, RESERVE).repeat(() -> ec2.ofStack(notice.instance()));
      if (notice.kind() == Kind.INTERRUPTED || shown.isEmpty() || shown.get().ended().isPresent()) {
        return shown;
      }
      if (invocation.now().isAfter(begun.plus(SHOWN_WITHIN)) || !backoff.pause()) {
        throw new InstancesFailed(
            "DescribeInstances",
            new Refusal("NotYetShown", notice.instance() + " is still shown as running"),
            InstancesFailed.Remedy.AGAIN,
            new IllegalStateException("the event is ahead of DescribeInstances"));
      }
    }
  }
}
