package io.elephant.launcher.meeting;

import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import java.util.Map;
import java.util.Optional;

/**
 * What this function wrote into a meeting's row for itself.
 *
 * @param completedBy the delivery that said LAUNCHED
 */
public record LaunchRecord(Map<Role, LaunchState> states, Optional<String> completedBy) {

  /** The key under which the record says why a launch failed; no role may be called so. */
  public static final String FAILURE = "failure";

  /** The key under which the record says which delivery completed it; no role may be called so. */
  public static final String COMPLETED_BY = "completed_by";

  /** A record of no role yet. */
  public static final LaunchRecord EMPTY = new LaunchRecord(Map.of(), Optional.empty());

  public LaunchRecord {
    states = Map.copyOf(states);
  }

  public LaunchRecord(Map<Role, LaunchState> states) {
    this(states, Optional.empty());
  }

  /** Whether every token in it is this meeting's; a copied row brings another meeting's along. */
  public boolean isOf(MeetingId meeting) {
    return states.entrySet().stream()
        .allMatch(entry ->
            entry.getValue().attempt().token().attemptOf(meeting, entry.getKey()).isPresent());
  }
}
