package io.elephant.launcher.config;

import io.elephant.launcher.launch.Launch;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.dynamodb.endpoints.DynamoDbEndpointProvider;
import software.amazon.awssdk.services.ec2.endpoints.Ec2EndpointProvider;

/**
 * Does before the first event what needs none: makes the clients and opens the connections of a
 * launch. Until a function asks for its first event it has a whole processor, and afterwards only
 * the share that belongs to its memory.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html">Understanding
 *     the Lambda execution environment lifecycle</a>
 */
final class WarmUp {

  private static final Logger LOG = Logger.getLogger(WarmUp.class);

  /** After {@link LaunchBeans}, which says what is wrong with the configuration. */
  private static final int LAST = 5_000;

  /** A handshake takes a few milliseconds; the event waits already. */
  private static final Duration LONGEST = Duration.ofMillis(500);

  private static final Executor THREADS =
      task -> Thread.ofPlatform().daemon().name("connect").start(task);

  void warmUp(
      @Observes @Priority(LAST) StartupEvent start,
      Instance<Settings> settings,
      Instance<HttpClients> http,
      Instance<Launch> launch) {
    if (LaunchMode.current() != LaunchMode.NORMAL) {
      return;
    }
    try {
      CompletableFuture<Void> connections = connect(settings.get(), http.get());
      var _ = launch.get();
      connections.completeOnTimeout(null, LONGEST.toMillis(), TimeUnit.MILLISECONDS).join();
    } catch (BadConfiguration e) {
      // It is logged by now, and each invocation says it.
    } catch (CompletionException e) {
      LOG.debug("A connection could not be opened yet", e);
    }
  }

  /**
   * One connection to DynamoDB, and to EC2 as many as a launch has calls side by side: one for each
   * role, and one for the look at what runs already. A plain request is no call of the services'
   * API: nothing is signed, and nothing is counted.
   */
  private static CompletableFuture<Void> connect(Settings settings, HttpClients http) {
    return CompletableFuture.allOf(
        open(http.dynamoDb(), dynamoDb(settings), 1),
        open(http.ec2(), ec2(settings), settings.plan().roles().size() + 1));
  }

  private static URI dynamoDb(Settings settings) {
    return AwsClients.endpoint("DYNAMODB")
        .orElseGet(() ->
            DynamoDbEndpointProvider.defaultProvider()
                .resolveEndpoint(parameters -> parameters.region(settings.region()))
                .join()
                .endpointUrl()
                .toUri());
  }

  private static URI ec2(Settings settings) {
    return AwsClients.endpoint("EC2")
        .orElseGet(() ->
            Ec2EndpointProvider.defaultProvider()
                .resolveEndpoint(parameters -> parameters.region(settings.region()))
                .join()
                .endpointUrl()
                .toUri());
  }

  /**
   * The first connection's session is resumed by the others, whose handshakes are cheaper for it.
   * Without TLS there is nothing that would be worth it.
   */
  private static CompletableFuture<Void> open(SdkHttpClient http, URI endpoint, int number) {
    if (!"https".equals(endpoint.getScheme())) {
      return CompletableFuture.completedFuture(null);
    }
    HttpExecuteRequest request =
        HttpExecuteRequest.builder()
            .request(SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(endpoint).build())
            .build();
    CompletableFuture<Void> first = CompletableFuture.runAsync(() -> get(http, request), THREADS);
    return number == 1
        ? first
        : first.thenCompose(_ ->
            CompletableFuture.allOf(
                Stream.generate(() -> CompletableFuture.runAsync(() -> get(http, request), THREADS))
                    .limit(number)
                    .toArray(CompletableFuture[]::new)));
  }

  /** Reads the answer to its end: only then the connection is kept. */
  private static void get(SdkHttpClient http, HttpExecuteRequest request) {
    try {
      InputStream answer =
          http.prepareRequest(request)
              .call()
              .responseBody()
              .<InputStream>map(body -> body)
              .orElseGet(InputStream::nullInputStream);
      try (answer) {
        answer.transferTo(OutputStream.nullOutputStream());
      }
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }
}
