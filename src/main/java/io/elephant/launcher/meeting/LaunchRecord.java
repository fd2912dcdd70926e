package io.elephant.launcher.meeting;

import io.elephant.launcher.id.Role;
import java.util.Map;

/** What this function wrote into a meeting's row for itself. */
public record LaunchRecord(Map<Role, LaunchState> states) {

  /** The key under which the notebook says why a launch failed; no role may be called so. */
  public static final String FAILURE = "failure";

  public LaunchRecord {
    states = Map.copyOf(states);
  }
}
