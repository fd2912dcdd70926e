package io.elephant.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elephant.launcher.local.Call;
import io.elephant.launcher.local.Ec2StandIn;
import io.elephant.launcher.local.FunctionProcess;
import io.elephant.launcher.local.Inventory;
import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.LocalAws;
import io.elephant.launcher.local.LocalDynamoDb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What the packaged function answers to a preflight, on Java or as the native executable. */
class PreflightIT extends OnLocalAws {

  private static final String PREFLIGHT = "{\"action\": \"preflight\"}";
  private static final String IMAGE = "ami-0e7fd79d17e852d18";
  private static final String GROUP = "sg-0e1efa27000000002";
  private static final String DRY_RUNS =
      "dry-run teacher, on-demand, t3.large, us-west-2a; dry-run teacher, on-demand, t3.large, us-west-2b;"
          + " dry-run teacher, on-demand, t3.large, us-west-2c;"
          + " dry-run student, on-demand, t3.large, us-west-2a";

  /** One check of the answer. */
  record Check(
      @JsonProperty("check") String name,
      String subject,
      String result,
      String detail,
      @JsonProperty("to_do") String toDo) {

    String what() {
      return name + " " + subject;
    }
  }

  /** Something wrong, the checks that must find it and no others, and what one of them says. */
  record Planted(Runnable plant, String found, String detail) {

    @Override
    public String toString() {
      return found + ": " + detail;
    }
  }

  @Test
  void findsNoObstacleWhereThereIsNoneAndChangesNothing() throws IOException {
    Map<String, AttributeValue> row = aws.row(ID);

    JsonNode reply = preflight(function());

    assertThat(reply.path("action").asText()).isEqualTo("preflight");
    assertThat(reply.path("ready").isBoolean()).isTrue();
    assertThat(reply.path("ready").asBoolean()).isTrue();
    assertThat(checks(reply))
        .allSatisfy(check -> {
          assertThat(check.result()).isEqualTo("passed");
          assertThat(check.detail()).isNotBlank();
          assertThat(check.toDo()).isNull();
        })
        .extracting(Check::what)
        .containsExactly(
            "credentials us-west-2",
            "table elephant-meetings",
            "image " + IMAGE,
            "architecture " + IMAGE,
            "root-device /dev/xvda",
            "key-pair shaundano-elephant",
            "security-group sg-0e1efa27000000001",
            "security-group sg-0e1efa27000000002",
            "instance-type t3.large",
            "offering us-west-2a",
            "offering us-west-2b",
            "offering us-west-2c",
            "subnet us-west-2a",
            "subnet us-west-2b",
            "subnet us-west-2c",
            "dry-run teacher, on-demand, t3.large, us-west-2a",
            "dry-run teacher, on-demand, t3.large, us-west-2b",
            "dry-run teacher, on-demand, t3.large, us-west-2c",
            "dry-run student, on-demand, t3.large, us-west-2a");
    assertThat(aws.ec2().instances()).isEmpty();
    assertThat(aws.row(ID)).isEqualTo(row);
    assertThat(aws.dynamoDbProxy().calls())
        .extracting(Call::action)
        .containsExactly("DescribeTable");
    assertThat(aws.ec2().calls())
        .allSatisfy(call -> {
          if (!call.action().startsWith("Describe")) {
            assertThat(call.action()).isEqualTo("RunInstances");
            assertThat(call.parameters()).containsEntry("DryRun", "true");
          }
        });
  }

