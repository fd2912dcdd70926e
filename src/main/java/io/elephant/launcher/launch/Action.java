package io.elephant.launcher.launch;

import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Recording;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** One thing that a delivery can do: a call to a port, or to wait. */
sealed interface Action {

  /** Whether it changes anything; a dry run stops there. */
  default boolean isEffect() {
    return this instanceof Write || this instanceof Run || this instanceof Terminate;
  }

  /** A call to the table. No two of them are made at once: nobody could tell which row is newer. */
  sealed interface OnTable extends Action {}

  record Read() implements OnTable {}

  /** A conditional write, and the row that it was decided on. */
  sealed interface Write extends OnTable {
    Meeting seen();
  }

  /** Claims roles, or goes on to their next attempts. */
  record Put(Meeting seen, Map<Role, LaunchState> states) implements Write {}

  record RecordInstances(Meeting seen, Map<Role, Recording> recordings) implements Write {}

  record Lose(Meeting seen, Role role, LaunchState next) implements Write {}

  record SayFailed(Meeting seen, Set<Role> open, String why) implements Write {}

  /** Finds today's candidates: EC2 is asked for subnets where none are configured. */
  record FindCandidates() implements Action {}

  record Run(Role role, Attempt attempt) implements Action {}

  /**
   * Looks at the instances that carry the meeting's tag.
   *
   * @param again whether it is to confirm what a look before it showed, or did not
   */
  record Look(boolean again) implements Action {}

  /**
   * Ends an instance that nobody wants.
   *
   * @param cancelled whether the meeting is, and not only the instance superseded
   */
  record Terminate(Role role, InstanceId instance, boolean cancelled) implements Action {}

  /** Nothing is done until then, unless something else is. */
  record Wait(Instant until) implements Action {}
}
