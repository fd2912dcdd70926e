package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** What the protocol needs of the invocation that it runs in: time, threads, and a listener. */
public interface Invocation {

  /** What names this invocation apart from every other one, repeated deliveries included. */
  String id();

  Instant now();

  /** How long until the invocation is cut off. */
  Duration remaining();

  void sleep(Duration time);

  /** A random time between half of {@code limit} and all of it: deliveries must not keep step. */
  Duration vary(Duration limit);

  /** Starts a task in a thread of its own. */
  <T> Pending<T> async(Supplier<T> task);

  /** Hears of a step, as it is taken. */
  void record(Step step);

  /** A task that was started in a thread of its own. */
  interface Pending<T> extends Supplier<T> {

    /**
     * Waits for the task to end, answers with its result and throws what it threw.
     *
     * @throws OutOfTime if the invocation has no time left to wait
     */
    @Override
    T get();
  }
}
