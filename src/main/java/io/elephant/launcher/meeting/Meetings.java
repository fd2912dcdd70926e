package io.elephant.launcher.meeting;

import io.elephant.launcher.failure.MeetingUnreadable;
import io.elephant.launcher.failure.MeetingsFailed;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.StartedInstance;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The meetings' table. Every write is conditional: on a row that exists, on a status from which an
 * instance may be launched, and on what each method says.
 *
 * <p>Every method may throw {@link MeetingsFailed}, after which a write may or may not have
 * happened, and {@link MeetingUnreadable}.
 */
public interface Meetings {

  /** The row as all finished writes left it, if there is one. */
  Optional<Meeting> find(MeetingId id);

  /**
   * Writes the states of roles that have neither a state nor a recorded instance, where the row
   * still has a launch record, or still has none, as it was seen. Where the row that was seen is a
   * copy of another meeting's, the launch record and the instances that it brought along go in the
   * same write, on the condition that they are still there.
   */
  WriteResult claim(Meeting seen, Map<Role, LaunchState> first);

  /**
   * Changes a role's state, if it is still the revision and the claim of {@code from} and no
   * instance is recorded.
   */
  WriteResult advance(MeetingId id, Role role, LaunchState from, LaunchState to);

  /**
   * Records instances whose roles have none and whose attempts, of the same claim, are still the
   * row's, and were never recorded: a role that was and is open again is another launch.
   */
  WriteResult record(MeetingId id, Map<Role, StartedInstance> started);

  /**
   * Records instances as {@link #record} does and says {@link Status#LAUNCHED} in the same write,
   * on the further condition that every other role of {@code roles} has its instance recorded
   * already; and, where there is none left to record, that it was not said yet.
   *
   * @param delivery who says it
   */
  WriteResult complete(
      Meeting seen, Map<Role, StartedInstance> started, Set<Role> roles, String delivery);

  /**
   * Changes the state of a role whose recorded instance died, if the row still names that instance
   * and its state is the revision and the claim of {@code from}; takes the instance out where
   * {@code to} has none. The only write after which a recorded instance is named no more.
   */
  WriteResult lose(MeetingId id, Role role, InstanceId instance, LaunchState from, LaunchState to);

  /**
   * Says {@link Status#LAUNCH_FAILED}, and why in the launch record, on the further condition that
   * the status is one from before {@link Status#LAUNCHED}, that none of these roles has an instance
   * recorded, and that the row still has a launch record, or still has none, as it was seen.
   */
  WriteResult fail(Meeting seen, Set<Role> open, String why);
}
