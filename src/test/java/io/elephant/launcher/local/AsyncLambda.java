package io.elephant.launcher.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Lost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Lambda as it delivers many asynchronous events: to as many processes as there are events at a
 * time, or as the concurrency allows, over one runtime API in which each process has its own path.
 *
 * <p>A process that has ended with its event takes the next one; one that has run out of time is
 * killed. A test that looks at a single process takes {@link FunctionProcess}.
 */
public final class AsyncLambda implements AutoCloseable {

  /**
   * When Lambda delivers, by <a
   * href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html">How
   * Lambda handles errors and retries with asynchronous invocation</a>.
   *
   * @param timeout how long the function may take for an event
   * @param concurrency how many events may be under way at a time
   * @param redeliveries how long after each failure an event is delivered again, before it is lost
   * @param firstPause how long an event waits that finds the concurrency used up; twice as long
   *     each time after that
   * @param longestPause the longest such pause
   */
  public record Rules(
      Duration timeout,
      int concurrency,
      List<Duration> redeliveries,
      Duration firstPause,
      Duration longestPause) {

    /** Lambda's own, for a function with this time-out and this concurrency. */
    public static Rules of(Duration timeout, int concurrency) {
      return new Rules(
          timeout,
          concurrency,
          List.of(Duration.ofMinutes(1), Duration.ofMinutes(2)),
          Duration.ofSeconds(1),
          Duration.ofMinutes(5));
    }
  }

  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int NO_BODY = -1;

