package io.elephant.launcher.fake;

import io.elephant.launcher.failure.Refusal;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An instance as one DescribeInstances call shows it, which can be as it was a while ago.
 *
 * @param launched by EC2's clock, in milliseconds
 * @param reason the {@code StateReason}, where there is one
 * @param oldReason the {@code StateTransitionReason}, such as "User initiated (2026-11-22 09:55:00
 *     GMT)"; empty where there is none
 */
public record InstanceView(
    String id,
    State state,
    StartRequest request,
    Map<String, String> tags,
    long launched,
    Optional<Refusal> reason,
    String oldReason) {

  /**
   * The states of an instance's life.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html">InstanceState</a>
   */
  public enum State {
    PENDING(0),
    RUNNING(16),
    STOPPING(64),
    STOPPED(80),
    SHUTTING_DOWN(32),
    TERMINATED(48);

    private final int code;

    State(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }

    /** EC2's word for it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean isDead() {
      return this == SHUTTING_DOWN || this == TERMINATED;
    }

    public boolean isStopped() {
      return this == STOPPING || this == STOPPED;
    }
  }

  public String tag(String name) {
    return tags.getOrDefault(name, "");
  }
}
