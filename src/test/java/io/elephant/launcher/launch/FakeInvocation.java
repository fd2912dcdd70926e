package io.elephant.launcher.launch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * An invocation whose time passes only where it is slept away, and that does one thing at a time.
 */
public final class FakeInvocation implements Invocation {

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final String id = "invocation-" + COUNT.incrementAndGet();
  private final Instant deadline;
  private final List<Step> steps = new ArrayList<>();
  private Instant now;

  public FakeInvocation(Instant start, Duration timeout) {
    now = start;
    deadline = start.plus(timeout);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public Duration remaining() {
    return Duration.between(now, deadline);
  }

  @Override
  public void sleep(Duration time) {
    now = now.plus(time);
  }

  @Override
  public Duration vary(Duration limit) {
    return limit;
  }

  @Override
  public <T> Pending<T> async(Supplier<T> task) {
    try {
      T result = task.get();
      return () -> result;
    } catch (RuntimeException e) {
      return () -> {
        throw e;
      };
    }
  }

  @Override
  public void record(Step step) {
    steps.add(step);
  }

  /** What it has heard, in order. */
  public List<Step> steps() {
    return List.copyOf(steps);
  }
}
