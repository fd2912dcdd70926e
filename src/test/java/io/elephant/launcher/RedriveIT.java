package io.elephant.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elephant.launcher.local.LambdaStandIn;
import io.elephant.launcher.local.LocalAws;
import io.elephant.launcher.local.SqsStandIn;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * {@code make redrive}: the AWS command line against both failure queues and the packaged function.
 */
class RedriveIT extends OnLocalAws {

  private static final String FAILURES = "elephant-launch-ec2-failures";
  private static final String UNDELIVERED = "elephant-launch-ec2-undelivered";
  private static final JsonMapper JSON = new JsonMapper();

  private static SqsStandIn sqs;
  private static LambdaStandIn lambda;

  private record Ending(int status, String output) {}

  @BeforeAll
  static void startAws() {
    assumeTrue(answers("aws") && answers("python3"), "make redrive needs aws and python3");
    sqs = new SqsStandIn();
    lambda = new LambdaStandIn(start());
  }

  @AfterAll
  static void stopAws() {
    if (lambda != null) {
      lambda.close();
      sqs.close();
    }
  }

  @BeforeEach
  void emptyTheQueues() {
    sqs.reset();
    lambda.reset();
    aws.startAfreshWith("m-1");
  }

  @Test
  void showsWhatWaitsInBothQueuesAndSendsNothingUntilItIsToldTo() throws Exception {
    sqs.send(FAILURES, record("{\"meeting_id\": \"m-1\"}"), Map.of());
    sqs.send(UNDELIVERED, "{\"meeting_id\": \"m-2\"}", ofScheduler());
    sqs.send(UNDELIVERED, "{\"action\": \"sweep\"}", ofScheduler());

    Ending ending = redrive("no\n");

    assertThat(ending.output())
        .contains(
            "m-1, in elephant-launch-ec2-failures since ",
            "io.elephant.launcher.LaunchIncomplete: No capacity",
            "m-2, in elephant-launch-ec2-undelivered since ",
            "AccessDeniedException: Not authorized",
            "sweep, in elephant-launch-ec2-undelivered since ",
            "Send these events again?",
            "Nothing was sent.");
    assertThat(ending.status()).isEqualTo(1);
    assertThat(lambda.calls()).isEmpty();
    assertThat(sqs.bodies(FAILURES)).hasSize(1);
    assertThat(sqs.bodies(UNDELIVERED)).hasSize(2);
    assertThat(sqs.hidden()).isZero();
  }

  @Test
  void sendsEachMessageOnceAndKeepsWhatFailsAgain() throws Exception {
    book("m-2", "TERMINATED", Instant.now());
    aws.dynamoDb().delete(LocalAws.TABLE, "m-4");
    sqs.send(FAILURES, record("{\"meeting_id\": \"m-1\"}"), Map.of());
    sqs.send(FAILURES, record("{\"meeting_id\": \" m-1\", \"tried\": 2}"), Map.of());
    sqs.send(FAILURES, record("{\"meeting_id\": \"m-2\"}"), Map.of());
    sqs.send(FAILURES, record("{\"meeting_id\": \"m-4\"}"), Map.of());
    sqs.send(UNDELIVERED, "{\"meeting_id\": \"m-1\"}", ofScheduler());
    sqs.send(UNDELIVERED, "{\"meeting_id\": \"m-4\"}", ofScheduler());
    sqs.send(UNDELIVERED, "{\"action\": \"sweep\"}", ofScheduler());
    // While an event is on its way nobody else may receive it; and what comes now was not shown.
    lambda
        .script()
        .on(LambdaStandIn.INVOKE)
        .next()
        .beforeWork(_ -> {
          assertThat(sqs.hidden()).isPositive();
          sqs.send(FAILURES, record("{\"meeting_id\": \"late-comer\"}"), Map.of());
        });

    Ending ending = redrive("yes\n");

    assertThat(ending.output())
        .contains(
            "\nm-1: answered: {\"meeting_id\":\"m-1\",\"status\":\"LAUNCHED\",\"instances\":{\"teacher\":\"%s\",\"student\":\"%s\"}}\n"
                .formatted(
                    aws.row("m-1").get("teacher_ec2_id").s(),
                    aws.row("m-1").get("student_ec2_id").s()),
            "\nm-2: answered: {\"meeting_id\":\"m-2\",\"status\":\"TERMINATED\",",
            "\nm-4: failed again: ",
            "io.elephant.launcher.failure.LaunchFailure$MeetingNotFound",
            "\nsweep: answered: {\"action\":\"sweep\",\"strays\":[]}\n",
            "\nAnswered: 5. Still in their queue: 2.\n")
        .doesNotContain("late-comer");
    assertThat(ending.status()).isEqualTo(1);
    assertThat(lambda.calls())
        .extracting(call -> JSON.readTree(call.body()).path("meeting_id").asText("").strip())
        .containsExactlyInAnyOrder("m-1", "m-1", "m-1", "m-2", "m-4", "m-4", "");
    assertThat(sqs.bodies(FAILURES))
        .containsExactly(
            record("{\"meeting_id\": \"m-4\"}"), record("{\"meeting_id\": \"late-comer\"}"));
    assertThat(sqs.bodies(UNDELIVERED)).containsExactly("{\"meeting_id\": \"m-4\"}");
    assertThat(sqs.hidden()).isZero();
    assertThat(aws.ec2().live()).hasSize(2);
  }

