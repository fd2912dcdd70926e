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

  private final CompletableFuture<SdkHttpClient> dynamoDb;
  private final CompletableFuture<SdkHttpClient> ec2;
  private final CompletableFuture<Void> open;

  /** One try takes three seconds of DynamoDB's at the most; RunInstances seldom more than ten. */
  private Connections() {
    dynamoDb = beside(() -> AwsClients.http(Duration.ofSeconds(1), Duration.ofSeconds(2)).build());
    ec2 = beside(() -> AwsClients.http(Duration.ofSeconds(3), Duration.ofSeconds(20)).build());
    open =
        LaunchMode.current() == LaunchMode.NORMAL
            ? CompletableFuture.allOf(
                dynamoDb.thenComposeAsync(http -> open(http, dynamoDbEndpoint(), 0), THREADS),
                ec2.thenComposeAsync(http -> open(http, ec2Endpoint(), TO_EC2), THREADS))
            : CompletableFuture.completedFuture(null);
  }

  /** Those of this process, which are begun when they are first asked for. */
  static synchronized Connections ofProcess() {
    Connections connections = ofProcess.orElseGet(Connections::new);
    ofProcess = Optional.of(connections);
    return connections;
  }

  SdkHttpClient dynamoDb() {
    return dynamoDb.join();
  }

  SdkHttpClient ec2() {
    return ec2.join();
  }

  /** Waits for the connections. One that cannot be opened in time is opened by its first call. */
  void await() {
    try {
      open.copy().completeOnTimeout(null, LONGEST.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (CompletionException e) {
      LOG.debug("A connection could not be opened yet", e);
    }
  }

  /**
   * Opens one connection; then, if there are to be several, that many, with the first one among
   * them: its session is resumed by the others, whose handshakes are cheaper for it. An answer is
   * read when all have come, because then its connection is free for the next request. Without TLS
   * a connection costs nothing.
   */
  private static CompletableFuture<Void> open(SdkHttpClient http, URI endpoint, int several) {
    if (!"https".equals(endpoint.getScheme())) {
      return CompletableFuture.completedFuture(null);
    }
    read(ask(http, endpoint));
    List<CompletableFuture<InputStream>> answers =
        Stream.generate(() -> beside(() -> ask(http, endpoint))).limit(several).toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .whenComplete((_, _) ->
            answers.stream()
                .filter(answer -> !answer.isCompletedExceptionally())
                .forEach(answer -> read(answer.join())));
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

  private static <T> CompletableFuture<T> beside(Supplier<T> task) {
    return CompletableFuture.supplyAsync(task, THREADS);
  }
}
