package io.elephant.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elephant.launcher.local.FailureQueues;
import io.elephant.launcher.local.InvocationResult;
import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Failed;
import io.elephant.launcher.local.ProcessResult;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code make redrive}: the AWS command line against both failure queues and the function. */
class RedriveIT {

  private static final String FAILURES = "elephant-launch-ec2-failures";
  private static final String UNDELIVERED = "elephant-launch-ec2-undelivered";
  private static final String M_1 = "{\"meeting_id\": \"m-1\"}";
  private static final String FAILS = "{\"meeting_id\": \"m-4\"}";
  private static final String SWEEP = "{\"action\": \"sweep\"}";
  private static final String ENDED =
      """
      {"detail-type": "EC2 Instance State-change Notification", "source": "aws.ec2",
       "detail": {"instance-id": "i-0123456789abcdef0", "state": "terminated"}}
      """;
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * What EventBridge Scheduler and a rule say of an event that they could not deliver.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html#eb-rule-dlq">Using
   *     dead-letter queues to process undelivered events</a>
   */
  private static final Map<String, String> OF_SCHEDULER =
      Map.of(
          "ERROR_CODE", "AccessDeniedException",
          "ERROR_MESSAGE", "Not authorized",
          "IS_PAYLOAD_TRUNCATED", "false",
          "SCHEDULE_ARN", "arn:aws:scheduler:us-west-2:123456789012:schedule/group/launch-m-1");

  private static final Map<String, String> OF_RULE =
      Map.of(
          "ERROR_CODE", "NO_PERMISSIONS",
          "ERROR_MESSAGE", "Not authorized",
          "RULE_ARN", "arn:aws:events:us-west-2:123456789012:rule/elephant-launch-ec2-ended");

  private static final FailureQueues aws = new FailureQueues(RedriveIT::invoke);

  private static InvocationResult invoke(String event) {
    return event.contains("m-4")
        ? new Failed("", "", "{\"errorType\": \"MeetingNotFound\"}")
        : new Answered("{\"answer_to\": %s}".formatted(event));
  }

  @BeforeAll
  static void hasTools() throws Exception {
    ProcessResult tools = ProcessResult.of("aws --version && python3 --version");
    assumeTrue(tools.status() == 0, "make redrive needs aws and python3");
  }

  @AfterAll
  static void stopAws() {
    aws.close();
  }

  @BeforeEach
  void emptyTheQueues() {
    aws.reset();
  }

  @Test
  void showsWhatWaitsInBothQueuesAndSendsNothingUntilItIsToldTo() throws Exception {
    aws.send(FAILURES, record(M_1), Map.of());
    aws.send(UNDELIVERED, "{\"meeting_id\": \"m-2\"}", OF_SCHEDULER);
    aws.send(UNDELIVERED, SWEEP, OF_SCHEDULER);

    String output = redrive(1, "no\n");

    assertThat(output)
        .contains(
            "m-1, in elephant-launch-ec2-failures since ",
            "io.elephant.launcher.LaunchIncomplete: No capacity",
            "m-2, in elephant-launch-ec2-undelivered since ",
            "AccessDeniedException: Not authorized",
            "sweep, in elephant-launch-ec2-undelivered since ",
            "Send these events again?",
            "Nothing was sent.");
    assertInvoked();
    assertLeft(1, 2);
  }

  @Test
  void sendsEachMessageOnceAndKeepsWhatFailsAgain() throws Exception {
    String padded = "{\"meeting_id\": \" m-1\", \"tried\": 2}";
    List.of(M_1, padded, FAILS, ENDED)
        .forEach(event -> aws.send(FAILURES, record(event), Map.of()));
    List.of(M_1, FAILS, SWEEP).forEach(event -> aws.send(UNDELIVERED, event, OF_SCHEDULER));
    aws.send(UNDELIVERED, ENDED, OF_RULE);
    // While an event is on its way nobody else may receive it; and what comes now was not shown.
    aws.on(FailureQueues.INVOKE)
        .next()
        .beforeWork(_ -> {
          assertThat(aws.hidden()).isPositive();
          aws.send(FAILURES, record("{\"meeting_id\": \"late-comer\"}"), Map.of());
        });

    String output = redrive(1, "yes\n");

    assertThat(output)
        .contains(
            "\nm-1: answered: {\"answer_to\": {\"meeting_id\": \"m-1\"}}\n",
            "\nm-4: failed again: {\"errorType\": \"MeetingNotFound\"}\n",
            "\nsweep: answered: ",
            "i-0123456789abcdef0, in elephant-launch-ec2-failures since ",
            "i-0123456789abcdef0, in elephant-launch-ec2-undelivered since ",
            "NO_PERMISSIONS: Not authorized",
            "\ni-0123456789abcdef0: answered: ",
            "\nAnswered: 6. Still in their queue: 2.\n")
        .doesNotContain("late-comer");
    assertInvoked(M_1, M_1, padded, FAILS, FAILS, SWEEP, ENDED, ENDED);
    assertThat(aws.bodies(FAILURES))
        .containsExactly(record(FAILS), record("{\"meeting_id\": \"late-comer\"}"));
    assertThat(aws.bodies(UNDELIVERED)).containsExactly(FAILS);
    assertThat(aws.hidden()).isZero();
  }

