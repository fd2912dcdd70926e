package io.elephant.launcher.launch;

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

  /** Writes the pages of roles that have neither a page nor a recorded machine. */
  Optional<Meeting> claim(Meeting seen, Map<Role, Page> first);

  /** Turns a role's page, if it is still the revision {@code from} and no machine is recorded. */
  Optional<Meeting> advance(MeetingId id, Role role, Page from, Page to);

  /** Records machines whose roles have none and whose attempts are still the row's. */
  Optional<Meeting> record(MeetingId id, Map<Role, Machine> started);

  /**
   * Records machines as {@link #record} does and says {@link Status#LAUNCHED} in the same write, on
   * the further condition that every other role of {@code roles} has its machine recorded already.
   */
  Optional<Meeting> complete(MeetingId id, Map<Role, Machine> started, Set<Role> roles);

  /**
   * Says {@link Status#LAUNCH_FAILED}, and why in the notebook, on the further condition that the
   * status is one from before {@link Status#LAUNCHED} and that none of these roles has a machine
   * recorded.
   */
  Optional<Meeting> fail(Meeting seen, Set<Role> open, String why);
}
