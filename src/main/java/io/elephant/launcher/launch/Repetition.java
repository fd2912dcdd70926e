package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import java.time.Duration;
import java.util.function.Supplier;

/** Repeats a call outside the loop, with pauses that grow, for as long as there is time. */
public final class Repetition {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(8);

  private final Invocation invocation;
  private final Duration reserve;
  private Duration pause = FIRST_PAUSE;

  /**
   * @param reserve what is kept of the invocation's time for what follows
   */
  public Repetition(Invocation invocation, Duration reserve) {
    this.invocation = invocation;
    this.reserve = reserve;
  }

  /** Pauses, or says {@code false} at once where there is no time for another try. */
  public boolean pauses() {
    if (invocation.remaining().compareTo(reserve.plus(pause)) < 0) {
      return false;
    }
    invocation.sleep(invocation.vary(pause));
    Duration longer = pause.multipliedBy(2);
    pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    return true;
  }

  /**
   * The call's answer.
   *
   * @throws CallFailed as the last call did
   */
  public <T> T of(Supplier<T> call) {
    while (true) {
      try {
        return call.get();
      } catch (CallFailed e) {
        if (!e.verdict().mayHeal() || !pauses()) {
          throw e;
        }
      }
    }
  }
}
