package io.elephant.launcher.local;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Lost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Lambda as it delivers many asynchronous events: to as many processes as there are events at a
 * time, or as the concurrency allows. A process that has ended with its event takes the next one.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html">How
 *     Lambda handles errors and retries with asynchronous invocation</a>
 */
public final class AsyncLambda implements AutoCloseable {

  /** How long after each failure an event is delivered again, before it is lost. */
  private static final List<Duration> REDELIVERIES =
      List.of(Duration.ofMinutes(1), Duration.ofMinutes(2));

  /** How long an event waits that finds the concurrency used up: at first, and at most. */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  private final FunctionPackage function;
  private final Map<String, String> variables;
  private final Duration timeout;
  private final int mostProcesses;
  private final Path log;
  private final ConcurrentLinkedQueue<FunctionProcess> processes = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedDeque<FunctionProcess> warm = new ConcurrentLinkedDeque<>();
  private final Semaphore concurrency;
  private final AtomicInteger redelivered = new AtomicInteger();
  private final ExecutorService deliveries = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Lambda before its first event.
   *
   * @param variables the function's, beside those that Lambda gives it
   * @param timeout how long the function may take for an event
   * @param concurrency how many events may be under way at a time
   * @param directory where to unpack the function: hundreds of copies would not share their memory
   * @param log the file to which all processes write what they log
   */
  public AsyncLambda(
      FunctionPackage function,
      Map<String, String> variables,
      Duration timeout,
      int concurrency,
      Path directory,
      Path log) {
    this.variables = variables;
    this.timeout = timeout;
    this.mostProcesses = concurrency;
    this.concurrency = new Semaphore(concurrency);
    this.log = log;
    try {
      List<String> command = function.unpack(directory, List.of());
      this.function = (_, _) -> command;
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts so many processes, or as many as may run, and waits until each asks for its event. */
  public void start(int count) {
    List<FunctionProcess> started =
        Stream.generate(this::start).limit(Math.min(count, mostProcesses)).toList();
    started.forEach(FunctionProcess::awaitReady);
    warm.addAll(started);
  }

  public void deliver(List<String> events) {
    events.forEach(event -> deliveries.execute(() -> deliver(event)));
    deliveries.shutdown();
  }

  /** Waits so long for the end of every event; says whether that has come. */
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    return deliveries.awaitTermination(patience.toMillis(), MILLISECONDS);
  }

  public int redelivered() {
    return redelivered.get();
  }

  private void deliver(String event) {
    try {
      boolean isAnswered = invoke(event);
      for (int again = 0; !isAnswered && again < REDELIVERIES.size(); again++) {
        Thread.sleep(REDELIVERIES.get(again));
        redelivered.incrementAndGet();
        isAnswered = invoke(event);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean invoke(String event) throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (!concurrency.tryAcquire()) {
      // AWS's page does not say that it is random; in step all would come at once each time.
      long half = pause.toNanos() / 2;
      Thread.sleep(Duration.ofNanos(half + ThreadLocalRandom.current().nextLong(half)));
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
    try {
      FunctionProcess free = warm.pollLast();
      FunctionProcess process = free == null ? start() : free;
      InvocationResult result = process.invoke(event);
      if (!(result instanceof Lost)) {
        warm.addLast(process);
      }
      return result instanceof Answered;
    } finally {
      concurrency.release();
    }
  }

  private FunctionProcess start() {
    FunctionProcess process = FunctionProcess.start(function, variables, timeout, Optional.of(log));
    processes.add(process);
    return process;
  }

  @Override
  public void close() {
    deliveries.shutdownNow();
    processes.forEach(FunctionProcess::close);
  }
}