  @Test
  void sendsWhatEc2HasToldOfAnInstanceAgain() throws Exception {
    String end = ofEc2("EC2 Instance State-change Notification", "state", "terminated");
    // The function failed at it three times; and a rule could not deliver it.
    sqs.send(FAILURES, record(end), Map.of());
    sqs.send(UNDELIVERED, end, ofRule());

    Ending ending = redrive("yes\n");

    assertThat(ending.output())
        .contains(
            "i-0123456789abcdef0, in elephant-launch-ec2-failures since ",
            "i-0123456789abcdef0, in elephant-launch-ec2-undelivered since ",
            "NO_PERMISSIONS: Not authorized",
            "\ni-0123456789abcdef0: answered: {\"action\":\"recovery\",",
            "\nAnswered: 2. Still in their queue: 0.\n");
    assertThat(ending.status()).isZero();
    assertThat(lambda.calls())
        .extracting(call -> JSON.readTree(call.body()))
        .containsExactly(JSON.readTree(end), JSON.readTree(end));
    assertThat(sqs.bodies(FAILURES)).isEmpty();
    assertThat(sqs.bodies(UNDELIVERED)).isEmpty();
  }

  @Test
  void endsAfterEachMessageOnceHoweverMany() throws Exception {
    for (int meeting = 0; meeting < 21; meeting++) {
      sqs.send(FAILURES, record("{\"meeting_id\": \"many-%d\"}".formatted(meeting)), Map.of());
    }
    lambda.script().on(LambdaStandIn.INVOKE).refuse("TooManyRequestsException", 429);

    Ending ending = redrive("", "yes");

    assertThat(ending.output()).contains("\nAnswered: 0. Still in their queue: 21.\n");
    assertThat(lambda.calls())
        .extracting(call -> JSON.readTree(call.body()).required("meeting_id").asText())
        .hasSize(21)
        .doesNotHaveDuplicates();
    assertThat(sqs.calls().stream().filter(call -> call.action().equals("ReceiveMessage")))
        .extracting(call -> JSON.readTree(call.body()).required("VisibilityTimeout").asInt())
        .as("longer than a run may take")
        .allMatch(seconds -> seconds >= 2 * 1_800 + 900);
    assertThat(sqs.bodies(FAILURES)).hasSize(21);
    assertThat(sqs.hidden()).isZero();
  }

  @Test
  void leavesAloneWhatItDoesNotUnderstand() throws Exception {
    Map<String, String> truncated = new TreeMap<>(ofScheduler());
    truncated.put("IS_PAYLOAD_TRUNCATED", "true");
    sqs.send(FAILURES, "{\"meeting_id\": \"m-1\"}", Map.of());
    sqs.send(FAILURES, record("[\"m-1\"]"), Map.of());
    sqs.send(FAILURES, record("{\"meeting_id\": \"m-1\", \"meeting_id\": \"m-2\"}"), Map.of());
    sqs.send(FAILURES, "no\nm-1: launched: \u001b[2J", Map.of());
    sqs.send(UNDELIVERED, "{\"meeting_id\": \"m-1\"}", truncated);

    Ending ending = redrive("", "yes");

    assertThat(ending.output())
        .contains(
            "Left alone: it is neither Lambda's record nor an event of EventBridge's\n",
            "Left alone: it holds an event that is no JSON object\n",
            "Left alone: it holds no JSON (it has a name twice)\n",
            "Left alone: it holds an event of which EventBridge has cut off a part\n",
            "event   \"no\\nm-1: launched: ",
            "Answered: 0. Still in their queue: 5.")
        .doesNotContain("\u001b");
    assertThat(ending.status()).isEqualTo(1);
    assertThat(lambda.calls()).isEmpty();
    assertThat(sqs.bodies(FAILURES)).hasSize(4);
    assertThat(sqs.bodies(UNDELIVERED)).hasSize(1);
    assertThat(sqs.hidden()).isZero();
  }

