package io.elephant.launcher.aws;

import static io.elephant.launcher.local.Ec2StandIn.ofType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.fake.Ec2Model;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.Ec2Instance.Owner;
import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.InstancesContract;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.local.Call;
import io.elephant.launcher.local.Ec2StandIn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** The port on the stand-in for EC2, and what of EC2 the port's contract does not know. */
class Ec2InstancesTest extends InstancesContract {

  private static final List<String> ACTIONS =
      List.of("RunInstances", "TerminateInstances", "DescribeInstances");

  private static final String SHOWN =
      "<instanceId>i-1</instanceId><launchTime>2026-11-22T09:55:00Z</launchTime>";
  private static final String TAGS =
      """
      <tagSet><item><key>Project</key><value>Elephant</value></item>\
      <item><key>MeetingID</key><value>m-1</value></item>\
      <item><key>Role</key><value>teacher</value></item></tagSet>\
      """;

  private final Ec2StandIn standIn = new Ec2StandIn();
  private final Ec2Client client =
      Ec2Client.builder()
          .endpointOverride(standIn.endpoint())
          .region(Region.US_WEST_2)
          .credentialsProvider(
              StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
          .httpClient(UrlConnectionHttpClient.create())
          .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
          .build();
  private final Ec2Instances instances = new Ec2Instances(client, Plans.STACK);

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
  protected void change(Consumer<Ec2Model> change) {
    standIn.change(change);
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

  @ParameterizedTest
  @ValueSource(strings = {"MeetingID", "Role"})
  void listsNoInstanceThatLacksOneOfTheTagsThatIdentifyIt(String tag) {
    start(attempt("other", Map.of(tag, "another value of " + tag)));
    InstanceId own = start(attempt("own"));

    assertThat(live()).containsExactly(own);
    assertThat(ofMeeting(MEETING)).extracting(Ec2Instance::id).containsExactly(own);
  }

  @ParameterizedTest
  @CsvSource({
    "'<instanceId>i-0</instanceId>', false",
    "'<launchTime>2026-11-22T09:55:00Z</launchTime>', false",
    "'<instanceId>i-0</instanceId><launchTime>2026-11-22T09:55:00Z</launchTime>', true"
  })
  void passesOverAnInstanceOfWhichNobodyCanTellAnythingAndEndsNoLook(String odd, boolean shown) {
    answerWithInstances(odd + TAGS, SHOWN + TAGS);

    assertThat(live()).hasSize(shown ? 2 : 1).contains(new InstanceId("i-1"));
    assertThat(ofMeeting(MEETING)).hasSize(shown ? 2 : 1);
  }

  @Test
  void takesATagWithoutAValueForAnEmptyOne() {
    answerWithInstances(
        SHOWN + TAGS.replace("<value>Elephant</value>", ""),
        SHOWN + TAGS.replace("<value>teacher</value>", ""));

    assertThat(ofStack())
        .singleElement()
        .returns(Optional.of(new Owner(MEETING, TEACHER)), Ec2Instance::owner);
  }

  private void answerWithInstances(String... instances) {
    standIn
        .on("DescribeInstances")
        .replaceAnswer(
            200,
            "text/xml",
            """
            <DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
            <requestId>id</requestId><reservationSet><item><instancesSet><item>%s</item>\
            </instancesSet></item></reservationSet></DescribeInstancesResponse>\
            """
                .formatted(String.join("</item><item>", instances)));
  }

  @Test
  void asksForSpotInstancesThatEndWithTheirHost() {
    run(attempt("token", request(Market.SPOT, ZONE, false, ImdsTokens.OPTIONAL, Map.of())));

    assertThat(standIn.calls("RunInstances"))
        .singleElement()
        .satisfies(call ->
            assertThat(call.parameters())
                .containsEntry("InstanceMarketOptions.MarketType", "spot")
                .containsEntry("InstanceMarketOptions.SpotOptions.SpotInstanceType", "one-time")
                .containsEntry(
                    "InstanceMarketOptions.SpotOptions.InstanceInterruptionBehavior", "terminate")
                .containsEntry("MetadataOptions.HttpTokens", "optional")
                .doesNotContainKeys(
                    "BlockDeviceMapping.1.Ebs.Encrypted",
                    "BlockDeviceMapping.1.Ebs.KmsKeyId",
                    "LaunchTemplate.LaunchTemplateId",
                    "DisableApiTermination"));
  }

  /** What the request says wins over the template; what protects an instance must not stay. */
  @Test
  void namesTheLaunchTemplateAndTheKeyBesideEverythingThatItSaysWithoutThem() {
    run(attempt("token", request(Market.ON_DEMAND, ZONE, true, ImdsTokens.REQUIRED, Map.of())));
    run(attempt("other", byTemplate(2)));

    Map<String, String> plain = parameters("token");
    Map<String, String> byTemplate = parameters("other");
    assertThat(byTemplate.keySet()).containsAll(plain.keySet());
    byTemplate.entrySet().removeAll(plain.entrySet());
    assertThat(byTemplate)
        .containsOnly(
            entry("ClientToken", "other"),
            entry("LaunchTemplate.LaunchTemplateId", TEMPLATE),
            entry("LaunchTemplate.Version", "2"),
            entry("DisableApiTermination", "false"),
            entry("BlockDeviceMapping.1.Ebs.KmsKeyId", VOLUME_KEY));
  }

  private Map<String, String> parameters(String token) {
    return new HashMap<>(
        standIn.calls("RunInstances").stream()
            .filter(Ec2StandIn.withToken(token))
            .findFirst()
            .orElseThrow()
            .parameters());
  }

  /** In a rush a repetition of the SDK's own would use up what others wait for. */
  @ParameterizedTest
  @CsvSource({
    "RequestLimitExceeded, THROTTLED",
    "InternalError, UNCLEAR",
    "ThrottledException, THROTTLED",
    "OperationNotPermitted, CANDIDATE_REFUSED",
    "OptInRequired, CANDIDATE_REFUSED",
    "InsufficientInstanceCapacity, NO_CAPACITY"
  })
  void sendsEachCallOnceAndSaysWhatAnErrorMeans(String code, Verdict verdict) {
    InstanceId started = start(attempt("token"));
    for (String action : ACTIONS) {
      standIn.on(action).next().refuse(code);
    }
    Attempt other = attempt("other");
    int calls = standIn.calls().size();

    assertRefused(other, verdict);
    assertNotTerminated(started, verdict);
    assertLookFails(verdict);
    assertThat(standIn.calls()).hasSize(calls + 3);
    assertThat(live()).containsExactly(started);
  }

  /** Under a policy that asks for a tag, EC2 says so of an id that it does not know (yet). */
  @Test
  void takesAnUnauthorizedTerminationForAnIdThatEc2DoesNotKnow() {
    InstanceId started = startUnknown(attempt("token"));
    standIn.change(ec2 -> ec2.authorizesFirst = true);

    assertThat(terminate(started))
        .isInstanceOfSatisfying(
            Termination.NotTerminated.class,
            refused -> {
              assertThat(refused.verdict()).isEqualTo(Verdict.UNKNOWN_ID);
              assertThat(refused.refusal().code()).isEqualTo("UnauthorizedOperation");
            });
  }

  /** What a proxy, a load balancer or a cut connection makes of an answer. */
  @ParameterizedTest
  @ValueSource(ints = {200, 301, 302, 400, 403, 404, 408, 421, 429, 500, 502, 503, 504, 520})
  void takesAnAnswerThatIsNotEc2sForNoVerdict(int status) {
    for (String body : List.of("<html><body>Oops</body></html>", "")) {
      standIn.reset();
      assertNobodysVerdict(action -> standIn.on(action).replaceAnswer(status, "text/html", body));
    }
  }

  @Test
  void takesAnAnswerThatIsCutForNoVerdict() {
    assertNobodysVerdict(action -> standIn.on(action).cutAnswer());
  }

  @Test
  void takesNoAnswerForNoVerdict() {
    assertNobodysVerdict(action -> standIn.on(action).loseAnswer());
  }

  private void assertNobodysVerdict(Consumer<String> plant) {
    InstanceId started = start(attempt("other"));
    Attempt attempt = attempt("token");
    int calls = standIn.calls().size();
    ACTIONS.forEach(plant);

    assertRefused(attempt, Verdict.UNCLEAR);
    assertNotTerminated(started, Verdict.UNCLEAR);
    assertLookFails(Verdict.UNCLEAR);
    assertThat(standIn.calls()).as("no call repeated").hasSize(calls + 3);
  }

  /** The SDK's client streams what it sends, which the JDK cannot send again by itself. */
  @Test
  void keepsItsConnectionForTheNextCall() {
    for (int i = 0; i < 5; i++) {
      start(attempt("token-" + i));
      standIn.on("DescribeInstances").next().refuse("InternalError");
      assertLookFails(Verdict.UNCLEAR);
    }

    assertThat(standIn.calls().stream().map(Call::caller).distinct()).hasSize(1);
  }

  private void assertLookFails(Verdict verdict) {
    assertThatExceptionOfType(CallFailed.class)
        .isThrownBy(this::live)
        .returns(verdict, CallFailed::verdict);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
  void saysOfEveryCallThatTheCredentialsHaveExpired(String code) {
    Attempt attempt = attempt("token");
    standIn.script().onEveryCall().refuse(code);

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> instances.run(attempt),
            () -> instances.find(new InstanceId("i-0123456789abcdef0")),
            () -> instances.subnets(List.of(ZONE)),
            () -> instances.ofMeeting(MEETING),
            instances::ofStack,
            () -> instances.terminate(new InstanceId("i-0123456789abcdef0")))) {
      assertThatExceptionOfType(CallFailed.class)
          .isThrownBy(call)
          .returns(Verdict.EXPIRED, CallFailed::verdict)
          .returns(Optional.of(code), CallFailed::errorCode);
    }
  }
}
