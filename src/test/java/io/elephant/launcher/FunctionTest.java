package io.elephant.launcher;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import io.elephant.launcher.local.Call;
import io.elephant.launcher.local.Ec2StandIn;
import io.elephant.launcher.local.Instance;
import io.elephant.launcher.local.LocalAws;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.parsing.Parser;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The function behind Lambda's runtime API and in front of AWS on this machine. */
@QuarkusTest
@WithTestResource(AwsOnThisMachine.class)
class FunctionTest {

  private static final String ID = "demo-meeting";
  private static final String EVENT = "{\"meeting_id\": \"demo-meeting\"}";
  private static final int SIX_MEGABYTES = 6 << 20;

  LocalAws aws;

  @BeforeEach
  void bookAMeeting() {
    aws.startAfreshWith(ID);
  }

  @Test
  void startsBothInstancesAndNamesThemInTheRowAndTheReply() {
    Map<String, AttributeValue> before = aws.row(ID);

    launch()
        .body("meeting_id", equalTo(ID))
        .body("status", equalTo("LAUNCHED"))
        .body("instances.teacher", equalTo(instance("teacher").id()))
        .body("instances.student", equalTo(instance("student").id()));

    assertThat(aws.ec2().live()).hasSize(2);
    Map<String, AttributeValue> after = new HashMap<>(aws.row(ID));
    assertThat(after.remove("launch").m()).containsOnlyKeys("teacher", "student", "completed_by");
    Map<String, AttributeValue> expected = new HashMap<>(before);
    expected.put("status", AttributeValue.fromS("LAUNCHED"));
    expected.put("teacher_ec2_id", AttributeValue.fromS(instance("teacher").id()));
    expected.put("student_ec2_id", AttributeValue.fromS(instance("student").id()));
    assertThat(after).isEqualTo(expected);
  }

  @Test
  void sendsEc2ExactlyWhatTheContractSays() {
    launch();

    Instance teacher = instance("teacher");
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("Action", "RunInstances");
    expected.put("Version", "2016-11-15");
    expected.put("ImageId", "ami-0e7fd79d17e852d18");
    expected.put("InstanceType", "t3.large");
    expected.put("KeyName", "shaundano-elephant");
    expected.put("SecurityGroupId.1", "sg-0e1efa27000000001");
    expected.put("SecurityGroupId.2", "sg-0e1efa27000000002");
    expected.put("SubnetId", teacher.subnet().subnetId());
    expected.put("IamInstanceProfile.Name", "EC2-S3-ReadOnly-Role");
    expected.put("MinCount", "1");
    expected.put("MaxCount", "1");
    expected.put("InstanceInitiatedShutdownBehavior", "terminate");
    expected.put("ClientToken", "demo-meeting-teacher");
    expected.put("BlockDeviceMapping.1.DeviceName", "/dev/xvda");
    expected.put("BlockDeviceMapping.1.Ebs.VolumeSize", "60");
    expected.put("BlockDeviceMapping.1.Ebs.VolumeType", "gp2");
    expected.put("BlockDeviceMapping.1.Ebs.DeleteOnTermination", "true");
    expected.put("BlockDeviceMapping.1.Ebs.Encrypted", "true");
    expected.put("MetadataOptions.HttpTokens", "required");
    expected.put("MetadataOptions.InstanceMetadataTags", "enabled");
    Map<String, String> tags = new TreeMap<>();
    tags.put("LaunchedBy", "elephant-launch-ec2");
    tags.put("MeetingID", "demo-meeting");
    tags.put("Name", "demo-meeting_teacher");
    tags.put("Project", "Elephant");
    tags.put("Role", "teacher");
    List<String> resources = List.of("instance", "volume");
    for (int i = 0; i < resources.size(); i++) {
      String specification = "TagSpecification.%d.".formatted(i + 1);
      expected.put(specification + "ResourceType", resources.get(i));
      int n = 0;
      for (Map.Entry<String, String> tag : tags.entrySet()) {
        n++;
        expected.put(specification + "Tag." + n + ".Key", tag.getKey());
        expected.put(specification + "Tag." + n + ".Value", tag.getValue());
      }
    }
    assertThat(aws.ec2().calls("RunInstances"))
        .filteredOn(Ec2StandIn.forRole("teacher"))
        .singleElement()
        .extracting(Call::parameters)
        .isEqualTo(expected);
    assertThat(teacher.zone()).isEqualTo("us-west-2a");
    assertThat(instance("student").token()).isEqualTo("demo-meeting-student");
  }