  private final Map<String, String> variables;
  private final Rules rules;
  private final Path log;
  private final Path directory;
  private final List<String> command;
  private final List<Environment> environments = new ArrayList<>();
  private final ConcurrentLinkedDeque<Environment> warm = new ConcurrentLinkedDeque<>();
  private final Semaphore concurrency;
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicInteger redelivered = new AtomicInteger();
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private final ExecutorService deliveries = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  /**
   * Lambda before its first event.
   *
   * @param variables the function's, beside those that Lambda gives it
   * @param log the file to which all processes write what they log
   */
  public AsyncLambda(
      FunctionPackage function, Map<String, String> variables, Rules rules, Path log) {
    this.variables = variables;
    this.rules = rules;
    this.log = log;
    this.concurrency = new Semaphore(rules.concurrency());
    try {
      // One file for all: hundreds of copies of an executable would not share their memory.
      this.directory = Files.createTempDirectory("lambda");
      this.command = function.unpack(directory, List.of());
      Files.deleteIfExists(log);
      var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      this.server = HttpServer.create(loopback, StandIn.BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(requests);
    server.start();
  }

  /** Starts so many processes, or as many as may run, and waits until each asks for its event. */
  public void start(int processes) {
    List<Environment> started =
        Stream.generate(this::start).limit(Math.min(processes, rules.concurrency())).toList();
    started.forEach(environment -> environment.ready.join());
    warm.addAll(started);
  }

  /** Takes all of these events at once. */
  public void deliver(List<String> events) {
    events.forEach(event -> deliveries.execute(() -> deliver(event)));
    deliveries.shutdown();
  }

  /** Waits so long for the end of every event; says whether that has come. */
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    return deliveries.awaitTermination(patience.toMillis(), MILLISECONDS);
  }

  /** How many events the function has answered. */
  public int answered() {
    return answered.get();
  }

  /** How many events have failed each time, and would be in the failure queue. */
  public int lost() {
    return lost.get();
  }

  /** How often an event was delivered again. */
  public int redelivered() {
    return redelivered.get();
  }

  private void deliver(String event) {
    String requestId = UUID.randomUUID().toString();
    try {
      for (Duration pause : rules.redeliveries()) {
        if (invoke(requestId, event) instanceof Answered) {
          answered.incrementAndGet();
          return;
        }
        Thread.sleep(pause);
        redelivered.incrementAndGet();
      }
      boolean isAnswered = invoke(requestId, event) instanceof Answered;
      (isAnswered ? answered : lost).incrementAndGet();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private InvocationResult invoke(String requestId, String event) throws InterruptedException {
    Duration pause = rules.firstPause();
    while (!concurrency.tryAcquire()) {
      // AWS's page does not say that it is random; in step all would come at once each time.
      Thread.sleep(pause.dividedBy(2).plus(random(pause.dividedBy(2))));
      pause = Stream.of(pause.multipliedBy(2), rules.longestPause()).min(Duration::compareTo).get();
    }
    try {
      Environment free = warm.pollLast();
      Environment environment = free == null ? start() : free;
      var invocation = new Invocation(requestId, event, new CompletableFuture<>());
      InvocationResult result = environment.take(invocation);
      if (result instanceof Lost) {
        environment.kill();
      } else {
        warm.addLast(environment);
      }
      return result;
    } finally {
      concurrency.release();
    }
  }

  private static Duration random(Duration limit) {
    return Duration.ofNanos(ThreadLocalRandom.current().nextLong(limit.toNanos() + 1));
  }

  private Environment start() {
    synchronized (environments) {
      var environment = new Environment(environments.size());
      environments.add(environment);
      return environment;
    }
  }

  private Environment environment(int number) {
    synchronized (environments) {
      return environments.get(number);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    String[] path = exchange.getRequestURI().getPath().split("/", 3);
    try (exchange) {
      environment(Integer.parseInt(path[1])).handle(path[2], exchange);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Invocation(
      String requestId, String event, CompletableFuture<InvocationResult> result) {}

  /** One process and its part of the runtime API. */
  private final class Environment {

    private final BlockingQueue<Invocation> next = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<InvocationResult> end = new CompletableFuture<>();
    private final Process process;
    private volatile CompletableFuture<InvocationResult> current = end;

    private Environment(int number) {
      String host = InetAddress.getLoopbackAddress().getHostAddress();
      String api = "%s:%d/%d".formatted(host, server.getAddress().getPort(), number);
      // To a file, for hundreds of pipes would want as many threads that read them.
      var builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().clear();
      builder.environment().putAll(FunctionProcess.ofLambda(api, directory));
      builder.environment().putAll(variables);
      try {
        process = builder.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      var _ = process.onExit().thenAccept(ended -> end("It ended with " + ended.exitValue()));
    }

    private void end(String why) {
      ready.completeExceptionally(new IllegalStateException(why + ", see " + log));
      end.complete(new Lost(why));
    }

    InvocationResult take(Invocation invocation) {
      current = invocation.result();
      next.add(invocation);
      return (InvocationResult) CompletableFuture.anyOf(invocation.result(), end).join();
    }

    void kill() {
      process.destroyForcibly().onExit().join();
    }

    void handle(String path, HttpExchange exchange) throws IOException, InterruptedException {
      if (path.endsWith("/next")) {
        ready.complete(null);
        hand(next.take(), exchange);
        return;
      }
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      current.complete(path.endsWith("/response") ? new Answered(body) : RuntimeApi.failed(body));
      exchange.sendResponseHeaders(ACCEPTED, NO_BODY);
    }

    private void hand(Invocation invocation, HttpExchange exchange) throws IOException {
      Instant deadline = Instant.now().plus(rules.timeout());
      var headers = exchange.getResponseHeaders();
      headers.set("Content-Type", "application/json");
      headers.set("Lambda-Runtime-Aws-Request-Id", invocation.requestId());
      headers.set("Lambda-Runtime-Deadline-Ms", Long.toString(deadline.toEpochMilli()));
      headers.set("Lambda-Runtime-Invoked-Function-Arn", RuntimeApi.FUNCTION_ARN);
      byte[] event = invocation.event().getBytes(UTF_8);
      exchange.sendResponseHeaders(OK, event.length);
      exchange.getResponseBody().write(event);
      var _ =
          invocation
              .result()
              .completeOnTimeout(
                  new Lost("Task timed out"), rules.timeout().toMillis(), MILLISECONDS);
    }
  }

  @Override
  public void close() {
    deliveries.shutdownNow();
    synchronized (environments) {
      environments.forEach(Environment::kill);
    }
    server.stop(0);
    requests.shutdownNow();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
