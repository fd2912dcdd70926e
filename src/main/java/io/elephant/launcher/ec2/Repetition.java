package io.elephant.launcher.ec2;

import java.time.Duration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkServiceClientConfiguration;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;

/**
 * How often the SDK repeats a call unasked. The launch protocol repeats with patience, and knows
 * how much time it has.
 */
public final class Repetition {

  private static final Duration PAUSE = Duration.ofMillis(200);

  private Repetition() {}

  /** For what asks: a connection that was cut costs no round of the protocol's. */
  public static RetryStrategy once() {
    return AwsRetryStrategy.standardRetryStrategy().toBuilder()
        .maxAttempts(2)
        .backoffStrategy(BackoffStrategy.exponentialDelay(PAUSE, PAUSE))
        .throttlingBackoffStrategy(BackoffStrategy.exponentialDelay(PAUSE, PAUSE))
        .circuitBreakerEnabled(false)
        .build();
  }

  /** For what starts and what ends. */
  static void never(SdkServiceClientConfiguration.Builder client) {
    client.overrideConfiguration(
        client
            .overrideConfiguration()
            .copy(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry())));
  }
}
