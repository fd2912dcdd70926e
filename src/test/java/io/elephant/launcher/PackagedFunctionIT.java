package io.elephant.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.local.Call;
import io.elephant.launcher.local.Ec2StandIn;
import io.elephant.launcher.local.FunctionPackage;
import io.elephant.launcher.local.FunctionProcess;
import io.elephant.launcher.local.Instance;
import io.elephant.launcher.local.InvocationResult;
import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Failed;
import io.elephant.launcher.local.InvocationResult.Lost;
import io.elephant.launcher.local.LocalAws;
import io.elephant.launcher.local.TestCertificate;
import io.elephant.launcher.local.TunnelProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Phaser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The packaged function as processes of its own, with nothing in their environment but what Lambda
 * gives: on Java, or as the native executable out of {@code function.zip}.
 */
class PackagedFunctionIT extends OnLocalAws {

  private static final String KEY =
      "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-96ef-1234567890ab";

  /** The row, the claim, RunInstances with a look beside it, and the record. */
  @Test
  void launchesByTheTemplateWithTheKeyAndIntoTheSubnetThatAreConfigured() {
    Map<String, String> configured =
        Map.of(
            "LAUNCH_TEMPLATE", "lt-0e1efa27000000001:7",
            "VOLUME_KMS_KEY_ARN", KEY,
            "SUBNETS", "us-west-2b=subnet-0b22222222222222b");
    try (FunctionProcess function = start(configured)) {
      assertThat(function.invoke("{\"meeting_id\": \"demo-meeting\", \"dry_run\": true}"))
          .asString()
          .contains("\"launch_template\":\"lt-0e1efa27000000001:7\"", "\"kms_key\":\"" + KEY);
      aws.forgetCalls();

      assertThat(function.invoke(EVENT)).isEqualTo(launched());
      assertThat(aws.ec2().calls())
          .extracting(Call::action)
          .containsExactlyInAnyOrder("RunInstances", "RunInstances", "DescribeInstances");
      assertThat(aws.dynamoDbProxy().calls())
          .extracting(Call::action)
          .containsExactly("GetItem", "UpdateItem", "UpdateItem");
      assertThat(aws.ec2().live())
          .hasSize(2)
          .allSatisfy(instance ->
              assertThat(instance.request())
                  .containsEntry("LaunchTemplate.LaunchTemplateId", "lt-0e1efa27000000001")
                  .containsEntry("LaunchTemplate.Version", "7")
                  .containsEntry("BlockDeviceMapping.1.Ebs.KmsKeyId", KEY)
                  .containsEntry("SubnetId", "subnet-0b22222222222222b"));
    }
    aws.forgetCalls();
  }

  @Test
  void startsTheSameTwoInstancesFromSixProcessesAtOnce() {
    List<FunctionProcess> functions = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        functions.add(start());
      }
      functions.forEach(FunctionProcess::awaitReady);
      // All of them read the row before any of them writes it.
      Phaser readers = new Phaser(6);
      aws.dynamoDbProxy().on("GetItem").next(6).afterWork(_ -> readers.arriveAndAwaitAdvance());
      List<CompletableFuture<InvocationResult>> results =
          functions.stream().map(function -> function.deliver(EVENT)).toList();

