package io.elephant.launcher.config;

import io.quarkus.runtime.LaunchMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

  private static final Executor THREADS =
      task -> Thread.ofPlatform().daemon().name("connect").start(task);

  private static Optional<Connections> ofProcess = Optional.empty();

  /** One try takes three seconds of DynamoDB's at the most. */
  private final CompletableFuture<SdkHttpClient> dynamoDb =
      client(Duration.ofSeconds(1), Duration.ofSeconds(2));

  /** EC2 takes its time for RunInstances, and only its answer names the instance. */
  private final CompletableFuture<SdkHttpClient> ec2 =
      client(Duration.ofSeconds(3), Duration.ofSeconds(20));

  /** To EC2 one for each of two roles, and one for the look at what runs already. */
  private final CompletableFuture<Void> open =
      CompletableFuture.allOf(
          dynamoDb.thenAcceptAsync(http -> open(http, "DYNAMODB", 1), THREADS),
          ec2.thenAcceptAsync(http -> open(http, "EC2", 3), THREADS));

  private Connections() {}

  /** Those of this process, which are begun when they are first asked for. */
  static synchronized Connections ofProcess() {
    Connections connections = ofProcess.orElseGet(Connections::new);
    ofProcess = Optional.of(connections);
    return connections;
  }

  private static CompletableFuture<SdkHttpClient> client(Duration connect, Duration read) {
    return CompletableFuture.supplyAsync(() -> Beans.http(connect, read), THREADS);
  }

  SdkHttpClient dynamoDb() {
    return dynamoDb.join();
  }

  SdkHttpClient ec2() {
    return ec2.join();
  }

  /** Waits for the connections. One that cannot be opened in time is opened by its first call. */
  void await() {
    open.completeOnTimeout(null, MAX_WAIT_MILLIS, TimeUnit.MILLISECONDS)
        .exceptionally(_ -> null)
        .join();
  }

  /**
   * Opens one connection, and then all that there are to be: its session is resumed by the others,
   * whose handshakes are cheaper for it. Without TLS a connection costs nothing.
   */
  private static void open(SdkHttpClient http, String service, int connections) {
    URI endpoint =
        SdkVariables.ofProcess().endpoint(service).orElseGet(() -> endpointOfAws(service));
    if (LaunchMode.current() != LaunchMode.NORMAL || !"https".equals(endpoint.getScheme())) {
      return;
    }
    finish(ask(http, endpoint));
    if (connections > 1) {
      List<CompletableFuture<InputStream>> answers =
          Stream.generate(() -> CompletableFuture.supplyAsync(() -> ask(http, endpoint), THREADS))
              .limit(connections)
              .toList();
      // Once all have come: a connection whose answer was read would serve the next request.
      answers.forEach(CompletableFuture::join);
      answers.forEach(answer -> finish(answer.join()));
    }
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
  private static InputStream ask(SdkHttpClient http, URI endpoint) {
    SdkHttpRequest get = SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(endpoint).build();
    try {
      return http.prepareRequest(HttpExecuteRequest.builder().request(get).build())
          .call()
          .responseBody()
          .<InputStream>map(body -> body)
          .orElseGet(InputStream::nullInputStream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads an answer to its end, because only then its connection is kept. */
  private static void finish(InputStream answer) {
    try (answer) {
      answer.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
