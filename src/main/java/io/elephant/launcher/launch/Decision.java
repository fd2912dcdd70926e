package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.meeting.LaunchState;

/** What is to be done about a role, now that EC2 has answered its attempt. */
public sealed interface Decision {

  /** Write the instance's id into the row. */
  record RecordInstance(StartedInstance started) implements Decision {}

  /** Write the role's next state into the row: another attempt counts from now on. */
  record NextAttempt(LaunchState from, LaunchState to) implements Decision {}

  /** Ask again, a little later. */
  record Retry(Refusal refusal) implements Decision {}

  /** Nothing that this function may do would help. */
  record Fail(Refusal refusal) implements Decision {}
}