      assertThat(results).extracting(CompletableFuture::join).containsOnly(launched());
    } finally {
      functions.forEach(FunctionProcess::close);
    }
    assertThat(aws.ec2().instances()).hasSize(2);
  }

  @Test
  void terminatesItsLateInstanceWhereAnotherDeliveryHasFallenBackMeanwhile() throws Exception {
    CompletableFuture<Void> quickIsDone = new CompletableFuture<>();
    aws.ec2().fill("us-west-2a");
    aws.ec2()
        .on("RunInstances")
        .where(Ec2StandIn.withToken("demo-meeting-teacher"))
        .next()
        .beforeWork(_ -> quickIsDone.join());
    try (FunctionProcess slow = start();
        FunctionProcess quick = start()) {
      CompletableFuture<InvocationResult> late = slow.deliver(EVENT);
      while (aws.ec2().calls("RunInstances").stream()
          .noneMatch(Ec2StandIn.withToken("demo-meeting-teacher"))) {
        Thread.sleep(10);
      }

      InvocationResult first = quick.invoke(EVENT);
      aws.ec2().script().clear();
      quickIsDone.complete(null);

      assertThat(first).isEqualTo(launched());
      assertThat(late.join()).isEqualTo(first);
    }
    assertThat(aws.ec2().instances()).hasSize(3);
    assertThat(aws.ec2().live())
        .extracting(Instance::id)
        .containsExactlyInAnyOrder(
            aws.row(ID).get("teacher_ec2_id").s(), aws.row(ID).get("student_ec2_id").s());
  }

  @Test
  void terminatesStrayInstancesInTheSweepAndNothingElse() {
    try (FunctionProcess function =
        start(Map.of("SWEEP_GRACE", "PT9M", "SWEEP_MODE", "terminate"))) {
      function.invoke(EVENT);
      aws.book("other-meeting", Instant.now().plus(Duration.ofMinutes(5)));
      function.invoke("{\"meeting_id\": \"other-meeting\"}");
      aws.ec2().age(Duration.ofMinutes(10));
      assertThat(function.invoke(SWEEP))
          .isEqualTo(new Answered("{\"action\":\"sweep\",\"strays\":[]}"));
      assertThat(aws.ec2().live()).hasSize(4);

      aws.dynamoDb().delete(LocalAws.TABLE, ID);
      aws.ec2().age(Duration.ofDays(1));
      assertThat(function.invoke(SWEEP).toString())
          .contains("its meeting has no row", "\"role\":\"teacher\"", "\"terminated\":true");
      assertThat(aws.ec2().live())
          .hasSize(2)
          .extracting(instance -> instance.tag("MeetingID"))
          .containsOnly("other-meeting");
    }
  }

  @ParameterizedTest
  @CsvSource({"GetItem, ExpiredTokenException", "RunInstances, RequestExpired"})
  void endsWhereItsCredentialsHaveExpiredSoThatTheNextProcessHasNewOnes(String call, String code) {
    (call.equals("GetItem") ? aws.dynamoDbProxy().on(call).next() : aws.ec2().on(call).next(2))
        .refuse(code);
    try (FunctionProcess function = start()) {
      assertThat(function.invoke(EVENT))
          .isEqualTo(new Lost("The function's process ended with 70"));
      assertThat(function.isAlive()).isFalse();
      assertThat(function.log())
          .anySatisfy(line ->
              assertThat(line).contains("\"outcome\":\"LaunchFailed\"", "\"reason\":\"" + code));
    }
    assertThat(aws.ec2().live()).isEmpty();

    try (FunctionProcess next = start()) {
      assertThat(next.invoke(EVENT)).isEqualTo(launched());
    }
    assertThat(aws.ec2().live()).hasSize(2);
  }

  @Test
  void takesEmptyVariablesOfTheSdkForAbsentOnesAndDollarsForThemselves() {
    Map<String, String> changed =
        Map.of(
            "KEY_NAME", "${AMI_ID}$$",
            "AWS_MAX_ATTEMPTS", "",
            "AWS_DEFAULTS_MODE", "",
            "AWS_USE_FIPS_ENDPOINT", "",
            "AWS_USE_DUALSTACK_ENDPOINT", "",
            "AWS_DISABLE_REQUEST_COMPRESSION", "",
            "AWS_ENDPOINT_URL", aws.ec2().endpoint().toString(),
            "AWS_ENDPOINT_URL_EC2", "");
    try (FunctionProcess function = start(changed)) {
      assertThat(function.invoke(EVENT)).isEqualTo(launched());
    }
    assertThat(aws.ec2().calls("RunInstances"))
        .extracting(call -> call.parameters().get("KeyName"))
        .containsOnly("${AMI_ID}$$");
    aws.forgetCalls();
  }

  @ParameterizedTest
  @CsvSource({"VOLUME_SIZE_GIB, sixty", "AWS_ENDPOINT_URL, many", "LAUNCH_REGION, ''"})
  void failsEachInvocationWithWhatIsWrongWithTheConfiguration(String variable, String value) {
    try (FunctionProcess function = start(Map.of(variable, value, "KEY_NAME", ""))) {
      for (String event : List.of(EVENT, EVENT, "{}", "{\"action\": \"preflight\"}")) {
        assertThat(function.invoke(event))
            .isInstanceOfSatisfying(
                Failed.class,
                failed ->
                    assertThat(failed.errorMessage())
                        .contains(variable + " is", "KEY_NAME is missing"));
      }
      assertThat(function.log()).anySatisfy(line -> assertThat(line).contains(variable + " is"));
    }
    assertThat(aws.ec2().calls()).isEmpty();
    assertThat(aws.dynamoDbProxy().calls()).isEmpty();
  }

  /** Only the native executable has Quarkus's poll loop, which swallows errors. */
  @Test
  @EnabledIfSystemProperty(named = "function.native", matches = "true")
  void reportsAnErrorOfJavasAsAFailedInvocationAndLivesOn() {
    try (FunctionProcess function =
        FunctionProcess.start(functionPackage(), aws.environment(), "-Xmx32m")) {
      String large = "{\"meeting_id\": \"" + "x".repeat(9 << 20) + "\"}";

      assertThat(function.invoke(large))
          .isInstanceOfSatisfying(
              Failed.class,
              failed -> assertThat(failed.errorMessage()).contains("OutOfMemoryError"));
      assertThat(function.invoke(EVENT)).isEqualTo(launched());
    }
  }

  /** The build fails on this alone; how long anything takes is for {@code make bench}. */
  @Test
  @EnabledIfSystemProperty(named = "function.native", matches = "true")
  void weighsNoMoreThanItsBudget() throws IOException {
    assertThat(Files.size(FunctionPackage.TARGET.resolve("function.zip")))
        .as("function.zip")
        .isLessThanOrEqualTo(17_000_000);
  }

  @Test
  void speaksHttpsThroughTheProxyThatAHostNeedsAndTrustsOnlyCertificatesThatItKnows(
      @TempDir Path directory) throws Exception {
    TestCertificate certificate = TestCertificate.in(directory);
    try (LocalAws tls = LocalAws.start(certificate.context());
        TunnelProxy proxy = new TunnelProxy()) {
      Map<String, String> environment = new LinkedHashMap<>(tls.environment());
      environment.put("HTTPS_PROXY", proxy.address().toString());
      tls.startAfreshWith(ID);
      try (FunctionProcess function = trusting(certificate, environment)) {
        assertThat(function.invoke(EVENT)).isEqualTo(launched(tls));
      }
      List<String> asked = proxy.asked();
      assertThat(asked)
          .contains(
              tls.ec2().endpoint().getAuthority(), tls.dynamoDbProxy().endpoint().getAuthority());

      environment.put("NO_PROXY", "localhost");
      tls.startAfreshWith(ID);
      try (FunctionProcess function = trusting(certificate, environment)) {
        assertThat(function.invoke(EVENT)).isEqualTo(launched(tls));
      }
      assertThat(proxy.asked()).isEqualTo(asked);

      int calls = tls.dynamoDbProxy().calls().size();
      // It asks again for as long as it has time.
      try (FunctionProcess function =
          FunctionProcess.start(
              functionPackage(), environment, Duration.ofSeconds(15), Optional.empty())) {
        assertThat(function.invoke(EVENT))
            .isInstanceOfSatisfying(
                Failed.class, failed -> assertThat(failed.errorType()).endsWith("CallFailed"));
      }
      assertThat(tls.dynamoDbProxy().calls()).hasSize(calls);
    }
  }

  private static FunctionProcess trusting(TestCertificate one, Map<String, String> environment) {
    return FunctionProcess.start(
        functionPackage(), environment, one.trustOptions().toArray(String[]::new));
  }

  /**
   * Until its first event a process has a whole processor, and afterwards its share of one. A JVM
   * beside other tests takes longer for its first handshake than a start waits for one.
   */
  @Test
  @EnabledIfSystemProperty(named = "function.native", matches = "true")
  void opensItsConnectionsBeforeTheFirstEventAndLosesNoLaunchWhereTheyAreClosedMeanwhile(
      @TempDir Path directory) throws Exception {
    TestCertificate certificate = TestCertificate.in(directory);
    try (LocalAws tls = LocalAws.start(certificate.context());
        TunnelProxy proxy = new TunnelProxy()) {
      Map<String, String> environment = new LinkedHashMap<>(tls.environment());
      environment.put("HTTPS_PROXY", proxy.address().toString());
      for (boolean cut : List.of(false, true)) {
        tls.startAfreshWith(ID);
        try (FunctionProcess function = trusting(certificate, environment)) {
          function.awaitReady();
          List<String> asked = proxy.asked();
          assertThat(asked)
              .contains(tls.dynamoDbProxy().endpoint().getAuthority())
              .filteredOn(tls.ec2().endpoint().getAuthority()::equals)
              .hasSizeGreaterThanOrEqualTo(3);
          assertThat(tls.ec2().calls()).isEmpty();
          assertThat(tls.dynamoDbProxy().calls()).isEmpty();
          if (cut) {
            proxy.cut();
          }

          assertThat(function.invoke(EVENT)).isEqualTo(launched(tls));
          assertThat(tls.ec2().live()).hasSize(2);
          if (!cut) {
            assertThat(proxy.asked()).isEqualTo(asked);
          }
        }
      }
    }
  }
}
