package io.elephant.launcher.launch;

import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import java.time.Instant;
import java.util.Optional;

/** What a delivery did or learned, told to its {@link Invocation} as it happens. */
public sealed interface Step {

  /** The row, as the delivery first read it. */
  record Found(Meeting meeting) implements Step {}

  /** EC2 has answered a role's attempt, or has not in time. */
  record Asked(Role role, Attempt attempt, RunResult result) implements Step {}

  /** The role goes on to another candidate, because EC2 refuses the one before. */
  record FellBack(Role role, Candidate from, Candidate to) implements Step {}

  /** The role gets another attempt, because the instance of the one before has ended. */
  record Replaced(Role role, Attempt by) implements Step {}

  /** The same candidate is asked for again, as the next attempt with today's configuration. */
  record Renewed(Role role, Attempt attempt) implements Step {}

  /** An instance that was not answered for, or that ran before, is the role's. */
  record Adopted(Role role, InstanceId instance) implements Step {}

  /** An instance is terminated: the row names another, or another attempt. */
  record Superseded(Role role, InstanceId instance) implements Step {}

  /** An instance is terminated, because its meeting was cancelled or deleted. */
  record Cancelled(Role role, InstanceId instance) implements Step {}

  /**
   * This delivery has said LAUNCHED.
   *
   * @param claimed when the launch began, in whichever delivery
   */
  record Launched(Optional<Instant> claimed) implements Step {}

  /** What changing a role's state comes to. */
  static Step of(Role role, LaunchState from, LaunchState to) {
    Candidate before = from.attempt().request().candidate();
    Candidate after = to.attempt().request().candidate();
    if (to.replaced() > from.replaced()) {
      return new Replaced(role, to.attempt());
    }
    return before.equals(after)
        ? new Renewed(role, to.attempt())
        : new FellBack(role, before, after);
  }
}