  @Test
  void endsAfterEachMessageOnceHoweverMany() throws Exception {
    String[] events =
        IntStream.range(0, 21)
            .mapToObj("{\"meeting_id\": \"many-%d\"}"::formatted)
            .toArray(String[]::new);
    List.of(events).forEach(event -> aws.send(FAILURES, record(event), Map.of()));
    aws.on(FailureQueues.INVOKE).refuse("TooManyRequestsException");

    String output = redrive(1, "", "yes");

    assertThat(output).contains("\nAnswered: 0. Still in their queue: 21.\n");
    assertInvoked(events);
    assertThat(aws.calls("ReceiveMessage"))
        .extracting(call -> call.json().required("VisibilityTimeout").asInt())
        .as("longer than a run may take")
        .allMatch(seconds -> seconds >= 2 * 1_800 + 900);
    assertLeft(21, 0);
  }

  @Test
  void leavesAloneWhatItDoesNotUnderstand() throws Exception {
    aws.send(FAILURES, M_1, Map.of());
    aws.send(FAILURES, record("[\"m-1\"]"), Map.of());
    aws.send(FAILURES, record("{\"meeting_id\": \"m-1\", \"meeting_id\": \"m-2\"}"), Map.of());
    aws.send(FAILURES, "no\nm-1: launched: \u001b[2J", Map.of());
    aws.send(UNDELIVERED, M_1, Map.of("ERROR_CODE", "x", "IS_PAYLOAD_TRUNCATED", "true"));

    String output = redrive(1, "", "yes");

    assertThat(output)
        .contains(
            "Kept: it is neither a record of Lambda nor an event of EventBridge\n",
            "Kept: its event is not a JSON object\n",
            "Kept: it is not JSON (it has a name twice)\n",
            "Kept: EventBridge has truncated its event\n",
            "event   \"no\\nm-1: launched: ",
            "Answered: 0. Still in their queue: 5.")
        .doesNotContain("\u001b");
    assertInvoked();
    assertLeft(4, 1);
  }

  @Test
  void keepsAnEventThatLambdaDoesNotTakeOrDoesNotAnswer() throws Exception {
    aws.send(FAILURES, record(M_1), Map.of());

    aws.on(FailureQueues.INVOKE).next().refuse("TooManyRequestsException");
    String throttled = redrive(1, "", "yes");
    aws.on(FailureQueues.INVOKE).next().loseAnswer();
    String lost = redrive(1, "", "yes");
    aws.on(FailureQueues.INVOKE).next().replaceAnswer(200, "text/html", "<p>Hi</p>");
    String strange = redrive(1, "", "yes");
    assertLeft(1, 0);

    assertThat(throttled).contains("m-1: not sent: ", "TooManyRequestsException");
    assertThat(lost).contains("m-1: not sent: ");
    assertThat(strange).contains("m-1: failed again: <p>Hi</p>\n");
    assertThat(redrive(0, "yes\n")).contains("\nAnswered: 1. Still in their queue: 0.\n");
    assertInvoked(M_1, M_1, M_1, M_1);
    assertLeft(0, 0);
  }

  private static void assertInvoked(String... events) throws Exception {
    for (String event : events) {
      assertThat(aws.calls(FailureQueues.INVOKE))
          .extracting(call -> call.json())
          .contains(JSON.readTree(event));
    }
    assertThat(aws.calls(FailureQueues.INVOKE)).hasSize(events.length);
  }

  /** So many messages are in the queues, and whoever asks receives them. */
  private static void assertLeft(int failures, int undelivered) {
    assertThat(aws.bodies(FAILURES)).hasSize(failures);
    assertThat(aws.bodies(UNDELIVERED)).hasSize(undelivered);
    assertThat(aws.hidden()).isZero();
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
    {"requestContext": {"condition": "RetriesExhausted", "approximateInvokeCount": 3},
     "requestPayload": %s,
     "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
     "responsePayload": {"errorType": "io.elephant.launcher.LaunchIncomplete",
       "errorMessage": "No capacity"}}
    """
        .formatted(event);
  }

  /** Runs the program that {@code make redrive} runs, which must end so. */
  private static String redrive(int status, String input, String... more) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            "terraform/redrive.py",
            "elephant-launch-ec2",
            "us-west-2",
            aws.url(FAILURES),
            aws.url(UNDELIVERED));
    builder.command().addAll(List.of(more));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("AWS_"));
    environment.put("AWS_ENDPOINT_URL", aws.endpoint().toString());
    environment.put("AWS_ACCESS_KEY_ID", "elephant");
    environment.put("AWS_SECRET_ACCESS_KEY", "elephant");
    environment.put("AWS_CONFIG_FILE", "/dev/null");
    environment.put("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    ProcessResult result = ProcessResult.of(builder, input);
    assertThat(result.status()).as(result.output()).isEqualTo(status);
    return result.output();
  }
}
