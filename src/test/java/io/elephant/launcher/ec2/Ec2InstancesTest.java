package io.elephant.launcher.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.Zone;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.RunResult.Started;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.local.Ec2StandIn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

class Ec2InstancesTest {

  private static final Zone ZONE = new Zone("us-west-2a");

  private final Ec2StandIn standIn = Ec2StandIn.start();
  private final Ec2Client client =
      Ec2Client.builder()
          .endpointOverride(standIn.endpoint())
          .region(Region.US_WEST_2)
          .credentialsProvider(
              StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
          .httpClient(UrlConnectionHttpClient.create())
          .build();
  private final Ec2Instances fleet = new Ec2Instances(client, new Stack("stack", "Elephant"));
  private final Subnet subnet = fleet.subnets(List.of(ZONE)).getFirst();

  @AfterEach
  void stop() {
    client.close();
    standIn.close();
  }

  @Test
  void findsOneDefaultSubnetInEachZoneThatMayBeUsed() {
    assertThat(fleet.subnets(List.of(ZONE, new Zone("us-west-2c"))))
        .extracting(found -> found.zone().name())
        .containsExactlyInAnyOrder("us-west-2a", "us-west-2c");
  }

  @Test
  void listsEveryMachineOfThisStackHoweverManyPagesThereAre() {
    standIn.setPageSize(5);
    for (int i = 0; i < 12; i++) {
      start("token-" + i, Map.of());
    }

    assertThat(fleet.machines()).hasSize(12);
    assertThat(standIn.calls("DescribeInstances")).hasSize(3);
  }

  @Test
  void listsNoMachineThatLacksOneOfTheStacksTags() {
    for (String tag : List.of("Project", "LaunchedBy", "MeetingID", "Role")) {
      start("other-" + tag, Map.of(tag, "another value of " + tag));
    }
    InstanceId own = start("own", Map.of());

    assertThat(fleet.machines()).extracting(TaggedInstance::id).containsExactly(own);
  }

  @Test
  void listsNoMachineThatIsDead() {
    fleet.terminate(List.of(start("token", Map.of())));

    assertThat(fleet.machines()).isEmpty();
  }

  @Test
  void findsTheInstanceOfAnAttemptAndNoOther() {
    InstanceId started = start("token", Map.of());
    start("other", Map.of());

    assertThat(fleet.find(attempt("token", Map.of()))).contains(started);
    assertThat(fleet.find(attempt("token", Map.of("Role", "student")))).isEmpty();
    assertThat(fleet.find(attempt("never", Map.of()))).isEmpty();
  }

  @Test
  void takesAnInstanceThatIsGoneForTerminated() {
    InstanceId started = start("token", Map.of());

    fleet.terminate(List.of(new InstanceId("i-0123456789abcdef0"), started));

    assertThat(standIn.live()).isEmpty();
  }

  @Test
  void asksForSpotInstancesThatEndWithTheirMachine() {
    fleet.run(
        new Attempt(
            0,
            new ClientToken("token"),
            request(Market.SPOT, false, ImdsTokens.OPTIONAL, Map.of())));

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
    assertThat(fleet.run(attempt("lost", Map.of()))).isInstanceOf(RunResult.Unclear.class);
    assertThat(standIn.calls("RunInstances")).hasSize(1);

    for (String code : List.of("InsufficientInstanceCapacity", "RequestLimitExceeded")) {
      standIn.on("RunInstances").next().refuse(code, 500);
      assertThat(fleet.run(attempt(code, Map.of()))).isNotInstanceOf(Started.class);
    }
    assertThat(standIn.calls("RunInstances")).hasSize(3);
  }

  @Test
  void repeatsWhatAsksAndWhatTerminates() {
    InstanceId started = start("token", Map.of());
    standIn.on("DescribeInstances").next().refuse("InternalError", 500);
    assertThat(fleet.machines()).extracting(TaggedInstance::id).containsExactly(started);
    standIn.on("DescribeInstances").next().loseAnswer();
    assertThat(fleet.machines()).extracting(TaggedInstance::id).containsExactly(started);
    assertThat(standIn.calls("DescribeInstances")).hasSize(4);

    standIn.on("TerminateInstances").next().refuse("RequestLimitExceeded", 503);
    fleet.terminate(List.of(started));

    assertThat(standIn.live()).isEmpty();
    assertThat(standIn.calls("TerminateInstances")).hasSize(2);
  }

  @Test
  void countsAnInstanceThatComesBackDeadAsDead() {
    standIn.setDeadInstancesAnswer(true);
    fleet.terminate(List.of(start("token", Map.of())));

    assertThat(fleet.run(attempt("token", Map.of()))).isInstanceOf(RunResult.Dead.class);
  }

  private InstanceId start(String token, Map<String, String> otherTags) {
    RunResult result = fleet.run(attempt(token, otherTags));
    assertThat(result).isInstanceOf(Started.class);
    return ((Started) result).instance();
  }

  private Attempt attempt(String token, Map<String, String> otherTags) {
    return new Attempt(
        0, new ClientToken(token), request(Market.ON_DEMAND, true, ImdsTokens.REQUIRED, otherTags));
  }

  private LaunchRequest request(
      Market market, boolean encrypted, ImdsTokens tokens, Map<String, String> otherTags) {
    Map<String, String> tags =
        new HashMap<>(
            Map.of(
                "Project", "Elephant",
                "LaunchedBy", "stack",
                "MeetingID", "m-1",
                "Role", "teacher"));
    tags.putAll(otherTags);
    return new LaunchRequest(
        new Candidate(market, "t3.large", subnet),
        "ami-0e7fd79d17e852d18",
        "key",
        List.of("sg-0123456789abcdef0"),
        "profile",
        new RootVolume("/dev/xvda", 60, "gp2", encrypted),
        tokens,
        tags);
  }
}
