package io.elephant.launcher.config;

import io.elephant.launcher.aws.Ec2Resources;
import io.elephant.launcher.aws.NamesHost;
import io.elephant.launcher.preflight.IamRoles;
import io.elephant.launcher.preflight.Keys;
import io.elephant.launcher.preflight.KmsKeys;
import io.elephant.launcher.preflight.Quotas;
import io.elephant.launcher.preflight.Resources;
import io.elephant.launcher.preflight.Roles;
import io.elephant.launcher.preflight.ServiceQuotas;
import io.elephant.launcher.telemetry.CallLog;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.Ec2ClientBuilder;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.IamClientBuilder;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.KmsClientBuilder;

/**
 * The AWS SDK's clients: DynamoDB's is built by Quarkus's extension, and gets here what its
 * properties do not offer; the others have no extension. They are singletons, because a client
 * proxy over EC2's two thousand methods would be nothing but weight.
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

  /** A preflight asks once: who gets no answer asks again. */
  @Produces
  @Singleton
  Resources resources(Settings settings) {
    return new Ec2Resources(ec2(settings, preflightHttp().build()));
  }

  @Produces
  @Singleton
  Roles roles(Settings settings) {
    IamClientBuilder builder = IamClient.builder();
    endpoint("IAM").ifPresent(builder::endpointOverride);
    return new IamRoles(
        builder
            .region(IamRoles.region(settings.region()))
            .httpClientBuilder(preflightHttp())
            .overrideConfiguration(AwsClients::asksOnce)
            .build());
  }

  @Produces
  @Singleton
  Keys keys(Settings settings) {
    KmsClientBuilder builder = KmsClient.builder();
    endpoint("KMS").ifPresent(builder::endpointOverride);
    return new KmsKeys(
        builder
            .region(settings.region())
            .httpClientBuilder(preflightHttp())
            .overrideConfiguration(AwsClients::asksOnce)
            .build());
  }

  private static void asksOnce(ClientOverrideConfiguration.Builder override) {
    override
        .addExecutionInterceptor(new CallLog())
        .addExecutionInterceptor(new NamesHost())
        .retryStrategy(AwsRetryStrategy.doNotRetry());
  }

  @Produces
  @Singleton
  Quotas quotas(Settings settings) {
    return new ServiceQuotas(
        preflightHttp().build(),
        DefaultCredentialsProvider.builder().build(),
        settings.region(),
        endpoint("SERVICE_QUOTAS"));
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

  private static SdkHttpClient.Builder<?> preflightHttp() {
    return http(Duration.ofSeconds(3), Duration.ofSeconds(5));
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
