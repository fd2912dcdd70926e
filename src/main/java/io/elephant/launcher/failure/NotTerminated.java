package io.elephant.launcher.failure;

import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Instances that nobody wants any more could not be terminated; the next delivery goes on. */
public final class NotTerminated extends LaunchFailure {

  private static final long serialVersionUID = 1;

  private final String code;

  /**
   * @param refusals what EC2 said of each instance, at least one
   */
  public NotTerminated(MeetingId id, Map<InstanceId, Refusal> refusals) {
    super(
        "meeting %s: %s"
            .formatted(
                id,
                refusals.entrySet().stream()
                    .map(entry ->
                        "%s is not terminated: %s".formatted(entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining("; "))));
    this.code = refusals.values().iterator().next().code();
  }

  @Override
  public Optional<String> errorCode() {
    return Optional.of(code);
  }
}
