package io.elephant.launcher.launch;

import java.time.Duration;

/** Ever longer pauses between repetitions, for as long as the invocation has time to spare. */
final class Backoff {

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** Kept for what follows the last repetition: its answer, and to record or to terminate. */
  private static final Duration RESERVE = Duration.ofSeconds(10);

  private Duration limit = SHORTEST;

  /** Pauses, or says {@code false} at once where the invocation has no time for another try. */
  boolean pause(Invocation invocation) {
    if (invocation.remaining().compareTo(limit.plus(RESERVE)) < 0) {
      return false;
    }
    invocation.pause(limit);
    Duration doubled = limit.multipliedBy(2);
    limit = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    return true;
  }
}
