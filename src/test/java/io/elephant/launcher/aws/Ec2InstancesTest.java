package io.elephant.launcher.aws;

import static io.elephant.launcher.local.Ec2StandIn.ofType;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.elephant.launcher.failure.CredentialsExpired;
import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.InstancesFailed.Remedy;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.FoundInstance;
import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.InstancesContract;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.local.Ec2StandIn;
import io.elephant.launcher.local.Instance;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
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
          .overrideConfiguration(override -> override.retryStrategy(AwsRetryStrategy.doNotRetry()))
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

  @Override
  protected void stop(InstanceId instance) {
    standIn.stop(instance.value());
  }

  @Override
  protected void protect(InstanceId instance) {
    standIn.setProtected(instance.value(), true);
  }

  @Override
  protected InstanceId startUnknown(Attempt attempt) {
    standIn.setUnknownFor(Duration.ofMinutes(1));
    return start(attempt);
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
    assertThat(instances.ofMeeting(MEETING)).extracting(TaggedInstance::id).containsExactly(own);
  }

  @Test
  void findsNoInstanceThatIsTaggedWithAnotherRoleOrMeeting() {
    start(attempt("token"));

    assertThat(find(attempt("token", Map.of("Role", "student")))).isEmpty();
    assertThat(find(attempt("token", Map.of("MeetingID", OTHER_MEETING.value())))).isEmpty();
  }

  @Test
  void findsTheInstanceThatRunsBeforeOneThatDoesNot() {
    InstanceId dead = start(attempt("token"));
    kill(dead);
    standIn.forgetTokens();
    InstanceId stopped = start(attempt("token"));
    stop(stopped);
    assertThat(find(attempt("token"))).contains(new FoundInstance.Stopped(stopped));
    standIn.forgetTokens();

    InstanceId alive = start(attempt("token"));

    assertThat(find(attempt("token"))).contains(new FoundInstance.Alive(alive));
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

  @Test
  void isRefusedForEveryCandidateWhereTheLaunchTemplateIsNotThere() {
    assertThat(run(attempt("token", byTemplate(9))))
        .isInstanceOfSatisfying(
            RunResult.RequestRefused.class,
            refused ->
                assertThat(refused.refusal().code())
                    .isEqualTo("InvalidLaunchTemplateId.VersionNotFound"));

    standIn.inventory().launchTemplates().remove(TEMPLATE);
    assertThat(run(attempt("token", byTemplate(1))))
        .isInstanceOfSatisfying(
            RunResult.RequestRefused.class,
            refused ->
                assertThat(refused.refusal().code()).isEqualTo("InvalidLaunchTemplateId.NotFound"));
  }

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

  /** In a rush a repetition of the SDK's own would use up what others wait for. */
  @Test
  void leavesARefusedQuestionToTheProtocolAndSaysHowSoonToAskAgain() {
    InstanceId started = start(attempt("token"));
    Map.of("RequestLimitExceeded", Remedy.SLOWER, "InternalError", Remedy.AGAIN)
        .forEach((code, remedy) -> {
          standIn.on("DescribeInstances").next().refuse(code);
          assertThatThrownBy(this::live)
              .isInstanceOfSatisfying(
                  InstancesFailed.class, failed -> assertThat(failed.remedy()).isEqualTo(remedy));
        });
    assertThat(standIn.calls("DescribeInstances")).hasSize(2);
    assertThat(live()).containsExactly(started);
  }

  @Test
  void tellsOneCallTooManyFromOneWhoseEndNobodyKnows() {
    standIn.on("RunInstances").next().refuse("RequestLimitExceeded");

    assertThat(run(attempt("token")))
        .isEqualTo(
            new RunResult.Throttled(
                new Refusal("RequestLimitExceeded", "Scripted: RequestLimitExceeded")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RequestLimitExceeded", "InternalError", "ThrottledException"})
  void sendsTerminateInstancesOnceAndSaysWhatMayHeal(String code) {
    InstanceId started = start(attempt("token"));
    standIn.on("TerminateInstances").next().refuse(code);
    assertThat(terminate(started)).isInstanceOf(Termination.Unclear.class);
    assertThat(standIn.calls("TerminateInstances")).hasSize(1);

    standIn.on("TerminateInstances").next().loseAnswer();
    assertThat(terminate(started)).isInstanceOf(Termination.Unclear.class);
    assertThat(standIn.calls("TerminateInstances")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"UnauthorizedOperation", "OperationNotPermitted"})
  void saysWhyItMayNotTerminate(String code) {
    InstanceId started = start(attempt("token"));
    standIn.on("TerminateInstances").refuse(code);

    assertThat(terminate(started))
        .isEqualTo(new Termination.Refused(new Refusal(code, "Scripted: " + code)));
    assertThat(live()).containsExactly(started);
  }

  @Test
  void givesTheReasonForADeathWhetherEc2BringsTheInstanceBackOrOnlySaysThatItIsDead() {
    Refusal why = new Refusal("Client.VolumeLimitExceeded", "Volume limit exceeded");
    InstanceId started = start(attempt("token"));
    Instant launched = listed().getFirst().launched();
    standIn.terminate(started.value(), new Instance.Reason(why.code(), why.message()));

    assertThat(run(attempt("token")))
        .isInstanceOfSatisfying(
            RunResult.Dead.class,
            dead -> {
              assertThat(dead.refusal().code()).isEqualTo("IdempotentInstanceTerminated");
              assertThat(dead.launched()).isEmpty();
            });
    assertThat(find(attempt("token"))).contains(new FoundInstance.Dead(started, launched, why));

    standIn.setDeadInstancesAnswer(true);
    assertThat(run(attempt("token"))).isEqualTo(new RunResult.Dead(why, Optional.of(launched)));
  }

  @Test
  void givesTheReasonForTheTransitionWhereEc2ShowsNoOther() {
    InstanceId started = start(attempt("token"));
    standIn.terminate(started.value(), null);

    assertThat(find(attempt("token")))
        .get(as(type(FoundInstance.Dead.class)))
        .extracting(FoundInstance.Dead::why)
        .isEqualTo(new Refusal("InstanceTerminated", "User initiated"));
  }

  /** What a proxy, a load balancer or a cut connection makes of an answer. */
  static Stream<Arguments> nobodysVerdicts() {
    return IntStream.of(200, 301, 302, 400, 401, 403, 404, 408, 421, 429, 500, 502, 503, 504, 520)
        .boxed()
        .flatMap(status ->
            Stream.of("<html><body>Oops</body></html>", "").map(body -> arguments(status, body)));
  }

  @ParameterizedTest
  @MethodSource("nobodysVerdicts")
  void takesAnAnswerThatIsNotEc2sForNoVerdict(int status, String body) {
    InstanceId started = start(attempt("other"));
    for (String action : List.of("RunInstances", "TerminateInstances", "DescribeInstances")) {
      standIn.on(action).replaceAnswer(status, "text/html", body);
    }

    assertThat(run(attempt("token"))).isInstanceOf(RunResult.Unclear.class);
    assertThat(terminate(started)).isInstanceOf(Termination.Unclear.class);
    assertThatThrownBy(this::live)
        .isInstanceOfSatisfying(
            InstancesFailed.class, failed -> assertThat(failed.remedy()).isEqualTo(Remedy.AGAIN));
    assertThatThrownBy(() -> find(attempt("other"))).isInstanceOf(InstancesFailed.class);
  }

  @Test
  void takesAnAnswerThatIsCutForNoVerdict() {
    InstanceId started = start(attempt("other"));
    for (String action : List.of("RunInstances", "TerminateInstances", "DescribeInstances")) {
      standIn.on(action).cutAnswer();
    }

    assertThat(run(attempt("token"))).isInstanceOf(RunResult.Unclear.class);
    assertThat(terminate(started)).isInstanceOf(Termination.Unclear.class);
    assertThatThrownBy(this::live)
        .isInstanceOfSatisfying(
            InstancesFailed.class, failed -> assertThat(failed.remedy()).isEqualTo(Remedy.AGAIN));
  }

  /** Issue 12, line 10: the refusal says nothing about the call before. */
  @Test
  void isRefusedBeforeTheTokenIsLookedAt() {
    standIn.on("RunInstances").next().loseAnswer();
    run(attempt("token"));
    standIn.on("RunInstances").next().refuse("UnauthorizedOperation");

    assertThat(run(attempt("token"))).isInstanceOf(RunResult.RefusedBeforeToken.class);
    assertThat(find(attempt("token"))).containsInstanceOf(FoundInstance.Alive.class);

    standIn.on("RunInstances").refuse("InsufficientInstanceCapacity");
    assertThat(run(attempt("token"))).isInstanceOf(RunResult.Started.class);
  }

  @Test
  void tellsARefusalThatMayHealFromOneThatDoesNot() {
    standIn.on("DescribeInstances").refuse("UnauthorizedOperation");
    assertThatThrownBy(() -> instances.ofMeeting(MEETING))
        .isInstanceOfSatisfying(
            InstancesFailed.class, failed -> assertThat(failed.remedy()).isEqualTo(Remedy.NONE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ExpiredToken", "ExpiredTokenException", "RequestExpired"})
  void saysOfEveryCallThatTheCredentialsHaveExpired(String code) {
    Attempt attempt = attempt("token");
    standIn.script().onEveryCall().refuse(code);

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> instances.run(attempt),
            () -> instances.find(attempt),
            () -> instances.subnets(List.of(ZONE)),
            () -> instances.ofMeeting(MEETING),
            instances::ofStack,
            () -> instances.terminate(new InstanceId("i-0123456789abcdef0")))) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              CredentialsExpired.class, expired -> assertThat(expired.errorCode()).contains(code));
    }
  }
}
