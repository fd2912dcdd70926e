package io.elephant.launcher.launch;

import io.elephant.launcher.failure.OutOfTime;
import io.elephant.launcher.instance.RunResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** An invocation whose time ends while EC2 starts its instances; the answers come afterwards. */
final class SlowInvocation implements Invocation {

  private final FakeInvocation invocation =
      new FakeInvocation(Instant.parse("2026-11-22T09:55:00Z"), Duration.ofMinutes(5));
  private final List<Runnable> late = new ArrayList<>();

  /** EC2's answers come. */
  void answerLate() {
    late.forEach(Runnable::run);
  }

  @Override
  public String id() {
    return invocation.id();
  }

  @Override
  public Instant now() {
    return invocation.now();
  }

  @Override
  public Duration remaining() {
    return invocation.remaining();
  }

  @Override
  public void pause(Duration limit) {
    invocation.pause(limit);
  }

  @Override
  public <T> Pending<T> beside(Supplier<T> task) {
    T result = task.get();
    return new Pending<>() {
      @Override
      public T get() {
        if (result instanceof RunResult) {
          invocation.pause(Duration.ofMinutes(5));
          throw new OutOfTime();
        }
        return result;
      }

      @Override
      public void whenDone(Consumer<T> duty) {
        late.add(() -> duty.accept(result));
      }
    };
  }

  @Override
  public void tell(Step step) {}
}