  @Test
  void keepsAnEventThatLambdaDoesNotTakeOrDoesNotAnswer() throws Exception {
    sqs.send(FAILURES, record("{\"meeting_id\": \"m-1\"}"), Map.of());

    lambda.script().on(LambdaStandIn.INVOKE).next().refuse("TooManyRequestsException", 429);
    Ending throttled = redrive("", "yes");
    lambda.script().on(LambdaStandIn.INVOKE).next().loseAnswer();
    Ending lost = redrive("", "yes");
    lambda.script().on(LambdaStandIn.INVOKE).next().replaceAnswer(200, "text/html", "<p>Hi</p>");
    Ending strange = redrive("", "yes");

    assertThat(throttled.output()).contains("m-1: not sent: ", "TooManyRequestsException");
    assertThat(throttled.status()).isEqualTo(1);
    assertThat(lost.output()).contains("m-1: not sent: ");
    assertThat(lost.status()).isEqualTo(1);
    assertThat(strange.output()).contains("m-1: failed again: <p>Hi</p>\n");
    assertThat(strange.status()).isEqualTo(1);
    assertThat(lambda.calls()).hasSize(3);
    assertThat(sqs.bodies(FAILURES)).hasSize(1);
    assertThat(sqs.hidden()).isZero();
  }

  private static void book(String id, String status, Instant meetTime) {
    aws.dynamoDb()
        .put(
            LocalAws.TABLE,
            Map.of(
                "id", AttributeValue.fromS(id),
                "status", AttributeValue.fromS(status),
                "meet_time", AttributeValue.fromS(meetTime.toString())));
  }

  /**
   * Lambda's record of an asynchronous invocation that has failed for good.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html">Capturing
   *     records of Lambda asynchronous invocations</a>
   */
  private static String record(String event) {
    return """
    {"version": "1.0", "timestamp": "2026-11-24T09:58:20.000Z",
     "requestContext": {"requestId": "e4b46cbf-b738-xmpl-8880-a18cdf61200e",
       "functionArn": "arn:aws:lambda:us-west-2:123456789012:function:elephant-launch-ec2:$LATEST",
       "condition": "RetriesExhausted", "approximateInvokeCount": 3},
     "requestPayload": %s,
     "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
     "responsePayload": {"errorType": "io.elephant.launcher.LaunchIncomplete",
       "errorMessage": "No capacity"}}
    """
        .formatted(event);
  }

  /** An event of EC2's, as EventBridge delivers it. */
  private static String ofEc2(String type, String field, String value) {
    return """
    {"version": "0", "id": "ee376907-2647-4179-9203-343cfb3017a4", "detail-type": "%s",
     "source": "aws.ec2", "account": "123456789012", "time": "2026-11-24T09:56:02Z",
     "region": "us-west-2",
     "resources": ["arn:aws:ec2:us-west-2:123456789012:instance/i-0123456789abcdef0"],
     "detail": {"instance-id": "i-0123456789abcdef0", "%s": "%s"}}
    """
        .formatted(type, field, value);
  }

  /**
   * What EventBridge says of an event that a rule could not deliver.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html#eb-rule-dlq">Using
   *     dead-letter queues to process undelivered events</a>
   */
  private static Map<String, String> ofRule() {
    return Map.of(
        "ERROR_CODE", "NO_PERMISSIONS",
        "ERROR_MESSAGE", "Not authorized",
        "RETRY_ATTEMPTS", "0",
        "RULE_ARN", "arn:aws:events:us-west-2:123456789012:rule/elephant-launch-ec2-ended",
        "TARGET_ARN", "arn:aws:lambda:us-west-2:123456789012:function:elephant-launch-ec2");
  }

  /** What EventBridge Scheduler says of an event that it could not deliver. */
  private static Map<String, String> ofScheduler() {
    return Map.of(
        "ERROR_CODE", "AccessDeniedException",
        "ERROR_MESSAGE", "Not authorized",
        "EXECUTION_ID", "6bd7fc2c0c4a4d4e",
        "EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts",
        "IS_PAYLOAD_TRUNCATED", "false",
        "RETRY_ATTEMPTS", "185",
        "SCHEDULED_TIME", "2026-11-24T09:55:00Z",
        "SCHEDULE_ARN",
            "arn:aws:scheduler:us-west-2:123456789012:schedule/elephant-launch-ec2/launch-m-1",
        "TARGET_ARN", "arn:aws:lambda:us-west-2:123456789012:function:elephant-launch-ec2");
  }

  /** Runs the program that {@code make redrive} runs. */
  private static Ending redrive(String input, String... more) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                "terraform/redrive.py",
                "elephant-launch-ec2",
                "us-west-2",
                sqs.url(FAILURES),
                sqs.url(UNDELIVERED))
            .redirectErrorStream(true);
    builder.command().addAll(List.of(more));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("AWS_"));
    environment.put("AWS_ENDPOINT_URL_SQS", sqs.endpoint().toString());
    environment.put("AWS_ENDPOINT_URL_LAMBDA", lambda.endpoint().toString());
    environment.put("AWS_ACCESS_KEY_ID", "elephant");
    environment.put("AWS_SECRET_ACCESS_KEY", "elephant");
    environment.put("AWS_CONFIG_FILE", "/dev/null");
    environment.put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    Process process = builder.start();
    process.getOutputStream().write(input.getBytes(UTF_8));
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ending(process.waitFor(), output);
  }
}
