package io.elephant.launcher.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.launch.Step;
import io.elephant.launcher.telemetry.InvocationLog;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
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
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(9);

  /** The end of the invocation, in which nothing is waited for: to record and to reply. */
  private static final Duration RECORD_AND_REPLY = Duration.ofSeconds(4);

  /** The time that it takes to write the log and to tell Lambda. */
  private static final Duration LAST_MOMENT = Duration.ofMillis(500);

  /**
   * Threads of the operating system: a native executable of GraalVM 25 now and then loses the
   * wake-up of a virtual thread that waits for a socket, and the call then takes its time-out.
   */
  private static final Executor THREADS =
      task -> Thread.ofPlatform().daemon().name("async").start(task);

  /** Lambda gives a redelivered event the same request id, so that does not name an invocation. */
  private final String id = UUID.randomUUID().toString();

  private final Instant deadline;
  private final InvocationLog log;

  LambdaInvocation(Context context, InvocationLog log) {
    Duration remaining = Duration.ofMillis(context.getRemainingTimeInMillis());
    boolean known = remaining.isPositive() && remaining.compareTo(MAX_TIMEOUT) <= 0;
    this.deadline = Instant.now().plus(known ? remaining : DEFAULT_TIMEOUT);
    this.log = log;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public Duration remaining() {
    return Duration.between(Instant.now(), deadline);
  }

  @Override
  public void sleep(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public Duration vary(Duration limit) {
    long most = limit.toNanos();
    return Duration.ofNanos(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
  }

  @Override
  public <T> Pending<T> async(Supplier<T> task) {
    return start(task, RECORD_AND_REPLY);
  }

  /**
   * What the task answers or throws. The caller waits for it until shortly before the end, whatever
   * the task still waits for then: a process that is cut off tells nobody why.
   *
   * @throws OutOfTime if the task has not ended by then
   */
  <T> T inTime(Supplier<T> task) {
    return start(task, LAST_MOMENT).get();
  }

  @Override
  public void record(Step step) {
    log.add(step);
  }

  private <T> Pending<T> start(Supplier<T> task, Duration reserve) {
    CompletableFuture<T> running =
        CompletableFuture.supplyAsync(
            () -> ScopedValue.where(InvocationLog.CURRENT, log).call(task::get), THREADS);
    return () -> {
      try {
        return running.get(remaining().minus(reserve).toMillis(), TimeUnit.MILLISECONDS);
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
}
