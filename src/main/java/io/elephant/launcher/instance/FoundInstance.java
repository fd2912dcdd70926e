package io.elephant.launcher.instance;

import io.elephant.launcher.failure.Refusal;
import java.time.Instant;

/** The instance that an attempt's token started, as DescribeInstances shows it. */
public sealed interface FoundInstance {

  /** It is pending or running. */
  record Alive(InstanceId instance) implements FoundInstance {}

  /** It is stopped or stopping. */
  record Stopped(InstanceId instance) implements FoundInstance {}

  /**
   * It is terminated or about to be. EC2 shows it for about an hour.
   *
   * @param why EC2's {@code StateReason}
   */
  record Dead(InstanceId instance, Instant launched, Refusal why) implements FoundInstance {}
}
