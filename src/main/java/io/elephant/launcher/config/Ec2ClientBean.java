package io.elephant.launcher.config;

import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * The EC2 client, for which Quarkus has no extension; made like the DynamoDB extension's, and a
 * singleton, because a client proxy over its two thousand methods would be nothing but weight.
 *
 * <p>It repeats nothing by itself: {@code InsufficientInstanceCapacity} is an HTTP 500, which the
 * SDK would send again to a zone that is full.
 */
final class Ec2ClientBean {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  /** RunInstances takes one to three seconds, seldom more than ten. */
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(20);

  @Produces
  @Singleton
  Ec2Client ec2(Settings settings) {
    return Ec2Client.builder()
        .region(settings.region())
        .credentialsProvider(DefaultCredentialsProvider.builder().build())
        .httpClientBuilder(
            UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT_TIMEOUT)
                .socketTimeout(READ_TIMEOUT))
        .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  void close(@Disposes Ec2Client ec2) {
    ec2.close();
  }
}
