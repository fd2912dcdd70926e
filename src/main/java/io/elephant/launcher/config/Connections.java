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

  /** A handshake takes a few milliseconds, and tenths of a second on a loaded machine. */
  private static final long LONGEST_MILLIS = 2000;

  private static final Executor THREADS =
      task -> Thread.ofPlatform().daemon().name("connect").start(task);

  private static Optional<Connections> ofProcess = Optional.empty();

  /** One try takes three seconds of DynamoDB's at the most. */
  private final Client dynamoDb =
      Client.begin("DYNAMODB", Duration.ofSeconds(1), Duration.ofSeconds(2), 1);

  /**
   * RunInstances seldom takes more than ten seconds. There is a connection for each of a meeting's
   * two roles, and one for the look at what runs already.
   */
  private final Client ec2 = Client.begin("EC2", Duration.ofSeconds(3), Duration.ofSeconds(20), 3);

  private Connections() {}

  /** Those of this process, which are begun when they are first asked for. */
  static synchronized Connections ofProcess() {
    Connections connections = ofProcess.orElseGet(Connections::new);
    ofProcess = Optional.of(connections);
    return connections;
  }

  SdkHttpClient dynamoDb() {
    return dynamoDb.http().join();
  }

  SdkHttpClient ec2() {
    return ec2.http().join();
  }

  /** Waits for the connections. One that cannot be opened in time is opened by its first call. */
  void await() {
    CompletableFuture.allOf(dynamoDb.open(), ec2.open())
        .completeOnTimeout(null, LONGEST_MILLIS, TimeUnit.MILLISECONDS)
        .exceptionally(_ -> null)
        .join();
  }

  /** A service's HTTP client, and when its connections are open. */
  private record Client(CompletableFuture<SdkHttpClient> http, CompletableFuture<Void> open) {

    static Client begin(String service, Duration connect, Duration read, int connections) {
      var http = CompletableFuture.supplyAsync(() -> Beans.http(connect, read), THREADS);
      return new Client(
          http, http.thenAcceptAsync(client -> open(client, service, connections), THREADS));
    }

    /**
     * Opens one connection, and then all that there are to be: its session is resumed by the
     * others, whose handshakes are cheaper for it. Without TLS a connection costs nothing.
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
      SdkHttpRequest request =
          SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(endpoint).build();
      try {
        return http.prepareRequest(HttpExecuteRequest.builder().request(request).build())
            .call()
            .responseBody()
            .<InputStream>map(body -> body)
            .orElseGet(InputStream::nullInputStream);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Reads an answer to its end, because only then its connection is kept. */
    private static void finish(InputStream body) {
      try (body) {
        body.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
