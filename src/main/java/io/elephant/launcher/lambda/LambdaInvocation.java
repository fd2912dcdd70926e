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

/** An invocation of the Lambda function: real time, and a thread for everything done beside it. */
public final class LambdaInvocation implements Invocation {

  /** Lambda's longest time-out; what lies beyond is no deadline. */
  private static final Duration LONGEST = Duration.ofMinutes(15);

  /** For a runtime that names no deadline, such as Quarkus's mock event server. */
  private static final Duration UNSAID = Duration.ofMinutes(5);

  /** Kept back from every wait, to record and to answer. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(4);

  /**
   * Threads of the operating system: a native executable of GraalVM 25 now and then loses the
   * wake-up of a virtual thread that waits for a socket, and the call then takes its time-out.
   */
  private static final Executor HANDS =
      task -> Thread.ofPlatform().daemon().name("beside").start(task);

  private final Clock clock;
  private final Instant deadline;
  private final InvocationLog journal;

  private LambdaInvocation(Clock clock, Instant deadline, InvocationLog journal) {
    this.clock = clock;
    this.deadline = deadline;
    this.journal = journal;
  }

  static LambdaInvocation of(Context context, InvocationLog journal) {
    Clock clock = Clock.systemUTC();
    Duration remaining = Duration.ofMillis(context.getRemainingTimeInMillis());
    boolean said = remaining.isPositive() && remaining.compareTo(LONGEST) <= 0;
    return new LambdaInvocation(clock, clock.instant().plus(said ? remaining : UNSAID), journal);
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
    Supplier<T> noted = () -> ScopedValue.where(InvocationLog.CURRENT, journal).call(task::get);
    CompletableFuture<T> running = CompletableFuture.supplyAsync(noted, HANDS);
    return () -> {
      try {
        return running.get(remaining().minus(LAST_WORDS).toMillis(), TimeUnit.MILLISECONDS);
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
    journal.enter(step);
  }
}
