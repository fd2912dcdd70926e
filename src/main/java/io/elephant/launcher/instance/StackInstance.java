package io.elephant.launcher.instance;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * An instance that this stack has started, as DescribeInstances shows it by its id.
 *
 * @param ended EC2's {@code StateReason}, where it is terminated or about to be
 */
public record StackInstance(
    InstanceId id, MeetingId meeting, Role role, Instant launched, Optional<Refusal> ended) {

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

  /** Whether it was ended for this reason because somebody wanted it. */
  public static boolean isOnPurpose(Refusal ended) {
    return ON_PURPOSE.contains(ended.code());
  }
}
