package io.elephant.launcher.meeting;

import io.elephant.launcher.failure.MeetingUnreadable;
import io.elephant.launcher.failure.MeetingsFailed;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.instance.StartedInstance;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The meetings' table. Every write is conditional: on a row that exists, on a status from which a
 * machine may be launched, and on what each method says. A write answers with the row as it left
 * it, or with nothing where its condition did not hold; the reason is then found by reading.
 *
 * <p>Every method may throw {@link MeetingsFailed}, after which a write may or may not have
 * happened, and {@link MeetingUnreadable}.
 */
public interface Meetings {

  /** The row as all finished writes left it, if there is one. */
  Optional<Meeting> find(MeetingId id);

  /** Writes the states of roles that have neither a state nor a recorded machine. */
  Optional<Meeting> claim(Meeting seen, Map<Role, LaunchState> first);

  /** Turns a role's state, if it is still the revision {@code from} and no machine is recorded. */
  Optional<Meeting> advance(MeetingId id, Role role, LaunchState from, LaunchState to);

  /** Records machines whose roles have none and whose attempts are still the row's. */
  Optional<Meeting> record(MeetingId id, Map<Role, StartedInstance> started);

  /**
   * Records machines as {@link #record} does and says {@link Status#LAUNCHED} in the same write, on
   * the further condition that every other role of {@code roles} has its machine recorded already.
   */
  Optional<Meeting> complete(MeetingId id, Map<Role, StartedInstance> started, Set<Role> roles);

  /**
   * Says {@link Status#LAUNCH_FAILED}, and why in the launchRecord, on the further condition that
   * the status is one from before {@link Status#LAUNCHED} and that none of these roles has a
   * machine recorded.
   */
  Optional<Meeting> fail(Meeting seen, Set<Role> open, String why);
}
