package io.elephant.launcher.config;

import io.elephant.launcher.preflight.Preflight;
import io.elephant.launcher.telemetry.CallLog;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.Ec2ClientBuilder;

/**
 * The AWS SDK's clients: DynamoDB's is built by Quarkus's extension, and gets here what its
 * properties do not offer; EC2's has no extension. They are singletons, because a client proxy over
 * EC2's two thousand methods would be nothing but weight.
 */
final class AwsClients {

  @Produces
  @Singleton
  DynamoDbClient dynamoDb(DynamoDbClientBuilder builder, Settings settings) {
    endpoint("DYNAMODB").ifPresent(builder::endpointOverride);
    return builder
        .region(settings.region())
        .httpClientBuilder(null)
        .httpClient(Connections.ofProcess().dynamoDb())
        .overrideConfiguration(
            builder
                .overrideConfiguration()
                .copy(override ->
                    override
                        .addExecutionInterceptor(new CallLog())
                        .retryStrategy(AwsRetryStrategy.doNotRetry())))
        .build();
  }

  @Produces
  @Singleton
  Ec2Client ec2(Settings settings) {
    return ec2(settings, Connections.ofProcess().ec2());
  }

  /** A preflight waits less long for EC2 than a launch: who gets no answer asks again. */
  @Produces
  @Singleton
  Preflight preflight(Settings settings, DynamoDbClient dynamoDb) {
    return new Preflight(
        settings.region().id(),
        settings.table().name(),
        settings.plan(),
        ec2(settings, http(Duration.ofSeconds(3), Duration.ofSeconds(5)).build()),
        dynamoDb);
  }

  void close(@Disposes DynamoDbClient dynamoDb) {
    dynamoDb.close();
  }

  void close(@Disposes Ec2Client ec2) {
    ec2.close();
  }

  private static Ec2Client ec2(Settings settings, SdkHttpClient http) {
    Ec2ClientBuilder builder = Ec2Client.builder();
    endpoint("EC2").ifPresent(builder::endpointOverride);
    return builder
        .region(settings.region())
        .httpClient(http)
        .overrideConfiguration(override ->
            override
                .addExecutionInterceptor(new CallLog())
                .retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  /** Where the environment says that the service is, which is read when the process has started. */
  static Optional<URI> endpoint(String service) {
    return SdkVariables.ofProcess().endpoint(service);
  }

  /**
   * Goes through the proxy that {@code HTTPS_PROXY} or {@code HTTP_PROXY} names, but for the hosts
   * of {@code NO_PROXY}. The SDK itself looks at {@code HTTP_PROXY} only.
   *
   * @param read how long to wait for the next byte of an answer
   */
  static SdkHttpClient.Builder<?> http(Duration connect, Duration read) {
    ProxyConfiguration https =
        ProxyConfiguration.builder().scheme("https").useSystemPropertyValues(false).build();
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(connect)
        .socketTimeout(read)
        .proxyConfiguration(
            Optional.ofNullable(https.host()).isPresent()
                ? https
                : ProxyConfiguration.builder().build());
  }
}
