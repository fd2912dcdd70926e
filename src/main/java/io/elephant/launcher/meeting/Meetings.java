package io.elephant.launcher.meeting;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.LaunchFailure.MeetingUnreadable;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The meetings' table. Every write is conditional: on a row that exists, on a status from which an
 * instance may be launched, and on what each method says.
 *
 * <p>Every method may throw {@link CallFailed}, after which a write may or may not have happened,
 * and {@link MeetingUnreadable}.
 */
public interface Meetings {

  /** The row as all finished writes left it, if there is one. */
  Optional<Meeting> find(MeetingId id);

  /**
   * Writes the states of roles that have no recorded instance, where each still has the state that
   * was seen, or still has none. Where the row that was seen is a copy of another meeting's, the
   * launch record and the instances that it brought along go in the same write, on the condition
   * that they are still there.
   */
  WriteResult put(Meeting seen, Map<Role, LaunchState> states);

  /**
   * Records instances whose roles have none and whose attempts, of the same claim, are still the
   * row's, and were never recorded: a role that was and is open again is another launch. Where no
   * other of {@code roles} lacked one, it says {@link Status#LAUNCHED}, too, on the further
   * condition that this is still so; and, where there is none to record, that it was not said yet.
   *
   * @param delivery who says it
   */
  WriteResult record(
      Meeting seen, Map<Role, Recording> recordings, Set<Role> roles, String delivery);

  /**
   * Changes the state of a role whose recorded instance ended, if the row still names that instance
   * and has the state that was seen. Where {@code next} has none recorded, the id is taken out, and
   * a row that says {@link Status#LAUNCHED} says {@link Status#SCHEDULED} in the same write. The
   * only write after which a recorded instance is named no more.
   */
  WriteResult lose(Meeting seen, Role role, LaunchState next);

  /**
   * Says {@link Status#LAUNCH_FAILED}, and why in the launch record, on the further condition that
   * the status is one from before {@link Status#LAUNCHED}, that none of these roles has an instance
   * recorded, and that the row still has a launch record, or still has none, as it was seen.
   */
  WriteResult fail(Meeting seen, Set<Role> open, String why);
}
