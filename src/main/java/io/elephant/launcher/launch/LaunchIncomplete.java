package io.elephant.launcher.launch;

import java.util.Map;
import java.util.stream.Collectors;

/** Not every role has its machine, and why. */
public final class LaunchIncomplete extends LaunchFailure {

  private static final long serialVersionUID = 1;

  public LaunchIncomplete(MeetingId id, Map<Role, Refusal> refusals) {
    super(
        "meeting "
            + id
            + " is not launched: "
            + refusals.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("; ")));
  }
}
