package io.elephant.launcher.launch;

import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.Meeting;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** Whether a launch makes sense now. */
public final class Timeliness {

  private Timeliness() {}

  /**
   * What a delivery comes to that is too early or too late for these roles.
   *
   * @return nothing where it is in time
   */
  public static Optional<Outcome> untimely(
      Meeting meeting, Collection<Role> open, LaunchPlan plan, Instant now) {
    if (meeting.isEarly(now, plan.maxEarliness())) {
      return Optional.of(Outcome.TOO_EARLY);
    }
    if (!meeting.isLate(now, plan.maxLateness())) {
      return Optional.empty();
    }
    boolean given = meeting.hasBegun(open) && meeting.beforeLaunched();
    return Optional.of(given ? Outcome.GIVEN_UP : Outcome.TOO_LATE);
  }
}