  /** But for its token, which no launch has, the names that it has none for, and the flag. */
  @Test
  void asksForADryRunOfTheVeryRequestsOfALaunchUnderTokensThatNoMeetingCanHave()
      throws IOException {
    preflight(function());
    List<Call> dryRuns = aws.ec2().calls("RunInstances");
    aws.book("preflight", Instant.now().plus(Duration.ofMinutes(5)));
    function().invoke("{\"meeting_id\": \"preflight\"}");
    aws.dynamoDb().delete(LocalAws.TABLE, "preflight");
    List<Call> launched = aws.ec2().calls("RunInstances").subList(4, 6);

    for (String role : List.of("teacher", "student")) {
      Map<String, String> dryRun = parametersFor(role, dryRuns);
      Map<String, String> launch = parametersFor(role, launched);
      assertThat(dryRun.remove("DryRun")).isEqualTo("true");
      assertThat(dryRun.remove("ClientToken")).startsWith("preflight." + role + ".");
      assertThat(launch.remove("ClientToken")).isEqualTo("preflight-" + role);
      assertThat(dryRun).isEqualTo(launch);
    }
    assertThat(aws.ec2().live()).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("obstacles")
  void findsEachObstacleAndSaysWhatToDo(Planted planted) throws IOException {
    planted.plant().run();

    JsonNode reply = preflight(function());

    assertThat(reply.path("ready").asBoolean()).isFalse();
    List<Check> found = checks("obstacle", reply);
    assertThat(found)
        .extracting(Check::what)
        .containsExactlyInAnyOrder(planted.found().split("; "));
    assertThat(found)
        .allSatisfy(check -> assertThat(check.toDo()).isNotBlank())
        .anySatisfy(check -> assertThat(check.detail()).contains(planted.detail()));
    assertThat(aws.ec2().instances()).isEmpty();
  }

  static Stream<Planted> obstacles() {
    return Stream.of(
        new Planted(
            () -> aws.dynamoDbProxy().on("DescribeTable").refuse("ResourceNotFoundException"),
            "table elephant-meetings",
            "There is no such table in us-west-2"),
        new Planted(
            () -> aws.ec2().inventory().images().remove(IMAGE),
            "image " + IMAGE + "; " + DRY_RUNS,
            "There is no such image"),
        new Planted(image("pending", "x86_64", "/dev/xvda", 8), "image " + IMAGE, "It is pending"),
        new Planted(
            image("available", "arm64", "/dev/xvda", 8),
            "architecture " + IMAGE,
            "does not boot on t3.large"),
        new Planted(
            image("available", "x86_64", "/dev/sda1", 8),
            "root-device /dev/xvda",
            "The image's root device is /dev/sda1"),
        new Planted(
            image("available", "x86_64", "/dev/xvda", 80), "root-device /dev/xvda", "80 GiB"),
        new Planted(
            () -> aws.ec2().inventory().keyPairs().remove("shaundano-elephant"),
            "key-pair shaundano-elephant",
            "There is no such key pair"),
        new Planted(
            () -> aws.ec2().inventory().putGroup(GROUP, "vpc-07e5ca1ab1ef0f0e5"),
            "security-group " + GROUP,
            "It is in vpc-07e5ca1ab1ef0f0e5"),
        new Planted(
            () ->
                List.of("us-west-2a", "us-west-2b", "us-west-2c")
                    .forEach(aws.ec2()::removeDefaultSubnet),
            "subnet us-west-2a; subnet us-west-2b; subnet us-west-2c",
            "It has no default subnet"),
        new Planted(
            () -> {
              aws.ec2().inventory().securityGroups().remove(GROUP);
              aws.ec2().on("DescribeSubnets").refuse("UnauthorizedOperation");
            },
            "security-group " + GROUP,
            "There is no such security group"),
        new Planted(
            () -> aws.ec2().setFreeAddresses("subnet-0a11111111111111a", 1),
            "subnet us-west-2a",
            "1 free addresses"),
        new Planted(
            () -> aws.ec2().inventory().instanceTypes().remove("t3.large"),
            "instance-type t3.large; offering us-west-2a; offering us-west-2b; offering us-west-2c",
            "There is no such instance type"),
        new Planted(
            () -> aws.ec2().inventory().withdraw("t3.large", "us-west-2c"),
            "offering us-west-2c",
            "It offers none of t3.large"),
        new Planted(
            () ->
                List.of("us-west-2a", "us-west-2b", "us-west-2c")
                    .forEach(zone -> aws.ec2().inventory().withdraw("t3.large", zone)),
            "instance-type t3.large; offering us-west-2a; offering us-west-2b; offering us-west-2c",
            "No zone of AVAILABILITY_ZONES offers it"),
        new Planted(
            () -> aws.ec2().onLaunch("student").refuse("UnauthorizedOperation"),
            "dry-run student, on-demand, t3.large, us-west-2a",
            "UnauthorizedOperation"),
        new Planted(
            () -> aws.ec2().on("RunInstances").refuse("PendingVerification"),
            DRY_RUNS,
            "PendingVerification"));
  }

  private static Runnable image(String state, String architecture, String device, int size) {
    return () ->
        aws.ec2()
            .inventory()
            .images()
            .put(IMAGE, Inventory.image(IMAGE, state, architecture, device, size));
  }

  @Test
  void reportsEveryObstacleAtOnce() throws IOException {
    aws.dynamoDbProxy().on("DescribeTable").refuse("ResourceNotFoundException");
    image("failed", "arm64", "/dev/sda1", 8).run();
    aws.ec2().inventory().keyPairs().remove("shaundano-elephant");
    aws.ec2().inventory().securityGroups().remove(GROUP);
    aws.ec2().removeDefaultSubnet("us-west-2b");
    aws.ec2().inventory().withdraw("t3.large", "us-west-2c");
    aws.ec2().on("RunInstances").refuse("UnauthorizedOperation");

    assertThat(checks("obstacle", preflight(function())))
        .extracting(Check::name)
        .contains("table", "image", "architecture", "root-device", "key-pair")
        .contains("security-group", "subnet", "offering", "dry-run");
  }

  @ParameterizedTest
  @ValueSource(strings = {"id N", "meeting S", "id S and role S"})
  void findsAKeyThatIsNotIdAStringAlone(String key) throws IOException {
    aws.dynamoDb().deleteTable(LocalAws.TABLE);
    LocalDynamoDb.createTable(aws.dynamoDb().client(), LocalAws.TABLE, List.of(key.split(" and ")));
    try {
      assertThat(checks("obstacle", preflight(function())))
          .extracting(Check::what, Check::detail)
          .containsExactly(tuple("table elephant-meetings", "Its key is " + key));
    } finally {
      aws.dynamoDb().deleteTable(LocalAws.TABLE);
      aws.dynamoDb().createMeetings(LocalAws.TABLE);
    }
  }

  @Test
  void takesAMissingPermissionForNoObstacleAndSaysHowToGrantIt() throws IOException {
    List<String> actions =
        List.of(
            "DescribeImages",
            "DescribeKeyPairs",
            "DescribeSecurityGroups",
            "DescribeInstanceTypes",
            "DescribeInstanceTypeOfferings");
    actions.forEach(action -> aws.ec2().on(action).refuse("UnauthorizedOperation"));
    aws.dynamoDbProxy().on("DescribeTable").refuse("AccessDeniedException");

    JsonNode reply = preflight(function());

    assertThat(reply.path("ready").asBoolean()).isTrue();
    assertThat(checks("passed", reply))
        .extracting(Check::name)
        .containsOnly("credentials", "subnet", "dry-run");
    assertThat(checks("unknown", reply))
        .allSatisfy(check -> assertThat(check.toDo()).contains("preflight = true"))
        .extracting(check -> check.detail().replaceFirst(" .*", ""))
        .contains("dynamodb:DescribeTable")
        .containsAll(actions.stream().map("ec2:"::concat).toList());
  }

  /** Each question, and the checks that cannot be answered without it. */
  @ParameterizedTest
  @CsvSource({
    "DescribeImages, image; architecture; root-device",
    "DescribeInstanceTypes, architecture",
    "DescribeKeyPairs, key-pair",
    "DescribeSecurityGroups, security-group",
    "DescribeSubnets, security-group; subnet; dry-run",
    "DescribeInstanceTypeOfferings, instance-type; offering",
    "RunInstances, dry-run",
  })
  void leavesOnlyThoseChecksOpenThatNeedTheMissingAnswer(String action, String open)
      throws IOException {
    aws.ec2().on(action).replaceAnswer(500, "text/html", "<html>Oops");

    assertThat(checks("unknown", preflight(function())))
        .allSatisfy(check -> assertThat(check.detail()).contains("ec2:" + action + " failed with"))
        .extracting(Check::name)
        .containsOnly(open.split("; "));
  }

  @Test
  void isNotReadyWhereEc2DoesNotKnowTheCredentialsAndLeavesTheRestOpen() throws IOException {
    aws.ec2().script().onEveryCall().refuse("AuthFailure");

    JsonNode reply = preflight(function());

    assertThat(checks("obstacle", reply)).extracting(Check::what).contains("credentials us-west-2");
    assertThat(checks("passed", reply)).extracting(Check::name).containsExactly("table");
  }

  @Test
  void doesNotWaitForEver() throws IOException {
    aws.ec2().on("DescribeImages").delayWork(Duration.ofSeconds(8));
    aws.dynamoDbProxy().on("DescribeTable").loseAnswer();
    function().awaitReady();
    long start = System.nanoTime();

    List<Check> checks = checks(preflight(function()));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    assertThat(checks)
        .filteredOn(check -> check.result().equals("unknown"))
        .extracting(Check::name)
        .containsExactly("table", "image", "architecture", "root-device");
  }

  @Test
  void waitsWithADryRunThatIsOneCallTooMany() throws IOException {
    aws.ec2().on("RunInstances").next(2).refuse("RequestLimitExceeded");

    assertThat(preflight(function()).path("ready").asBoolean()).isTrue();
    assertThat(aws.ec2().calls("RunInstances")).hasSize(6);
  }

  @Test
  void doesNotCallASubnetFullThatHasIpv6AddressesAlone() throws IOException {
    showSubnet(
        "<availabilityZone>us-west-2a</availabilityZone><ipv6Native>true</ipv6Native>"
            + "<availableIpAddressCount>0</availableIpAddressCount>");

    assertThat(checks(preflight(function())))
        .filteredOn(check -> check.what().equals("subnet us-west-2a"))
        .extracting(Check::result)
        .containsExactly("passed");
  }

  @Test
  void showsTheOtherChecksWhereOneFailsInAWayThatNobodyThoughtOf() throws IOException {
    showSubnet("");

    List<Check> checks = checks(preflight(function()));

    assertThat(checks)
        .filteredOn(check -> check.detail().contains("NullPointerException"))
        .extracting(Check::name)
        .contains("subnet")
        .doesNotContain("image", "offering");
    assertThat(checks)
        .filteredOn(check -> check.result().equals("passed"))
        .extracting(Check::name)
        .contains("credentials", "table", "image", "key-pair", "instance-type", "offering");
  }

  private static void showSubnet(String fields) {
    aws.ec2()
        .on("DescribeSubnets")
        .replaceAnswer(
            200,
            "text/xml",
            """
            <DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
              <requestId>1</requestId>
              <subnetSet><item><subnetId>subnet-0a11111111111111a</subnetId>%s</item></subnetSet>
            </DescribeSubnetsResponse>
            """
                .formatted(fields));
  }

  @Test
  void asksForTheLaunchTemplateByTheDryRuns() throws IOException {
    aws.ec2().inventory().launchTemplates().clear();
    try (FunctionProcess other = start(Map.of("LAUNCH_TEMPLATE", "lt-0e1efa27000000001:7"))) {
      assertThat(checks("obstacle", preflight(other)))
          .isNotEmpty()
          .allSatisfy(check -> {
            assertThat(check.name()).isEqualTo("dry-run");
            assertThat(check.detail()).startsWith("InvalidLaunchTemplateId.NotFound");
          });
    }
    aws.forgetCalls();
  }

  @Test
  void checksEveryTypeAndMarketAndTriesEachCandidateThatIsOffered() throws IOException {
    aws.ec2().inventory().withdraw("t3a.large", "us-west-2a");
    try (FunctionProcess other =
        start(
            Map.of(
                "MARKET", "spot,on-demand",
                "AVAILABILITY_ZONES", "us-west-2a,us-west-2b",
                "INSTANCE_TYPE", "t3.large,t3a.large,t4g.large,g5.xlarge"))) {
      JsonNode reply = preflight(other);

      assertThat(checks("obstacle", reply))
          .extracting(Check::what, Check::toDo)
          .containsExactly(
              tuple(
                  "architecture " + IMAGE,
                  "Remove these types from INSTANCE_TYPE, or set AMI_ID to an image for them"),
              tuple(
                  "instance-type g5.xlarge",
                  "Remove it from INSTANCE_TYPE, or add one of the zones that do: us-west-2d"));
      assertThat(checks(reply))
          .filteredOn(check -> check.name().equals("dry-run"))
          .extracting(Check::subject)
          .containsExactly(
              "teacher, spot, t3.large, us-west-2a",
              "teacher, spot, t3.large, us-west-2b",
              "teacher, spot, t3a.large, us-west-2b",
              "teacher, spot, t4g.large, us-west-2a",
              "teacher, spot, t4g.large, us-west-2b",
              "teacher, on-demand, t3.large, us-west-2a",
              "teacher, on-demand, t3.large, us-west-2b",
              "teacher, on-demand, t3a.large, us-west-2b",
              "teacher, on-demand, t4g.large, us-west-2a",
              "teacher, on-demand, t4g.large, us-west-2b",
              "student, spot, t3.large, us-west-2a");
      assertThat(aws.ec2().calls("RunInstances"))
          .extracting(call -> call.parameters().get("ClientToken"))
          .doesNotHaveDuplicates();
    }
    aws.forgetCalls();
  }

  @Test
  void looksAtTheConfiguredSubnetsWhereThereAreAny() throws IOException {
    try (FunctionProcess other =
        start(
            Map.of(
                "SUBNETS",
                "us-west-2b=subnet-0b66666666666666b,us-west-2b=subnet-0a55555555555555a,"
                    + "us-west-2a=subnet-0f99999999999999f"))) {
      assertThat(checks("obstacle", preflight(other)))
          .filteredOn(check -> check.name().equals("subnet"))
          .extracting(Check::what, Check::detail)
          .containsExactly(
              tuple(
                  "subnet subnet-0a55555555555555a",
                  "It is in us-west-2a, and SUBNETS says us-west-2b"),
              tuple("subnet subnet-0f99999999999999f", "There is no such subnet in us-west-2"));

      aws.ec2().on("DescribeSubnets").refuse("UnauthorizedOperation");
      assertThat(checks(preflight(other)))
          .filteredOn(check -> check.name().equals("dry-run"))
          .isNotEmpty()
          .noneMatch(check -> check.result().equals("unknown"));
    }
    aws.forgetCalls();
  }

  @Test
  void theRunbookDescribesEachCheckOfTheFunctionAndOfThePlan() throws IOException {
    Stream<String> ofFunction = checks(preflight(function())).stream().map(Check::name);
    Stream<String> ofPlan =
        Pages.found(
                Pattern.compile("(?m)^check \"(.*)\" \\{"),
                Pages.text(Path.of("terraform", "account.tf")))
            .map("check."::concat);

    assertThat(Pages.rows(Pages.chapter(Pages.RUNBOOK, "## Preflight")))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(ofFunction, ofPlan, Stream.of("module.quota[\"…\"].check.quota"))
                .flatMap(names -> names)
                .distinct()
                .toList());
  }

  private static JsonNode preflight(FunctionProcess function) throws IOException {
    return new JsonMapper()
        .readTree(
            switch (function.invoke(PREFLIGHT)) {
              case Answered(String body) -> body;
              case Object other -> throw new AssertionError(other);
            });
  }

  private static List<Check> checks(JsonNode reply) {
    return new JsonMapper().convertValue(reply.required("checks"), new TypeReference<>() {});
  }

  /** Those with this result. */
  private static List<Check> checks(String result, JsonNode reply) {
    return checks(reply).stream().filter(check -> check.result().equals(result)).toList();
  }

  private static Map<String, String> parametersFor(String role, List<Call> calls) {
    return calls.stream()
        .filter(Ec2StandIn.forRole(role))
        .findFirst()
        .<Map<String, String>>map(call -> new LinkedHashMap<>(call.parameters()))
        .orElseThrow();
  }
}
