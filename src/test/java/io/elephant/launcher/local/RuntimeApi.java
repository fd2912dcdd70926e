package io.elephant.launcher.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Failed;
import io.elephant.launcher.local.InvocationResult.Lost;
import io.quarkus.amazon.lambda.runtime.AmazonLambdaApi;
import io.quarkus.amazon.lambda.runtime.MockEventServer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The Lambda runtime API of one execution environment: hands events to the one function process
 * that polls it, and takes its answers.
 *
 * <p>It is Quarkus's mock event server with what the <a
 * href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html">runtime API</a> has and
 * that lacks: the deadline and the function's ARN with each event, and the report of a failed
 * start.
 */
public final class RuntimeApi implements AutoCloseable {

  /** The name of the header in which a runtime repeats the type of an error. */
  static final String ERROR_TYPE_HEADER = "Lambda-Runtime-Function-Error-Type";

  static final String FUNCTION_ARN =
      "arn:aws:lambda:eu-central-1:123456789012:function:elephant-launch-ec2";
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int FAILED = 500;

  private static final Duration MOMENT = Duration.ofMillis(1);

  private static final JsonMapper JSON = new JsonMapper();

  private final Duration timeout;
  private final Server server = new Server();
  private final HttpClient http = HttpClient.newHttpClient();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<InvocationResult> end = new CompletableFuture<>();
  private CompletableFuture<InvocationResult> queued = end;

  private RuntimeApi(Duration timeout) {
    this.timeout = timeout;
    server.start(0);
  }

  /** Starts the API for a function with this timeout. */
  public static RuntimeApi start(Duration timeout) {
    return new RuntimeApi(timeout);
  }

  /** Host, port and path: the value for {@code AWS_LAMBDA_RUNTIME_API}. */
  public String address() {
    return "127.0.0.1:" + server.getPort() + AmazonLambdaApi.API_BASE_PATH_TEST;
  }

  /** Completes when the function asks for its first event, or when it never will. */
  public CompletableFuture<Void> ready() {
    return ready.applyToEither(end.thenApply(_ -> null), Function.identity());
  }

  /** Delivers an event; one that comes while another is under way waits its turn. */
  public CompletableFuture<InvocationResult> deliver(byte[] event) {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + address()))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(event))
            .build();
    return http.sendAsync(request, BodyHandlers.ofString())
        .thenApply(RuntimeApi::result)
        .applyToEither(end, Function.identity());
  }

  /** Takes an event for a process that is yet to be started, and waits until it is there. */
  public void queue(byte[] event) {
    queued = deliver(event);
    server.awaitEvent();
  }

  /** How the event ended that was queued. */
  public CompletableFuture<InvocationResult> queued() {
    return queued;
  }

  /** The process is gone: whatever it was at is lost. */
  void lose(String reason) {
    end.complete(new Lost(reason));
  }

  private static InvocationResult result(HttpResponse<String> response) {
    return switch (response.statusCode()) {
      case OK -> new Answered(response.body());
      case FAILED -> failed(response.body());
      default -> new Lost("The runtime API answered " + response.statusCode());
    };
  }

  static Failed failed(String report) {
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
    http.shutdownNow();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final class Server extends MockEventServer {

    @Override
    public void setupRoutes() {
      httpServer = onLoopback(httpServer);
      router.route(NEXT_INVOCATION).handler(this::addHeaders);
      super.setupRoutes();
    }

    @Override
    protected void defaultHandlerSetup() {
      router.post(BASE_PATH + AmazonLambdaApi.API_PATH_INIT_ERROR).handler(this::failStart);
      super.defaultHandlerSetup();
    }

    void awaitEvent() {
      while (queue.isEmpty()) {
        LockSupport.parkNanos(MOMENT.toNanos());
      }
    }

    private void addHeaders(RoutingContext context) {
      ready.complete(null);
      HttpServerResponse response = context.response();
      context.addHeadersEndHandler(_ ->
          response
              .putHeader(
                  AmazonLambdaApi.LAMBDA_RUNTIME_DEADLINE_MS,
                  Long.toString(Instant.now().plus(timeout).toEpochMilli()))
              .putHeader(AmazonLambdaApi.LAMBDA_RUNTIME_INVOKED_FUNCTION_ARN, FUNCTION_ARN));
      context.next();
    }

    private void failStart(RoutingContext context) {
      end.complete(failed(context.body().asString()));
      context.response().setStatusCode(ACCEPTED).end();
    }

    /** The mock event server listens on every interface, and has no option to change that. */
    private static HttpServer onLoopback(HttpServer server) {
      return (HttpServer)
          Proxy.newProxyInstance(
              HttpServer.class.getClassLoader(),
              new Class<?>[] {HttpServer.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("listen")) {
                  return server.listen(0, InetAddress.getLoopbackAddress().getHostAddress());
                }
                try {
                  Object result = method.invoke(server, arguments);
                  return server.equals(result) ? proxy : result;
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }
  }
}
