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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
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

  void warmUp(
      @Observes @Priority(LAST) StartupEvent start,
      Instance<Settings> settings,
      Instance<HttpClients> http,
      Instance<Launch> launch) {
    if (LaunchMode.current() != LaunchMode.NORMAL) {
      return;
    }
    try {
      List<CompletableFuture<Void>> connections = connect(settings.get(), http.get());
      var _ = launch.get();
      CompletableFuture.allOf(connections.toArray(CompletableFuture[]::new))
          .completeOnTimeout(null, LONGEST.toMillis(), TimeUnit.MILLISECONDS)
          .join();
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
  private static List<CompletableFuture<Void>> connect(Settings settings, HttpClients http) {
    List<CompletableFuture<Void>> connections = new ArrayList<>();
    open(http.dynamoDb(), dynamoDb(settings), 1, connections);
    open(http.ec2(), ec2(settings), settings.plan().roles().size() + 1, connections);
    return connections;
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

  /** Without TLS there is nothing that would be worth it. */
  private static void open(
      SdkHttpClient http, URI endpoint, int number, List<CompletableFuture<Void>> connections) {
    if (!"https".equals(endpoint.getScheme())) {
      return;
    }
    HttpExecuteRequest request =
        HttpExecuteRequest.builder()
            .request(SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(endpoint).build())
            .build();
    for (int n = 0; n < number; n++) {
      connections.add(
          CompletableFuture.runAsync(
              () -> get(http, request),
              task -> Thread.ofPlatform().daemon().name("connect").start(task)));
    }
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
