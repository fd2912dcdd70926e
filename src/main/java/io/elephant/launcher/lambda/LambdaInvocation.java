package io.elephant.launcher.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import io.elephant.launcher.failure.OutOfTime;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.launch.Step;
import io.elephant.launcher.telemetry.InvocationLog;
import java.time.Clock;
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
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** An invocation of the Lambda function: the system's clock, and a thread for each task. */
public final class LambdaInvocation implements Invocation {

  private static final Logger LOG = Logger.getLogger(LambdaInvocation.class);

  /** Lambda's longest time-out; a runtime that names a later deadline has none. */
  private static final Duration MAX_TIMEOUT = Duration.ofMinutes(15);

  /** For a runtime without a deadline, such as Quarkus's mock event server. */
  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(9);

  /** The end of the invocation, in which nothing is waited for: to record and to reply. */
  private static final Duration RESERVE = Duration.ofSeconds(4);

  /** The time that it takes to write the log and to tell Lambda. */
  private static final Duration LAST_MOMENT = Duration.ofMillis(500);

  /**
   * Threads of the operating system: a native executable of GraalVM 25 now and then loses the
   * wake-up of a virtual thread that waits for a socket, and the call then takes its time-out.
   */
  private static final Executor THREADS =
      task -> Thread.ofPlatform().daemon().name("beside").start(task);

  /** Lambda gives a redelivered event the same request id, so that does not name an invocation. */
  private final String id = UUID.randomUUID().toString();

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
  public String id() {
    return id;
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
    long most = limit.toNanos();
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
  }

  @Override
  public <T> Pending<T> beside(Supplier<T> task) {
    return new Task<>(task, RESERVE);
  }

  /**
   * What the task answers or throws. The caller waits for it until shortly before the end, whatever
   * the task still waits for then: a process that is cut off tells nobody why.
   *
   * @throws OutOfTime if the task has not ended by then
   */
  <T> T inTime(Supplier<T> task) {
    return new Task<>(task, LAST_MOMENT).get();
  }

  @Override
  public void tell(Step step) {
    log.add(step);
  }

  private final class Task<T> implements Pending<T> {

    private final CompletableFuture<T> running;
    private final Duration reserve;

    private Task(Supplier<T> task, Duration reserve) {
      this.running =
          CompletableFuture.supplyAsync(
              () -> ScopedValue.where(InvocationLog.CURRENT, log).call(task::get), THREADS);
      this.reserve = reserve;
    }

    @Override
    public T get() {
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
    }

    /** Never in the caller's thread, which a duty would keep beyond the end. */
    @Override
    public void whenDone(Consumer<T> duty) {
      var _ =
          running.thenAcceptAsync(
              result -> ScopedValue.where(InvocationLog.CURRENT, log).run(() -> doIt(duty, result)),
              THREADS);
    }

    private void doIt(Consumer<T> duty, T result) {
      try {
        duty.accept(result);
      } catch (RuntimeException e) {
        LOG.error("A late answer could not be dealt with", e);
      }
    }
  }
}
