package io.elephant.launcher.config;

import io.quarkus.runtime.LaunchMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.endpoints.DynamoDbEndpointProvider;
import software.amazon.awssdk.services.ec2.endpoints.Ec2EndpointProvider;

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

  private static final Logger LOG = Logger.getLogger(Connections.class);

  /** A handshake takes a few milliseconds; the event waits already. */
  private static final Duration LONGEST = Duration.ofMillis(500);

  /** One for each of a meeting's two roles, and one for the look at what runs already. */
  private static final int TO_EC2 = 3;

  private static final Executor THREADS =
      task -> Thread.ofPlatform().daemon().name("connect").start(task);

  private static Optional<Connections> ofProcess = Optional.empty();

  private final Client dynamoDb;
  private final Client ec2;

  /** One try takes three seconds of DynamoDB's at the most; RunInstances seldom more than ten. */
  private Connections() {
    dynamoDb =
        client(Duration.ofSeconds(1), Duration.ofSeconds(2), Connections::dynamoDbEndpoint, 0);
    ec2 = client(Duration.ofSeconds(3), Duration.ofSeconds(20), Connections::ec2Endpoint, TO_EC2);
  }

  /** A service's HTTP client, and when its connections are open. */
  private record Client(CompletableFuture<SdkHttpClient> http, CompletableFuture<Void> open) {}

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
    try {
      CompletableFuture.allOf(dynamoDb.open(), ec2.open())
          .completeOnTimeout(null, LONGEST.toMillis(), TimeUnit.MILLISECONDS)
          .join();
    } catch (CompletionException e) {
      LOG.debug("A connection could not be opened yet", e);
    }
  }

  /** Makes the client, and then opens its connections, in one thread. */
  private static Client client(
      Duration connect, Duration read, Supplier<URI> endpoint, int several) {
    var http = new CompletableFuture<SdkHttpClient>();
    Runnable task =
        () -> {
          http.completeAsync(() -> AwsClients.http(connect, read).build(), Runnable::run);
          if (LaunchMode.current() == LaunchMode.NORMAL) {
            open(http.join(), endpoint.get(), several);
          }
        };
    return new Client(http, CompletableFuture.runAsync(task, THREADS));
  }

  /**
   * Opens one connection; then, if there are to be several, that many, with the first one among
   * them: its session is resumed by the others, whose handshakes are cheaper for it. An answer is
   * read when all have come, because then its connection is free for the next request. Without TLS
   * a connection costs nothing.
   */
  private static void open(SdkHttpClient http, URI endpoint, int several) {
    if (!"https".equals(endpoint.getScheme())) {
      return;
    }
    read(ask(http, endpoint));
    List<CompletableFuture<InputStream>> answers =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> ask(http, endpoint), THREADS))
            .limit(several)
            .toList();
    CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .exceptionally(_ -> null)
        .join();
    answers.stream()
        .filter(answer -> !answer.isCompletedExceptionally())
        .forEach(answer -> read(answer.join()));
  }

  /**
   * A plain request is no call of the service's API: nothing is signed, and nothing is counted.
   *
   * @return the body of the answer
   */
  private static InputStream ask(SdkHttpClient http, URI endpoint) {
    HttpExecuteRequest request =
        HttpExecuteRequest.builder()
            .request(SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(endpoint).build())
            .build();
    try {
      return http.prepareRequest(request)
          .call()
          .responseBody()
          .<InputStream>map(body -> body)
          .orElseGet(InputStream::nullInputStream);
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  /** To the end, because only then the connection is kept. */
  private static void read(InputStream body) {
    try (body) {
      body.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private static URI dynamoDbEndpoint() {
    return endpoint(
        "DYNAMODB",
        () ->
            DynamoDbEndpointProvider.defaultProvider()
                .resolveEndpoint(parameters ->
                    parameters
                        .region(region())
                        .useFips(isSet(SdkSystemSetting.AWS_USE_FIPS_ENDPOINT))
                        .useDualStack(isSet(SdkSystemSetting.AWS_USE_DUALSTACK_ENDPOINT))));
  }

  private static URI ec2Endpoint() {
    return endpoint(
        "EC2",
        () ->
            Ec2EndpointProvider.defaultProvider()
                .resolveEndpoint(parameters ->
                    parameters
                        .region(region())
                        .useFips(isSet(SdkSystemSetting.AWS_USE_FIPS_ENDPOINT))
                        .useDualStack(isSet(SdkSystemSetting.AWS_USE_DUALSTACK_ENDPOINT))));
  }

  /** Where the environment says that the service is, else where AWS has it. */
  private static URI endpoint(String service, Supplier<CompletableFuture<Endpoint>> ofAws) {
    return AwsClients.endpoint(service).orElseGet(() -> ofAws.get().join().endpointUrl().toUri());
  }

  /** As the environment has it; whether it is one is judged later, with everything else. */
  private static Region region() {
    return Region.of(
        Optional.ofNullable(System.getenv("LAUNCH_REGION"))
            .map(String::strip)
            .filter(region -> !region.isEmpty())
            .orElse(Environment.DEFAULT_REGION));
  }

  private static boolean isSet(SdkSystemSetting setting) {
    return setting.getStringValue().filter("true"::equalsIgnoreCase).isPresent();
  }
}
