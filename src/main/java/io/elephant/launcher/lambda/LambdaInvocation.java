package io.elephant.launcher.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import io.elephant.launcher.failure.OutOfTime;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.launch.Step;
import io.elephant.launcher.telemetry.InvocationLog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** An invocation of the Lambda function: the system's clock, and a thread for each task. */
public final class LambdaInvocation implements Invocation {

  /** Lambda's longest time-out; a runtime that names a later deadline has none. */
  private static final Duration MAX_TIMEOUT = Duration.ofMinutes(15);

  /** For a runtime without a deadline, such as Quarkus's mock event server. */
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(5);

  /** The end of the invocation, in which nothing is waited for: to record and to reply. */
  private static final Duration RESERVE = Duration.ofSeconds(4);

  /**
   * Threads of the operating system: a native executable of GraalVM 25 now and then loses the
   * wake-up of a virtual thread that waits for a socket, and the call then takes its time-out.
   */
  private static final Executor THREADS =
      task -> Thread.ofPlatform().daemon().name("beside").start(task);

  private final Clock clock;
  private final Instant deadline;
  private final InvocationLog log;

  private LambdaInvocation(Clock clock, Instant deadline, InvocationLog log) {
    this.clock = clock;
    this.deadline = deadline;
    this.log = log;
  }

  static LambdaInvocation of(Context context, InvocationLog log) {
    Clock clock = Clock.systemUTC();
    Duration remaining = Duration.ofMillis(context.getRemainingTimeInMillis());
    boolean known = remaining.isPositive() && remaining.compareTo(MAX_TIMEOUT) <= 0;
    return new LambdaInvocation(
        clock, clock.instant().plus(known ? remaining : DEFAULT_TIMEOUT), log);
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public Duration remaining() {
    return Duration.between(clock.instant(), deadline);
  }

  @Override
  public void pause(Duration limit) {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(limit.toNanos() + 1));
  }

  @Override
  public <T> Supplier<T> beside(Supplier<T> task) {
    Supplier<T> logged = () -> ScopedValue.where(InvocationLog.CURRENT, log).call(task::get);
    CompletableFuture<T> running = CompletableFuture.supplyAsync(logged, THREADS);
    return () -> {
      try {
        return running.get(remaining().minus(RESERVE).toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        throw new OutOfTime();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CompletionException(e);
      } catch (ExecutionException e) {
        throw switch (e.getCause()) {
          case RuntimeException failure -> failure;
          case Error failure -> throw failure;
          case null, default -> new CompletionException(e);
        };
      }
    };
  }

  @Override
  public void tell(Step step) {
    log.add(step);
  }
}
