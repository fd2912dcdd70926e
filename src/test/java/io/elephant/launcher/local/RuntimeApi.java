package io.elephant.launcher.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Failed;
import io.elephant.launcher.local.InvocationResult.Lost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * The <a href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">Lambda runtime
 * API</a> of one execution environment: hands events to the one process that polls it, and takes
 * its answers. All environments share a server, in which each has a path of its own.
 */
public final class RuntimeApi implements AutoCloseable {

  private static final String FUNCTION_ARN =
      "arn:aws:lambda:eu-central-1:123456789012:function:elephant-launch-ec2";
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int NO_BODY = -1;
  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpServer SERVER = startServer();
  private static final AtomicInteger ENVIRONMENTS = new AtomicInteger();

  /** What whoever still polls is given once the API is closed: nothing. */
  private static final Invocation NONE = new Invocation(new byte[0], new CompletableFuture<>());

  private final Duration timeout;
  private final HttpContext context =
      SERVER.createContext("/" + ENVIRONMENTS.incrementAndGet(), this::handle);
  private final BlockingQueue<Invocation> waiting = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<InvocationResult> end = new CompletableFuture<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile Invocation current = NONE;

  private record Invocation(byte[] event, CompletableFuture<InvocationResult> result) {}

  public RuntimeApi(Duration timeout) {
    this.timeout = timeout;
  }

  private static HttpServer startServer() {
    try {
      var loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HttpServer server = StandIn.create(loopback);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Host, port and path: the value for {@code AWS_LAMBDA_RUNTIME_API}. */
  public String address() {
    return "127.0.0.1:" + SERVER.getAddress().getPort() + context.getPath();
  }

  /** Completes when the function asks for its first event, or when it never will. */
  public CompletableFuture<Void> ready() {
    return ready.applyToEither(end.thenApply(_ -> null), Function.identity());
  }

  /** Delivers an event; one that comes while another is under way waits its turn. */
  public CompletableFuture<InvocationResult> deliver(byte[] event) {
    var invocation = new Invocation(event, new CompletableFuture<>());
    waiting.add(invocation);
    return invocation.result().applyToEither(end, Function.identity());
  }

  /** The process is gone: whatever it was at is lost. */
  void lose(String reason) {
    end.complete(new Lost(reason));
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    try (exchange) {
      if (path.endsWith("/next")) {
        ready.complete(null);
        current = waiting.take();
        if (!current.equals(NONE)) {
          hand(current, exchange);
        }
        return;
      }
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      InvocationResult result = path.endsWith("/response") ? new Answered(body) : failed(body);
      (path.endsWith("/init/error") ? end : current.result()).complete(result);
      exchange.sendResponseHeaders(ACCEPTED, NO_BODY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hand(Invocation invocation, HttpExchange exchange) throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/json");
    headers.set("Lambda-Runtime-Aws-Request-Id", UUID.randomUUID().toString());
    headers.set(
        "Lambda-Runtime-Deadline-Ms", Long.toString(Instant.now().plus(timeout).toEpochMilli()));
    headers.set("Lambda-Runtime-Invoked-Function-Arn", FUNCTION_ARN);
    var lost = new Lost("Task timed out after " + timeout.toSeconds() + " s");
    invocation.result().completeOnTimeout(lost, timeout.toMillis(), MILLISECONDS);
    byte[] event = invocation.event();
    exchange.sendResponseHeaders(OK, event.length == 0 ? NO_BODY : event.length);
    exchange.getResponseBody().write(event);
  }

  private static Failed failed(String report) {
    try {
      JsonNode error = JSON.readTree(report);
      return new Failed(
          error.path("errorType").asText(), error.path("errorMessage").asText(), report);
    } catch (JsonProcessingException _) {
      return new Failed("", report, report);
    }
  }

  @Override
  public void close() {
    lose("The runtime API was closed");
    if (closed.compareAndSet(false, true)) {
      waiting.add(NONE);
      SERVER.removeContext(context);
    }
  }
}
