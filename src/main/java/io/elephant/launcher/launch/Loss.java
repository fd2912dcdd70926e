package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Role;
import java.util.Set;

/**
 * An instance that has ended or does not run any more.
 *
 * @param why EC2's {@code StateReason}
 * @param isTerminated whether it is, or is still to be terminated before another is launched
 * @param byTokenOnly whether its tags are gone, so that only a row that names it makes it ours
 */
public record Loss(
    InstanceId instance, Role role, Refusal why, boolean isTerminated, boolean byTokenOnly) {

  /**
   * The reasons for which somebody ends or stops an instance on purpose; others are EC2's.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html">StateReason</a>
   */
  private static final Set<String> ON_PURPOSE =
      Set.of(
          "Client.UserInitiatedShutdown",
          "Client.InstanceInitiatedShutdown",
          "Client.UserInitiatedHibernate");

  /** Whether an instance was ended or stopped for this reason because somebody wanted it. */
  public static boolean isOnPurpose(Refusal why) {
    return ON_PURPOSE.contains(why.code());
  }

  boolean wasOnPurpose() {
    return isOnPurpose(why);
  }
}
