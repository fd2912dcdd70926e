package io.elephant.launcher.failure;

import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Not every role has its instance, and why. */
public final class LaunchIncomplete extends LaunchFailure {

  private static final long serialVersionUID = 1;

  private final String reasons;
  private final @Nullable String errorCode;

  public LaunchIncomplete(MeetingId id, Map<Role, Refusal> refusals) {
    this(
        id,
        refusals.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining("; ")),
        refusals.values().stream().map(Refusal::code).findFirst().orElse(null));
  }

  private LaunchIncomplete(MeetingId id, String reasons, @Nullable String errorCode) {
    super("meeting " + id + " is not launched: " + reasons);
    this.reasons = reasons;
    this.errorCode = errorCode;
  }

  /** The code of the first role without an instance. */
  @Override
  public Optional<String> errorCode() {
    return Optional.ofNullable(errorCode);
  }

  /** For each role without an instance, AWS's code and words. */
  public String reasons() {
    return reasons;
  }
}
