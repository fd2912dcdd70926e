package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Recording;
import java.util.List;

/** What is to be done about one role. */
sealed interface RoleNext {

  record RecordInstance(Recording recording) implements RoleNext {}

  /** Another attempt counts from now on. */
  record Move(LaunchState to) implements RoleNext {}

  record Act(List<Action> actions) implements RoleNext {}

  /** Nothing that this delivery may do would help. */
  record Nothing(Refusal why) implements RoleNext {}
}
