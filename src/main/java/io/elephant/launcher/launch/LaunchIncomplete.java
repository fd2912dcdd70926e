package io.elephant.launcher.launch;

import java.util.Map;
import java.util.stream.Collectors;

/** Not every role has its machine, and why. */
public final class LaunchIncomplete extends LaunchFailure {

  private static final long serialVersionUID = 1;

  private final String reasons;
  private final String reason;

  public LaunchIncomplete(MeetingId id, Map<Role, Refusal> refusals) {
    this(
        id,
        refusals.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining("; ")),
        refusals.values().stream().map(Refusal::code).findFirst().orElse("LaunchIncomplete"));
  }

  private LaunchIncomplete(MeetingId id, String reasons, String reason) {
    super("meeting " + id + " is not launched: " + reasons);
    this.reasons = reasons;
    this.reason = reason;
  }

  /** The code of the first role that lacks its machine. */
  @Override
  public String reason() {
    return reason;
  }

  /** For each role that lacks its machine, AWS's code and words. */
  String reasons() {
    return reasons;
  }
}
