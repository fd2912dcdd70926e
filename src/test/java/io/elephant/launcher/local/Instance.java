package io.elephant.launcher.local;

import java.time.Instant;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * An instance as it was when it was looked at.
 *
 * @param token the client token that it was started with, if any
 * @param tags the tags on the instance itself
 * @param request every parameter of the RunInstances call that started it, under the names of the
 *     EC2 Query protocol, such as {@code BlockDeviceMapping.1.Ebs.VolumeSize}
 * @param reason why it no longer runs, if it does not
 */
public record Instance(
    String id,
    String reservationId,
    Subnet subnet,
    String type,
    String imageId,
    @Nullable String token,
    Map<String, String> tags,
    SequencedMap<String, String> request,
    Instant launchTime,
    State state,
    @Nullable Reason reason) {

  /**
   * Why it is in its state, where EC2 says so.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html">StateReason</a>
   */
  public record Reason(String code, String message) {

    static final Reason USER =
        new Reason("Client.UserInitiatedShutdown", "User initiated shutdown");
    static final Reason HOST_FAILED =
        new Reason("Server.InternalError", "Internal error on launch");
  }

  /**
   * The life of an instance. Codes and names are those of <a
   * href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html">
   * InstanceState</a>.
   */
  public enum State {
    /** Starting. */
    PENDING(0, "pending"),
    /** Started. */
    RUNNING(16, "running"),
    /** On its way out. */
    SHUTTING_DOWN(32, "shutting-down"),
    /** Gone, though EC2 shows it for about an hour more. */
    TERMINATED(48, "terminated"),
    /** Stopped; it can be started again. */
    STOPPED(80, "stopped");

    private final int code;
    private final String text;

    State(int code, String text) {
      this.code = code;
      this.text = text;
    }

    int code() {
      return code;
    }

    /** Whether the instance runs, or will, and costs money. */
    public boolean isLive() {
      return this == PENDING || this == RUNNING;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** The zone that it runs in. */
  public String zone() {
    return subnet.zone();
  }

  /** The value of a tag, or nothing. */
  public @Nullable String tag(String key) {
    return tags.get(key);
  }

  /** Whether it runs, or will, and costs money. */
  public boolean isLive() {
    return state.isLive();
  }

  /** Whether it will never run again. */
  boolean isGone() {
    return state == State.SHUTTING_DOWN || state == State.TERMINATED;
  }
}
