package io.elephant.launcher.fake;

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
    Optional<Ec2Error> reason,
    String oldReason) {

  /** The states of an instance's life. */
  public enum State {
    PENDING,
    RUNNING,
    STOPPING,
    STOPPED,
    SHUTTING_DOWN,
    TERMINATED;

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
