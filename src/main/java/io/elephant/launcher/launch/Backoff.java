package io.elephant.launcher.launch;

import java.time.Duration;

/** Ever longer pauses between repetitions, for as long as the invocation has time to spare. */
final class Backoff {

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Invocation invocation;
  private final Duration reserve;
  private Duration limit = SHORTEST;

  /**
   * @param reserve what is kept of the invocation's time for the repetition itself
   */
  Backoff(Invocation invocation, Duration reserve) {
    this.invocation = invocation;
    this.reserve = reserve;
  }

  /** Pauses, or says {@code false} at once where the invocation has no time for another try. */
  boolean pause() {
    Duration left = invocation.remaining().minus(reserve);
    if (left.compareTo(SHORTEST) < 0) {
      return false;
    }
    invocation.pause(limit.compareTo(left) < 0 ? limit : left);
    Duration doubled = limit.multipliedBy(2);
    limit = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    return true;
  }

  /** Something went well: the next pause is short again. */
  void reset() {
    limit = SHORTEST;
  }
}
