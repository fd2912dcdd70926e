package io.elephant.launcher.launch;

import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.meeting.Meeting;

/** What a delivery did or learned, told to its {@link Invocation} as it happens. */
public sealed interface Step {

  /** The row, as the delivery first read it. */
  record Found(Meeting meeting) implements Step {}

  /** EC2 has answered a role's attempt, or has not in time. */
  record Asked(Role role, Attempt attempt, RunResult result) implements Step {}

  /** The role goes on to another candidate, because EC2 has none of these. */
  record FellBack(Role role, Candidate from, Candidate to) implements Step {}

  /** The role gets another attempt, because the machine of the one before is dead. */
  record Replaced(Role role, Attempt by) implements Step {}

  /** The attempt's token goes out with another request: today's, or an earlier one again. */
  record Amended(Role role, Attempt attempt) implements Step {}

  /** The machine that the token had started for another request is the role's. */
  record Adopted(Role role, InstanceId instance) implements Step {}

  /** A machine of this delivery's is terminated: the row names another, or another attempt. */
  record Superseded(Role role, InstanceId instance) implements Step {}

  /** A machine is terminated, because its meeting was called off or deleted. */
  record Cancelled(Role role, InstanceId instance) implements Step {}

  /** What turning a role's page comes to. */
  static Step of(Role role, Decision.NextAttempt turn) {
    Attempt before = turn.from().attempt();
    Attempt after = turn.to().attempt();
    if (before.number() == after.number()) {
      return new Amended(role, after);
    }
    return turn.to().replaced() > turn.from().replaced()
        ? new Replaced(role, after)
        : new FellBack(role, before.request().candidate(), after.request().candidate());
  }
}
