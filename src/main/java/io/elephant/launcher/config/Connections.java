package io.elephant.launcher.config;

import static java.util.Collections.nCopies;

import io.quarkus.runtime.LaunchMode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * The HTTP clients of a launch and the connections that they keep, which are opened beside the
 * start of Quarkus. Until a function asks for its first event it has a whole processor, and
 * afterwards only the share that belongs to its memory; handshakes are most of what a cold launch
 * computes.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html">Understanding
 *     the Lambda execution environment lifecycle</a>
 */
final class Connections {

  /** Nobody waits longer for what a call opens by itself, as on a machine that is overloaded. */
  private static final long MAX_WAIT_MILLIS = 2000;

  private static Optional<Connections> ofProcess = Optional.empty();

  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("connect").factory());

  /** One try takes three seconds of DynamoDB's at the most. */
  private final CompletableFuture<SdkHttpClient> dynamoDb =
      client(Duration.ofSeconds(1), Duration.ofSeconds(2));

  /** EC2 takes its time for RunInstances, and only its answer names the instance. */
  private final CompletableFuture<SdkHttpClient> ec2 =
      client(Duration.ofSeconds(3), Duration.ofSeconds(20));

  /** To EC2 one for each of two roles, and one for the look at what runs already. */
  private final Future<?> open =
      threads.submit(() ->
          threads.invokeAll(
              List.of(
                  () -> open(dynamoDb.join(), "DYNAMODB", 1), () -> open(ec2.join(), "EC2", 3))));

  private Connections() {}

  /** Those of this process, which are begun when they are first asked for. */
  static synchronized Connections ofProcess() {
    Connections connections = ofProcess.orElseGet(Connections::new);
    ofProcess = Optional.of(connections);
    return connections;
  }

  private CompletableFuture<SdkHttpClient> client(Duration connect, Duration read) {
    return CompletableFuture.supplyAsync(() -> Beans.http(connect, read), threads);
  }

  SdkHttpClient dynamoDb() {
    return dynamoDb.join();
  }

  SdkHttpClient ec2() {
    return ec2.join();
  }

  /** Waits for the connections. One that cannot be opened in time is opened by its first call. */
  void await() throws InterruptedException {
    try {
      open.get(MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException _) {
      // The call that needs one says what is wrong.
    }
  }

  /**
   * Opens one connection, and then all that there are to be: its session is resumed by the others,
   * whose handshakes are cheaper for it. Without TLS a connection costs nothing.
   */
  private Void open(SdkHttpClient http, String service, int connections) throws Exception {
    URI endpoint =
        SdkVariables.ofProcess().endpoint(service).orElseGet(() -> endpointOfAws(service));
    if (LaunchMode.current() == LaunchMode.NORMAL && "https".equals(endpoint.getScheme())) {
      Callable<InputStream> ask = () -> ask(http, endpoint);
      ask.call().readAllBytes();
      // Read once all have come: a connection whose answer was read would serve the next request.
      for (Future<InputStream> answer : threads.invokeAll(nCopies(connections, ask))) {
        answer.get().readAllBytes();
      }
    }
    return null;
  }

  /** Where most partitions have it; another endpoint of AWS's is connected to by a call. */
  private static URI endpointOfAws(String service) {
    String name = Optional.ofNullable(System.getenv("LAUNCH_REGION")).orElse("").strip();
    String region = name.isEmpty() ? Variable.LAUNCH_REGION.byDefault() : name;
    String suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    return URI.create(
        "https://%s.%s.%s".formatted(service.toLowerCase(Locale.ROOT), region, suffix));
  }

  /** A plain request is no call of the service's API: nothing is signed or counted. */
  private static InputStream ask(SdkHttpClient http, URI endpoint) throws IOException {
    SdkHttpRequest get = SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(endpoint).build();
    return http.prepareRequest(HttpExecuteRequest.builder().request(get).build())
        .call()
        .responseBody()
        .<InputStream>map(body -> body)
        .orElseGet(InputStream::nullInputStream);
  }
}
