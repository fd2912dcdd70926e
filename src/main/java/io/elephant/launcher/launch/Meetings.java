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

  /** Writes the first attempts of roles that have neither an attempt nor a recorded machine. */
  Optional<Meeting> claim(Meeting seen, Map<Role, Attempt> first);

  /** Records machines whose roles have none and whose attempts are still the row's. */
  Optional<Meeting> record(MeetingId id, Map<Role, Machine> started);

  /**
   * Records machines as {@link #record} does and says {@link Status#LAUNCHED} in the same write, on
   * the further condition that every other role of {@code roles} has its machine recorded already.
   */
  Optional<Meeting> complete(MeetingId id, Map<Role, Machine> started, Set<Role> roles);
}
