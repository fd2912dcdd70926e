package io.elephant.launcher.ec2;

import static io.elephant.launcher.local.Ec2StandIn.ofType;
import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.Zone;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.InstancesContract;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.local.Ec2StandIn;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** The port on the stand-in for EC2, and what of EC2 the port's contract does not know. */
class Ec2InstancesTest extends InstancesContract {

  private final Ec2StandIn standIn = new Ec2StandIn();
  private final Ec2Client client =
      Ec2Client.builder()
          .endpointOverride(standIn.endpoint())
          .region(Region.US_WEST_2)
          .credentialsProvider(
              StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
          .httpClient(UrlConnectionHttpClient.create())
          .build();
  private final Ec2Instances instances = new Ec2Instances(client, new Stack("stack", "Elephant"));

  @AfterEach
  void stop() {
    client.close();
    standIn.close();
  }

  @Override
  protected <T> T ask(Function<Instances, T> call) {
    return call.apply(instances);
  }

  @Override
  protected void fill(Zone zone, String instanceType) {
    standIn
        .on("RunInstances")
        .where(standIn.inZone(zone.name()).and(ofType(instanceType)))
        .refuse("InsufficientInstanceCapacity");
  }

  @Override
  protected void reachQuota(String instanceType) {
    standIn.on("RunInstances").where(ofType(instanceType)).refuse("VcpuLimitExceeded");
  }

  @Override
  protected void kill(InstanceId instance) {
    standIn.terminate(instance.value());
  }

  @Test
  void listsEveryInstanceOfThisStackHoweverManyPagesThereAre() {
    standIn.setPageSize(5);
    for (int i = 0; i < 12; i++) {
      start(attempt("token-" + i));
    }

    assertThat(live()).hasSize(12);
    assertThat(standIn.calls("DescribeInstances")).hasSize(3);
  }

  @Test
  void listsNoInstanceThatLacksOneOfTheStacksTags() {
    for (String tag : List.of("Project", "LaunchedBy", "MeetingID", "Role")) {
      start(attempt("other-" + tag, Map.of(tag, "another value of " + tag)));
    }
    InstanceId own = start(attempt("own"));

    assertThat(live()).containsExactly(own);
  }

  @Test
  void findsNoInstanceThatIsTaggedWithAnotherRole() {
    start(attempt("token"));

    assertThat(find(attempt("token", Map.of("Role", "student")))).isEmpty();
  }

  @Test
  void asksForSpotInstancesThatEndWithTheirHost() {
    run(
        new Attempt(
            0,
            new ClientToken("token"),
            request(Market.SPOT, ZONE, false, ImdsTokens.OPTIONAL, Map.of())));

    assertThat(standIn.calls("RunInstances"))
        .singleElement()
        .satisfies(call ->
            assertThat(call.parameters())
                .containsEntry("InstanceMarketOptions.MarketType", "spot")
                .containsEntry("InstanceMarketOptions.SpotOptions.SpotInstanceType", "one-time")
                .containsEntry(
                    "InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior", "terminate")
                .containsEntry("MetadataOptions.HttpTokens", "optional")
                .doesNotContainKey("BlockDeviceMapping.1.Ebs.Encrypted"));
  }

  /** The client repeats everything else, also over a connection that is cut. */
  @Test
  void sendsRunInstancesOnceWhateverIsAnswered() {
    standIn.on("RunInstances").next().loseAnswer();
    assertThat(run(attempt("lost"))).isInstanceOf(RunResult.Unclear.class);
    assertThat(standIn.calls("RunInstances")).hasSize(1);

    for (String code : List.of("InsufficientInstanceCapacity", "RequestLimitExceeded")) {
      standIn.on("RunInstances").next().refuse(code, 500);
      assertThat(run(attempt(code))).isNotInstanceOf(RunResult.Started.class);
    }
    assertThat(standIn.calls("RunInstances")).hasSize(3);
  }

  @Test
  void repeatsWhatAsksAndWhatTerminates() {
    InstanceId started = start(attempt("token"));
    standIn.on("DescribeInstances").next().refuse("InternalError", 500);
    assertThat(live()).containsExactly(started);
    standIn.on("DescribeInstances").next().loseAnswer();
    assertThat(live()).containsExactly(started);
    assertThat(standIn.calls("DescribeInstances")).hasSize(4);

    standIn.on("TerminateInstances").next().refuse("RequestLimitExceeded", 503);
    terminate(started);

    assertThat(standIn.live()).isEmpty();
    assertThat(standIn.calls("TerminateInstances")).hasSize(2);
  }

  @Test
  void countsAnInstanceThatComesBackDeadAsDead() {
    standIn.setDeadInstancesAnswer(true);
    kill(start(attempt("token")));

    assertThat(run(attempt("token"))).isInstanceOf(RunResult.Dead.class);
  }
}
