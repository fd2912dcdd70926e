package io.elephant.launcher.launch;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What the protocol needs of the invocation that it runs in: time, threads, and a listener. */
public interface Invocation {

  /** What names this invocation apart from every other one, repeated deliveries included. */
  String id();

  Instant now();

  /** How long until the invocation is cut off. */
  Duration remaining();

  /**
   * Waits for a random time between half of {@code limit} and all of it, so that deliveries do not
   * keep step.
   */
  void pause(Duration limit);

  /** Starts a task beside its caller. */
  <T> Pending<T> beside(Supplier<T> task);

  /** Hears of a step, as it is taken. */
  void tell(Step step);

  /** A task that was started beside its caller. */
  interface Pending<T> extends Supplier<T> {

    /**
     * Waits for the task to end, answers with its result and throws what it threw.
     *
     * @throws io.elephant.launcher.failure.OutOfTime if the invocation has no time left to wait
     */
    @Override
    T get();

    /**
     * What is to be done with the result once it is there, for who could not wait for it; after the
     * invocation's end too, as long as the process lives.
     */
    void whenDone(Consumer<T> duty);
  }
}
