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
 * Makes the beans of a configuration, on AWS's clients. Where the configuration is bad, each bean's
 * creation throws {@link BadConfiguration}, so every invocation fails with its message.
 */
@Singleton
final class Beans {

  private static final Logger LOG = Logger.getLogger(Beans.class);

  private final Settings settings;
  private final DynamoDbClient dynamoDb;
  private final Meetings meetings;
  private final Instances instances;

  Beans(Config config) {
    SdkVariables.ofProcess().hideEmpty();
    settings = Settings.of(config);
    Connections connections = Connections.ofProcess();
    dynamoDb = client(DynamoDbClient.builder(), "DYNAMODB", settings, connections.dynamoDb());
    meetings = new DynamoDbMeetings(dynamoDb, settings.table(), settings.plan().roles());
    instances =
        new Ec2Instances(
            client(Ec2Client.builder(), "EC2", settings, connections.ec2()), settings.stack());
  }

  /** So that the log says what is wrong before the first event, and what needs none is made. */
  static void check(@Observes StartupEvent start, Instance<Launch> launch)
      throws InterruptedException {
    try {
      var _ = launch.get();
      Connections.ofProcess().await();
    } catch (RuntimeException e) {
      // A mistake in a variable needs no stack trace.
      LOG.error(e.getMessage(), e instanceof BadConfiguration ? null : e);
    }
  }

  /** Made of no other bean, because a bad configuration is counted, too. */
  @Produces
  @Singleton
  static Telemetry telemetry(Config config) {
    return new Telemetry(VariableReader.literal(config, Variable.STACK_NAME));
  }

  @Produces
  @Singleton
  Launch launch() {
    return new Launch(meetings, instances, settings.plan(), settings.recoveryMode());
  }

  @Produces
  @Singleton
  Sweep sweep() {
    return new Sweep(
        meetings, instances, settings.plan(), settings.sweepGrace(), settings.sweepMode());
  }

  /** It asks once, and soon: who gets no answer asks again. */
  @Produces
  @Singleton
  Preflight preflight() {
    SdkHttpClient http = http(Duration.ofSeconds(3), Duration.ofSeconds(5));
    return new Preflight(
        settings.region(),
        settings.table(),
        settings.plan(),
        client(Ec2Client.builder(), "EC2", settings, http),
        dynamoDb);
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
