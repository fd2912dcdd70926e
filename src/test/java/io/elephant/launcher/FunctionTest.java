package io.elephant.launcher;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.elephant.launcher.failure.Refusal;
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
import java.util.List;
import java.util.Map;
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
  private static final String IN_THE_SAMPLES = "i-0123456789abcdef0";

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
    String tagged =
        """
        TagSpecification.%1$d.ResourceType=%2$s
        TagSpecification.%1$d.Tag.1.Key=LaunchedBy
        TagSpecification.%1$d.Tag.1.Value=elephant-launch-ec2
        TagSpecification.%1$d.Tag.2.Key=MeetingID
        TagSpecification.%1$d.Tag.2.Value=demo-meeting
        TagSpecification.%1$d.Tag.3.Key=Name
        TagSpecification.%1$d.Tag.3.Value=demo-meeting_teacher
        TagSpecification.%1$d.Tag.4.Key=Project
        TagSpecification.%1$d.Tag.4.Value=Elephant
        TagSpecification.%1$d.Tag.5.Key=Role
        TagSpecification.%1$d.Tag.5.Value=teacher
        """;
    String expected =
        """
        Action=RunInstances
        Version=2016-11-15
        ImageId=ami-0e7fd79d17e852d18
        InstanceType=t3.large
        KeyName=shaundano-elephant
        SecurityGroupId.1=sg-0e1efa27000000001
        SecurityGroupId.2=sg-0e1efa27000000002
        SubnetId=%s
        IamInstanceProfile.Name=EC2-S3-ReadOnly-Role
        MinCount=1
        MaxCount=1
        InstanceInitiatedShutdownBehavior=terminate
        ClientToken=demo-meeting-teacher
        BlockDeviceMapping.1.DeviceName=/dev/xvda
        BlockDeviceMapping.1.Ebs.VolumeSize=60
        BlockDeviceMapping.1.Ebs.VolumeType=gp2
        BlockDeviceMapping.1.Ebs.DeleteOnTermination=true
        BlockDeviceMapping.1.Ebs.Encrypted=true
        MetadataOptions.HttpTokens=required
        MetadataOptions.InstanceMetadataTags=enabled
        """
                .formatted(teacher.subnet().subnetId())
            + tagged.formatted(1, "instance")
            + tagged.formatted(2, "volume");
    assertThat(aws.ec2().calls("RunInstances"))
        .filteredOn(Ec2StandIn.forRole("teacher"))
        .singleElement()
        .satisfies(call ->
            assertThat(call.parameters().entrySet())
                .map(Object::toString)
                .containsExactlyInAnyOrderElementsOf(expected.lines().toList()));
    assertThat(teacher.zone()).isEqualTo("us-west-2a");
    assertThat(instance("student").token()).isEqualTo("demo-meeting-student");
  }

  @Test
  void looksForSubnetsBesideTheRowAndLaunchesBothRolesSideBySide() {
    aws.ec2().on("DescribeSubnets").delayAnswer(Duration.ofMillis(300));
    aws.dynamoDbProxy().on("GetItem").delayAnswer(Duration.ofMillis(300));
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
    aws.dynamoDbProxy().on(action).refuse(code);

    fails("CallFailed", code);
    assertNothingHappened();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"DNS_WRITTEN", "HEALTHY", "IN_PROGRESS", "TERMINATED", "CANCELLED", "CANCELED"})
  void startsNothingForAStatusThatIsNotToBeLaunched(String status) {
    set("status", AttributeValue.fromS(status));

    answersWith(status);
  }

  /** The reply has this status and no instances, and nothing is started or written. */
  private ValidatableResponse answersWith(String status) {
    Map<String, AttributeValue> before = aws.row(ID);
    ValidatableResponse reply =
        deliver(EVENT)
            .statusCode(200)
            .body("status", equalTo(status))
            .body("instances", is(anEmptyMap()));
    assertThat(aws.ec2().instances()).isEmpty();
    assertThat(aws.row(ID)).isEqualTo(before);
    return reply;
  }

  @Test
  void startsNothingForAMeetingOfNextWeek() {
    begins(Instant.now().plus(Duration.ofDays(7)));

    answersWith("SCHEDULED")
        .body("why", equalTo("too early: the meeting begins too long from now"));
    deliver(EVENT.replace("}", ", \"dry_run\": true}"))
        .body("would", equalTo("do nothing: the meeting begins too long from now"));
  }

  @Test
  void startsNothingForAMeetingAnHourGone() {
    begins(Instant.now().minus(Duration.ofHours(1)));

    answersWith("SCHEDULED");
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
    aws.ec2().onLaunch("teacher").next(2).loseAnswer();
    aws.ec2().onLaunch("student").next(2).replaceAnswer(500, "text/html", "<html>Oops");
    // Otherwise the look beside the requests would find what the lost answers have started.
    aws.ec2().on("DescribeInstances").next(2).refuse("InternalError");
    aws.dynamoDbProxy().on("UpdateItem").next().loseAnswer();

    launch();

    assertThat(aws.ec2().instances()).hasSize(2);
    assertThat(aws.ec2().calls("RunInstances")).hasSizeGreaterThan(2);
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
    aws.dynamoDb().delete(LocalAws.TABLE, ID);
    aws.book(ID, Instant.now().plus(Duration.ofMinutes(5)));
    aws.ec2().setLag(1);
    aws.ec2().on("RunInstances").next(2).refuse("IdempotentParameterMismatch");

    launch();

    assertThat(aws.ec2().live()).extracting(Instance::id).isEqualTo(before);
    assertThat(aws.row(ID).get("teacher_ec2_id").s()).isEqualTo(instance("teacher").id());
  }

  @Test
  void replacesAnInstanceThatDiedBeforeItWasRecorded() {
    // The look beside the requests would show it, and rightly take it, in the moment that it lives.
    aws.ec2().setLag(1);
    aws.ec2()
        .onLaunch("teacher")
        .next()
        .afterWork(_ -> aws.ec2().terminate(instance("teacher").id()));
    aws.ec2().onLaunch("teacher").next().loseAnswer();

    launch();

    assertThat(aws.ec2().live()).hasSize(2);
    assertThat(aws.row(ID).get("launch").m().get("teacher").m().get("replaced").n()).isEqualTo("1");
  }

  @Test
  void saysInTheRowWhyALaunchWasRefusedForGoodAndLaunchesOnceItIsFixed() {
    aws.ec2().onLaunch("student").next().refuse("InvalidKeyPair.NotFound");

    fails("LaunchIncomplete", "student: InvalidKeyPair.NotFound");
    assertThat(aws.row(ID)).containsKey("teacher_ec2_id").doesNotContainKey("student_ec2_id");
    assertThat(aws.row(ID).get("status").s()).isEqualTo("LAUNCH_FAILED");
    assertThat(aws.row(ID).get("launch").m().get("failure").s())
        .startsWith("student: InvalidKeyPair.NotFound");

    launch();
    assertThat(aws.ec2().instances()).hasSize(2);
    assertThat(aws.row(ID).get("launch").m()).doesNotContainKey("failure");
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
  void failsForAnIdOfSixMegabytesAndLaunchesTheNextEvent() {
    deliver("{\"meeting_id\": \"" + "x".repeat(6 << 20) + "\"}")
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
    return Pages.events().stream()
        .filter(event -> event.getFileName().toString().startsWith("bad-"));
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

    aws.ec2().onLaunch("student").refuse("Blocked");
    deliver(EVENT).statusCode(500);
    deliver(dryRun)
        .body("roles.teacher.would", equalTo("do nothing: its instance is recorded"))
        .body("roles.teacher.instance", equalTo(instance("teacher").id()))
        .body("roles.student.would", equalTo("repeat the request that is in the row"));
  }

  @Test
  void replacesAnInstanceThatEc2Ends() throws IOException {
    launch();
    String lost = recorded("teacher");
    String student = recorded("student");
    aws.ec2().terminate(lost);

    ended(lost)
        .statusCode(200)
        .body("action", equalTo("recovery"))
        .body("instance", equalTo(lost))
        .body("outcome", equalTo("replaced"))
        .body("why", containsString("Server.InternalError"))
        .body("meeting_id", equalTo(ID))
        .body("instances.student", equalTo(student))
        .body("instances.teacher", equalTo(recorded("teacher")));

    assertThat(aws.row(ID).get("status").s()).isEqualTo("LAUNCHED");
    assertThat(aws.ec2().live())
        .extracting(Instance::id)
        .containsExactlyInAnyOrder(recorded("teacher"), student);
    Map<String, AttributeValue> state = aws.row(ID).get("launch").m().get("teacher").m();
    assertThat(state.get("replaced").n()).isEqualTo("1");
    assertThat(state.get("taken_out").l()).extracting(AttributeValue::s).containsExactly(lost);
    assertThat(state.get("reason_code").s()).isEqualTo("Server.InternalError");
    assertThat(state.get("availability_zone").s()).isEqualTo("us-west-2b");
    ended(lost).statusCode(200).body("outcome", equalTo("not needed"));
    assertThat(aws.ec2().live()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "status, LAUNCHED, Client.UserInitiatedShutdown, reported, on purpose",
    "status, DNS_WRITTEN, Server.InternalError, reported, DNS_WRITTEN",
    "status, CANCELLED, Server.InternalError, not needed, CANCELLED",
    "meet_time, 2026-01-01T00:00:00Z, Server.InternalError, reported, too long ago"
  })
  void saysWhyItReplacesNothing(
      String attribute, String value, String code, String outcome, String why) throws IOException {
    launch();
    set(attribute, AttributeValue.fromS(value));
    Map<String, AttributeValue> before = aws.row(ID);
    aws.ec2().terminate(recorded("teacher"), new Refusal(code, "it ended"));

    ended(recorded("teacher"))
        .statusCode(200)
        .body("outcome", equalTo(outcome))
        .body("why", containsString(why));
    assertThat(aws.row(ID)).isEqualTo(before);
    assertThat(aws.ec2().instances()).hasSize(2);

    ended(IN_THE_SAMPLES)
        .statusCode(200)
        .body("outcome", equalTo("not ours"))
        .body("meeting_id", nullValue());
  }

  @Test
  void failsWhereTheReplacementIsRefusedAndTheNextEventGoesOn() throws IOException {
    launch();
    String lost = recorded("teacher");
    aws.ec2().terminate(lost);
    aws.ec2().on("RunInstances").refuse("InvalidKeyPair.NotFound");
    ended(lost).statusCode(500).body("errorMessage", containsString("InvalidKeyPair.NotFound"));
    assertThat(aws.row(ID)).doesNotContainKey("teacher_ec2_id");
    aws.ec2().script().clear();

    ended(lost).statusCode(200).body("outcome", equalTo("replaced"));

    assertThat(aws.ec2().live()).hasSize(2);
  }

  private static ValidatableResponse ended(String instance) throws IOException {
    return deliver(
        Files.readString(Path.of("events/state-change.json")).replace(IN_THE_SAMPLES, instance));
  }

  private String recorded(String role) {
    return aws.row(ID).get(role + "_ec2_id").s();
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

  private static ValidatableResponse deliver(String event) {
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

  private Instance instance(String role) {
    return aws.ec2().live(role).getFirst();
  }

  private void begins(Instant time) {
    set("meet_time", AttributeValue.fromS(time.toString()));
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