  @Test
  void looksForSubnetsBesideTheRowAndLaunchesBothRolesSideBySide() {
    aws.ec2().on("DescribeSubnets").delayAnswer(Duration.ofMillis(300));
    aws.dynamoDbProxy().script().on("GetItem").delayAnswer(Duration.ofMillis(300));
    aws.ec2().on("RunInstances").delayAnswer(Duration.ofMillis(300));
    aws.ec2().on("DescribeInstances").delayAnswer(Duration.ofMillis(300));

    launch();

    Call subnets = aws.ec2().calls("DescribeSubnets").getFirst();
    assertThat(subnets.overlaps(aws.dynamoDbProxy().calls("GetItem").getFirst())).isTrue();
    List<Call> runs = aws.ec2().calls("RunInstances");
    assertThat(runs.getFirst().overlaps(runs.getLast())).isTrue();
    Call look = aws.ec2().calls("DescribeInstances").getFirst();
    assertThat(look.overlaps(runs.getFirst())).isTrue();
    assertThat(aws.ec2().calls())
        .extracting(Call::action)
        .containsExactlyInAnyOrder(
            "DescribeSubnets", "RunInstances", "RunInstances", "DescribeInstances");
    assertThat(aws.dynamoDbProxy().calls())
        .extracting(Call::action)
        .containsExactly("GetItem", "UpdateItem", "UpdateItem");
  }

