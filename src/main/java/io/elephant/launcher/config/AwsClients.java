package io.elephant.launcher.config;

import io.elephant.launcher.account.IamInstanceProfiles;
import io.elephant.launcher.account.ServiceQuotas;
import io.elephant.launcher.aws.JdkHttpClient;
import io.elephant.launcher.dynamodb.DynamoDbTable;
import io.elephant.launcher.ec2.Ec2Resources;
import io.elephant.launcher.preflight.InstanceProfiles;
import io.elephant.launcher.preflight.Quotas;
import io.elephant.launcher.preflight.Resources;
import io.elephant.launcher.preflight.Table;
import io.elephant.launcher.telemetry.CallLog;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * The AWS SDK's clients. They are singletons, because a client proxy over EC2's two thousand
 * methods would be nothing but weight.
 */
final class AwsClients {

  /** RunInstances takes one to three seconds, seldom more than ten. */
  private static final JdkHttpClient EC2_HTTP =
      new JdkHttpClient(Duration.ofSeconds(3), Duration.ofSeconds(20));

  /**
   * DynamoDB answers in milliseconds; what does not come in time is asked for again. Three tries
   * take nine seconds at the most. A limit for the call as a whole would cost a thread a call.
   */
  private static final JdkHttpClient DYNAMODB_HTTP =
      new JdkHttpClient(Duration.ofSeconds(1), Duration.ofSeconds(2));

  private static final JdkHttpClient PREFLIGHT_HTTP =
      new JdkHttpClient(Duration.ofSeconds(3), Duration.ofSeconds(5));

  private static final int DYNAMODB_TRIES = 3;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(25);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  @Produces
  @Singleton
  DynamoDbClient dynamoDb(Settings settings) {
    return DynamoDbClient.builder()
        .region(settings.region())
        .credentialsProvider(DefaultCredentialsProvider.builder().build())
        .httpClient(DYNAMODB_HTTP)
        .overrideConfiguration(override ->
            override
                .addExecutionInterceptor(new CallLog())
                .retryStrategy(
                    AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(DYNAMODB_TRIES)
                        .backoffStrategy(
                            BackoffStrategy.exponentialDelay(FIRST_PAUSE, LONGEST_PAUSE))
                        .build()))
        .build();
  }

  /**
   * It repeats nothing by itself: {@code InsufficientInstanceCapacity} is an HTTP 500, which the
   * SDK would send again to a zone that is full.
   */
  @Produces
  @Singleton
  Ec2Client ec2(Settings settings) {
    return Ec2Client.builder()
        .region(settings.region())
        .credentialsProvider(DefaultCredentialsProvider.builder().build())
        .httpClient(EC2_HTTP)
        .overrideConfiguration(override ->
            override
                .addExecutionInterceptor(new CallLog())
                .retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  @Produces
  @Singleton
  Resources resources(Ec2Client ec2, Settings settings) {
    return new Ec2Resources(
        ec2, PREFLIGHT_HTTP, DefaultCredentialsProvider.builder().build(), settings.region());
  }

  @Produces
  @Singleton
  Table table(Settings settings) {
    return new DynamoDbTable(
        PREFLIGHT_HTTP,
        DefaultCredentialsProvider.builder().build(),
        settings.region(),
        settings.table());
  }

  @Produces
  @Singleton
  InstanceProfiles instanceProfiles(Settings settings) {
    return new IamInstanceProfiles(
        PREFLIGHT_HTTP, DefaultCredentialsProvider.builder().build(), settings.region());
  }

  @Produces
  @Singleton
  Quotas quotas(Settings settings) {
    return new ServiceQuotas(
        PREFLIGHT_HTTP, DefaultCredentialsProvider.builder().build(), settings.region());
  }

  void close(@Disposes DynamoDbClient dynamoDb) {
    dynamoDb.close();
  }

  void close(@Disposes Ec2Client ec2) {
    ec2.close();
  }
}
