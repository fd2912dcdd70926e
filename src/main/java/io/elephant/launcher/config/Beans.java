package io.elephant.launcher.config;

import io.elephant.launcher.aws.DynamoDbMeetings;
import io.elephant.launcher.aws.Ec2Instances;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.launch.Launch;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.preflight.Preflight;
import io.elephant.launcher.sweep.Sweep;
import io.elephant.launcher.telemetry.CallLog;
import io.elephant.launcher.telemetry.Telemetry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/**
 * Makes the beans of a configuration, AWS's clients among them. Where the configuration is bad,
 * each bean's creation throws {@link BadConfiguration}, so every invocation fails with its message.
 */
final class Beans {

  private static final Logger LOG = Logger.getLogger(Beans.class);

  @Produces
  @Singleton
  Settings settings(Config config) {
    SdkVariables.ofProcess().hideEmpty();
    return Settings.of(config);
  }

  @Produces
  @Singleton
  Meetings meetings(DynamoDbClient dynamoDb, Settings settings) {
    return new DynamoDbMeetings(dynamoDb, settings.table(), settings.plan().roles());
  }

  @Produces
  @Singleton
  Instances instances(Ec2Client ec2, Settings settings) {
    return new Ec2Instances(ec2, settings.plan().template().stack());
  }

  @Produces
  @Singleton
  Launch launch(Meetings meetings, Instances ec2, Settings settings) {
    return new Launch(meetings, ec2, settings.plan(), settings.recoveryMode());
  }

  /** Made from the environment, because a bad configuration is counted, too. */
  @Produces
  @Singleton
  Telemetry telemetry(Config config) {
    return new Telemetry(VariableReader.literal(config, Variable.STACK_NAME));
  }

  @Produces
  @Singleton
  Sweep sweep(Meetings meetings, Instances ec2, Settings settings) {
    return new Sweep(meetings, ec2, settings.plan(), settings.sweepGrace(), settings.sweepMode());
  }

  /** It asks once, and soon: who gets no answer asks again. */
  @Produces
  @Singleton
  Preflight preflight(Settings settings, DynamoDbClient dynamoDb) {
    SdkHttpClient http = http(Duration.ofSeconds(3), Duration.ofSeconds(5));
    return new Preflight(
        settings.region(),
        settings.table(),
        settings.plan(),
        client(Ec2Client.builder(), "EC2", settings, http),
        dynamoDb);
  }

  /**
   * Checks at start, so that the log says what is wrong before the first event; and makes what
   * needs no event.
   */
  void check(@Observes StartupEvent start, Instance<Launch> launch) {
    try {
      var _ = launch.get();
      Connections.ofProcess().await();
    } catch (BadConfiguration e) {
      LOG.error(e.getMessage());
    }
  }

  /** A singleton, because a client proxy over so many methods would be nothing but weight. */
  @Produces
  @Singleton
  DynamoDbClient dynamoDb(Settings settings) {
    SdkHttpClient http = Connections.ofProcess().dynamoDb();
    return client(DynamoDbClient.builder(), "DYNAMODB", settings, http);
  }

  @Produces
  @Singleton
  Ec2Client ec2(Settings settings) {
    return client(Ec2Client.builder(), "EC2", settings, Connections.ofProcess().ec2());
  }

  /** A client that repeats nothing: what an answer means, only its caller knows. */
  private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
      B builder, String service, Settings settings, SdkHttpClient http) {
    SdkVariables.ofProcess().endpoint(service).ifPresent(builder::endpointOverride);
    return builder
        .region(Region.of(settings.region()))
        .httpClient(http)
        .overrideConfiguration(override ->
            override
                .addExecutionInterceptor(new CallLog())
                .retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  /**
   * Goes through the proxy that {@code HTTPS_PROXY} or {@code HTTP_PROXY} names, but for the hosts
   * of {@code NO_PROXY}. The SDK itself looks at {@code HTTP_PROXY} only.
   *
   * @param read how long to wait for the next byte of an answer
   */
  static SdkHttpClient http(Duration connect, Duration read) {
    ProxyConfiguration https =
        ProxyConfiguration.builder().scheme("https").useSystemPropertyValues(false).build();
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(connect)
        .socketTimeout(read)
        .proxyConfiguration(
            Optional.ofNullable(https.host()).isPresent()
                ? https
                : ProxyConfiguration.builder().build())
        .build();
  }
}