  @Test
  void startsNothingAndWritesNoRowForAMeetingThatIsNotThere() {
    deliver("{\"meeting_id\": \"never-booked\"}")
        .statusCode(500)
        .body("errorType", containsString("MeetingNotFound"))
        .body("errorMessage", containsString("never-booked"));

    assertThat(aws.ec2().instances()).isEmpty();
    assertThat(aws.row("never-booked")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GetItem, AccessDeniedException",
    "GetItem, ResourceNotFoundException",
    "UpdateItem, AccessDeniedException",
  })
  void startsNothingAndNamesTheCodeWhereTheTableCannotBeRead(String action, String code) {
    aws.dynamoDbProxy().script().on(action).refuse(code, 400);

    fails("CallFailed", code);
    assertNothingHappened();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"DNS_WRITTEN", "HEALTHY", "IN_PROGRESS", "TERMINATED", "CANCELLED", "CANCELED"})
  void startsNothingForAStatusThatIsNotToBeLaunched(String status) {
    set("status", AttributeValue.fromS(status));
    Map<String, AttributeValue> before = aws.row(ID);

    deliver(EVENT)
        .statusCode(200)
        .body("status", equalTo(status))
        .body("instances", is(anEmptyMap()));

    assertThat(aws.ec2().instances()).isEmpty();
    assertThat(aws.row(ID)).isEqualTo(before);
  }

  @Test
  void startsNothingForAMeetingOfNextWeek() {
    set("meet_time", AttributeValue.fromS(Instant.now().plus(Duration.ofDays(7)).toString()));
    Map<String, AttributeValue> before = aws.row(ID);

    deliver(EVENT)
        .statusCode(200)
        .body("status", equalTo("SCHEDULED"))
        .body("instances", is(anEmptyMap()))
        .body("why", equalTo("too early: the meeting begins too long from now"));
    deliver("{\"meeting_id\": \"%s\", \"dry_run\": true}".formatted(ID))
        .body("would", equalTo("do nothing: the meeting begins too long from now"));

    assertThat(aws.ec2().instances()).isEmpty();
    assertThat(aws.row(ID)).isEqualTo(before);
  }

  @Test
  void startsNothingForAMeetingAnHourGone() {
    set("meet_time", AttributeValue.fromS(Instant.now().minus(Duration.ofHours(1)).toString()));
    Map<String, AttributeValue> before = aws.row(ID);

    deliver(EVENT).statusCode(200).body("status", equalTo("SCHEDULED"));

    assertThat(aws.ec2().instances()).isEmpty();
    assertThat(aws.row(ID)).isEqualTo(before);
  }

  @Test
  void startsNothingForARowThatItDoesNotUnderstand() {
    Map<String, AttributeValue> malformed =
        Map.of(
            "status", AttributeValue.fromS("ON_HOLD"),
            "meet_time", AttributeValue.fromS("at ten"),
            "teacher_ec2_id", AttributeValue.fromBool(true),
            "launch", AttributeValue.fromS("yes"));
    malformed.forEach((name, value) -> {
      bookAMeeting();
      set(name, value);

      fails("MeetingUnreadable", name);
      assertThat(aws.ec2().instances()).isEmpty();
    });
  }

  @Test
  void repeatsALostAnswerUnderTheSameToken() {
    aws.ec2().on("RunInstances").where(Ec2StandIn.forRole("teacher")).next(2).loseAnswer();
    // Otherwise the look beside the requests would find what the lost answer has started.
    aws.ec2().on("DescribeInstances").next(2).refuse("InternalError");
    aws.dynamoDbProxy().script().on("UpdateItem").next().loseAnswer();

    launch();

    assertThat(aws.ec2().instances()).hasSize(2);
    assertThat(aws.ec2().calls("RunInstances")).hasSizeGreaterThan(2);
  }

  @Test
  void repeatsThroughThrottlingServerErrorsAndUnreadableAnswers() {
    aws.ec2().on("RunInstances").next(2).refuse("RequestLimitExceeded");
    aws.ec2().on("RunInstances").next(2).refuse("InternalError");
    aws.ec2().on("RunInstances").next(2).replaceAnswer(500, "text/html", "<html>Oops");
    aws.ec2().on("DescribeSubnets").next().refuse("RequestLimitExceeded");

    launch();

    assertThat(aws.ec2().instances()).hasSize(2);
  }

  @Test
  void recordsTheRoleThatStartedWhereEc2RefusesTheOther() {
    aws.ec2()
        .on("RunInstances")
        .where(Ec2StandIn.forRole("student"))
        .next(3)
        .refuse("UnauthorizedOperation");

    fails("LaunchIncomplete", "student: UnauthorizedOperation");
    assertThat(aws.row(ID)).containsKey("teacher_ec2_id").doesNotContainKey("student_ec2_id");
    assertThat(aws.row(ID).get("status").s()).isEqualTo("LAUNCH_FAILED");
    assertThat(aws.row(ID).get("launch").m().get("failure").s())
        .startsWith("student: UnauthorizedOperation");

    launch();
    assertThat(aws.ec2().instances()).hasSize(2);
    assertThat(aws.row(ID).get("launch").m()).doesNotContainKey("failure");
  }

  @Test
  void goesOnToTheNextZoneWhereTheFirstIsFullAndSaysSoInTheToken() {
    aws.ec2().fill("us-west-2a");

    launch();

    assertThat(aws.ec2().live())
        .allSatisfy(instance -> assertThat(instance.zone()).isEqualTo("us-west-2b"))
        .extracting(Instance::token)
        .containsExactlyInAnyOrder("demo-meeting-teacher-1", "demo-meeting-student-1");
    assertThat(aws.ec2().calls("RunInstances")).hasSize(4);
  }

  @Test
  void recordsTheInstanceThatTheTokenStartedForAnotherRequest() {
    launch();
    List<String> before = aws.ec2().live().stream().map(Instance::id).toList();
    bookAgainWithoutReset();
    aws.ec2().setLag(1);
    aws.ec2().on("RunInstances").next(2).refuse("IdempotentParameterMismatch", 400);

    launch();

    assertThat(aws.ec2().live()).extracting(Instance::id).isEqualTo(before);
    assertThat(aws.row(ID).get("teacher_ec2_id").s()).isEqualTo(instance("teacher").id());
  }

  @Test
  void replacesAnInstanceThatDiedBeforeItWasRecorded() {
    // The look beside the requests would show it, and rightly take it, in the moment that it lives.
    aws.ec2().setLag(1);
    aws.ec2()
        .on("RunInstances")
        .where(Ec2StandIn.forRole("teacher"))
        .next()
        .afterWork(_ -> aws.ec2().terminate(instance("teacher").id()));
    aws.ec2().on("RunInstances").where(Ec2StandIn.forRole("teacher")).next().loseAnswer();

    launch();

    assertThat(aws.ec2().live()).hasSize(2);
    assertThat(aws.row(ID).get("launch").m().get("teacher").m().get("replaced").n()).isEqualTo("1");
  }

  @Test
  void saysInTheRowWhyALaunchWasRefusedForGoodAndLaunchesOnceItIsFixed() {
    aws.ec2().on("RunInstances").next(2).refuse("InvalidKeyPair.NotFound", 400);

    fails("LaunchIncomplete", "InvalidKeyPair.NotFound");
    assertThat(aws.row(ID).get("status").s()).isEqualTo("LAUNCH_FAILED");
    assertThat(aws.row(ID).get("launch").m().get("failure").s())
        .contains("teacher: InvalidKeyPair.NotFound", "student: InvalidKeyPair.NotFound");

    launch();
    assertThat(aws.ec2().live()).hasSize(2);
  }

  @Test
  void answersASweepAndAPreflightAndLaunchesNothing() throws IOException {
    deliver(Files.readAllBytes(Path.of("events/sweep.json")))
        .statusCode(200)
        .body("action", equalTo("sweep"))
        .body("strays", is(empty()));
    deliver(Files.readAllBytes(Path.of("events/preflight.json")))
        .statusCode(200)
        .body("action", equalTo("preflight"))
        .body("ready", is(true));

    assertNothingHappened();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERMINATED", "CANCELLED"})
  void leavesNoInstanceWhereTheMeetingIsCancelledWhileItLaunches(String status) {
    aws.ec2().on("RunInstances").next().afterWork(_ -> set("status", AttributeValue.fromS(status)));

    deliver(EVENT)
        .statusCode(200)
        .body("status", equalTo(status))
        .body("instances", is(anEmptyMap()));

    assertThat(aws.ec2().instances()).hasSize(2);
    assertThat(aws.ec2().live()).isEmpty();
    assertThat(aws.row(ID)).doesNotContainKeys("teacher_ec2_id", "student_ec2_id");
  }

  @Test
  void leavesNoInstanceAndNoRowWhereTheRowIsDeletedWhileItLaunches() {
    aws.ec2().on("RunInstances").next().afterWork(_ -> aws.dynamoDb().delete(LocalAws.TABLE, ID));

    fails("MeetingNotFound", ID);
    assertThat(aws.ec2().live()).isEmpty();
    assertThat(aws.row(ID)).isEmpty();
  }

  @Test
  void failsForSixMegabytesOfTextAndLaunchesTheNextEvent() {
    deliver("x".repeat(SIX_MEGABYTES))
        .statusCode(500)
        .body("errorType", containsString("InvalidEvent"));
    deliver("{\"meeting_id\": \"" + "x".repeat(SIX_MEGABYTES) + "\"}")
        .statusCode(500)
        .body("errorMessage", containsString("meeting_id"));

    launch();
  }

  @ParameterizedTest
  @MethodSource("badEvents")
  void failsForEveryBadEventAndLaunchesTheNextOne(Path event) throws IOException {
    deliver(Files.readAllBytes(event))
        .statusCode(500)
        .body("errorType", equalTo("io.elephant.launcher.lambda.InvalidEvent"))
        .body("errorMessage", containsString("The event "));
    assertNothingHappened();

    launch();
  }

  static Stream<Path> badEvents() {
    return Pages.events().stream().filter(FunctionTest::isBad);
  }

  @ParameterizedTest
  @MethodSource("goodEvents")
  void launchesTheDemoMeetingForEveryGoodEvent(Path event) throws IOException {
    deliver(Files.readAllBytes(event)).statusCode(200).body("status", equalTo("LAUNCHED"));
  }

  static Stream<Path> goodEvents() {
    Set<String> others =
        Set.of(
            "dry-run.json",
            "unknown-meeting.json",
            "sweep.json",
            "preflight.json",
            "state-change.json",
            "spot-interruption.json");
    return Pages.events().stream()
        .filter(event -> !isBad(event) && !others.contains(event.getFileName().toString()));
  }

  @Test
  void saysInADryRunWhatALaunchWouldDoAndThenDoesJustThat() throws IOException {
    byte[] dryRun = Files.readAllBytes(Path.of("events/dry-run.json"));
    aws.ec2().fill("us-west-2a");
    Map<String, AttributeValue> before = aws.row(ID);

    deliver(dryRun)
        .statusCode(200)
        .body("dry_run", is(true))
        .body("status", equalTo("SCHEDULED"))
        .body("would", equalTo("launch"))
        .body("roles.teacher.would", equalTo("start an instance"))
        .body("roles.teacher.client_token", equalTo("demo-meeting-teacher"))
        .body("roles.teacher.zone", equalTo("us-west-2a"))
        .body("roles.teacher.instance_type", equalTo("t3.large"))
        .body("roles.teacher.image", equalTo("ami-0e7fd79d17e852d18"))
        .body("roles.student.tags.Name", equalTo("demo-meeting_student"))
        .body("candidates.zone", equalTo(List.of("us-west-2a", "us-west-2b", "us-west-2c")));
    assertThat(aws.ec2().calls()).extracting(Call::action).containsOnly("DescribeSubnets");
    assertThat(aws.dynamoDbProxy().calls()).extracting(Call::action).containsOnly("GetItem");
    assertThat(aws.row(ID)).isEqualTo(before);

    aws.ec2().on("RunInstances").where(Ec2StandIn.forRole("student")).refuse("Blocked");
    deliver(EVENT).statusCode(500);
    deliver(dryRun)
        .body("roles.teacher.would", equalTo("do nothing: its instance is recorded"))
        .body("roles.teacher.instance", equalTo(instance("teacher").id()))
        .body("roles.student.would", equalTo("repeat the request that is in the row"));
  }

  private static boolean isBad(Path event) {
    return event.getFileName().toString().startsWith("bad-");
  }

  private ValidatableResponse launch() {
    return deliver(EVENT).statusCode(200).body("status", equalTo("LAUNCHED"));
  }

  private void fails(String type, String message) {
    deliver(EVENT)
        .statusCode(500)
        .body("errorType", containsString(type))
        .body("errorMessage", containsString(message));
  }

  static ValidatableResponse deliver(String event) {
    return deliver(event.getBytes(UTF_8));
  }

  private static ValidatableResponse deliver(byte[] event) {
    return given()
        .contentType("application/octet-stream")
        .body(event)
        .post("/_lambda_")
        .then()
        // What Quarkus's poll loop calls the answer of a stream handler.
        .parser("application/x-www-form-urlencoded", Parser.JSON);
  }

  private void bookAgainWithoutReset() {
    aws.dynamoDb().delete(LocalAws.TABLE, ID);
    aws.book(ID, Instant.now().plus(Duration.ofMinutes(5)));
  }

  private Instance instance(String role) {
    return aws.ec2().instances().stream()
        .filter(instance -> role.equals(instance.tag("Role")))
        .findFirst()
        .orElseThrow();
  }

  private void set(String attribute, AttributeValue value) {
    aws.set(ID, attribute, value);
  }

  private void assertNothingHappened() {
    assertThat(aws.ec2().instances()).isEmpty();
    assertThat(aws.row(ID)).doesNotContainKeys("launch", "teacher_ec2_id", "student_ec2_id");
    assertThat(aws.row(ID).get("status").s()).isEqualTo("SCHEDULED");
  }
}
