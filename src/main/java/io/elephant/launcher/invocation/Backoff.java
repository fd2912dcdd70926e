package io.elephant.launcher.invocation;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.MeetingsUnclear;
import java.time.Duration;
import java.util.function.Supplier;

/** Ever longer pauses between repetitions, for as long as the invocation has time to spare. */
public final class Backoff {

  private static final Duration SHORTEST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Invocation invocation;
  private final Duration reserve;
  private Duration limit = SHORTEST;

  /**
   * @param reserve what is kept of the invocation's time for the repetition itself
   */
  public Backoff(Invocation invocation, Duration reserve) {
    this.invocation = invocation;
    this.reserve = reserve;
  }

  /** Pauses, or says {@code false} at once where the invocation has no time for another try. */
  public boolean pause() {
    Duration left = invocation.remaining().minus(reserve);
    if (left.compareTo(SHORTEST) < 0) {
      return false;
    }
    invocation.pause(limit.compareTo(left) < 0 ? limit : left);
    Duration doubled = limit.multipliedBy(2);
    limit = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    return true;
  }

  /**
   * The call's answer. A call that failed is repeated while that may help and there is time.
   *
   * @throws LaunchFailure as the last call did
   */
  public <T> T repeat(Supplier<T> call) {
    while (true) {
      try {
        return call.get();
      } catch (LaunchFailure e) {
        if (!mayHeal(e) || !pause()) {
          throw e;
        }
      }
    }
  }

  private static boolean mayHeal(LaunchFailure failure) {
    return switch (failure) {
      case MeetingsUnclear _ -> true;
      case InstancesFailed ofEc2 -> ofEc2.mayHeal();
      default -> false;
    };
  }

  /** Something went well: the next pause is short again. */
  public void reset() {
    limit = SHORTEST;
  }
}
