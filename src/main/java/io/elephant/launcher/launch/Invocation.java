package io.elephant.launcher.launch;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** What the protocol needs of the invocation that it runs in: time, more than one hand, an ear. */
public interface Invocation {

  Instant now();

  /** How long until the invocation is cut off. */
  Duration remaining();

  /** Waits for a random time of at most {@code limit}, so that deliveries do not keep step. */
  void pause(Duration limit);

  /**
   * Starts a task beside its caller. The supplier waits for the task to end, answers with its
   * result and throws what it threw.
   */
  <T> Supplier<T> beside(Supplier<T> task);

  /** Hears of a step, as it is taken. */
  void tell(Step step);
}
