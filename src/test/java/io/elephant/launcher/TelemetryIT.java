package io.elephant.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elephant.launcher.local.FunctionProcess;
import io.elephant.launcher.local.LocalAws;
import io.elephant.launcher.local.MetricCounts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What the packaged function logs and counts, read from what its process writes. */
class TelemetryIT extends OnLocalAws {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  /** Those of one test, by what was changed in their environment. */
  private final Map<Map<String, String>, FunctionProcess> functions = new HashMap<>();

  @AfterEach
  void endFunctions() {
    functions.values().forEach(FunctionProcess::close);
  }

  @Test
  void summarizesALaunchInItsLastLine() {
    aws.ec2()
        .on("RunInstances")
        .where(aws.ec2().inZone("us-west-2a"))
        .delayAnswer(Duration.ofMillis(60));
    aws.ec2().fill("us-west-2a");
    FunctionProcess function = started(Map.of());

    function.invoke(EVENT);

    JsonNode summary = lines(function).getLast();
    assertThat(summary.path("message").asText()).isEqualTo("demo-meeting: launched");
    assertThat(values(summary, "level meetingId event coldStart outcome found/status status"))
        .isEqualTo("INFO demo-meeting launch true Launched SCHEDULED LAUNCHED");
    assertThat(values(summary, "attemptsInAll instances/teacher"))
        .isEqualTo("4 " + aws.row(ID).get("teacher_ec2_id").s());
    assertThat(summary.path("requestId").asText()).isNotEmpty();
    assertThat(summary.path("attempts"))
        .filteredOn(attempt -> attempt.path("role").asText().equals("teacher"))
        .satisfiesExactly(
            refused -> {
              assertThat(values(refused, "attempt zone errorCode"))
                  .isEqualTo("0 us-west-2a InsufficientInstanceCapacity");
              assertThat(refused.path("ms").asInt()).isGreaterThanOrEqualTo(60);
            },
            started -> {
              assertThat(values(started, "attempt zone instanceType market"))
                  .isEqualTo("1 us-west-2b t3.large on-demand");
              assertThat(started.path("awsRequestId").asText()).isNotEmpty();
              assertThat(started.has("errorCode")).isFalse();
            });
    assertThat(summary.path("calls"))
        .allSatisfy(call -> {
          assertThat(call.path("ms").isInt()).isTrue();
          assertThat(call.path("awsRequestId").asText()).isNotEmpty();
        })
        .extracting(call -> call.path("call").asText())
        .containsExactlyInAnyOrder(
            "GetItem DescribeSubnets UpdateItem DescribeInstances RunInstances RunInstances"
                .concat(" UpdateItem RunInstances RunInstances UpdateItem")
                .split(" "));
    assertThat(summary.path("durationMs").asInt()).isGreaterThanOrEqualTo(60);
  }

  @Test
  void writesALineForEachAnswerOfEc2WithEverythingToFindItBy() {
    aws.ec2().onLaunch("student").next().refuse("InternalError");
    FunctionProcess function = started(Map.of());

    function.invoke(EVENT);

    assertThat(lines(function))
        .filteredOn(
            line -> line.path("message").asText().startsWith("It is unknown whether EC2 started"))
        .singleElement()
        .satisfies(line -> {
          assertThat(values(line, "level meetingId role attempt zone"))
              .isEqualTo("WARN demo-meeting student 0 us-west-2a");
          assertThat(values(line, "instanceType market errorCode"))
              .isEqualTo("t3.large on-demand InternalError");
          assertThat(line.path("awsRequestId").asText()).isNotEmpty();
          assertThat(line.path("requestId")).isEqualTo(lines(function).getLast().path("requestId"));
        });
  }

  @Test
  void writesAFailureOnOneLineAndOnceWithItsStackAndTheCallThatFailed() {
    FunctionProcess function = started(Map.of());

    aws.dynamoDb().deleteTable(LocalAws.TABLE);
    try {
      function.invoke(EVENT);
    } finally {
      aws.dynamoDb().createMeetings(LocalAws.TABLE);
    }

    JsonNode summary = lines(function).getLast();
    assertThat(lines(function)).filteredOn(line -> line.has("stackTrace")).containsExactly(summary);
    assertThat(summary.path("stackTrace").asText().lines()).hasSizeGreaterThan(3);
    assertThat(values(summary, "level outcome reason errorCode"))
        .isEqualTo("ERROR LaunchFailed ResourceNotFoundException ResourceNotFoundException");
    assertThat(summary.path("errorType").asText()).endsWith("CallFailed");
    assertThat(summary.path("errorMessage").asText()).startsWith("DynamoDB GetItem on ");
    assertThat(summary.path("calls"))
        .filteredOn(call -> call.has("errorCode"))
        .isNotEmpty()
        .allSatisfy(call -> {
          assertThat(values(call, "call errorCode")).isEqualTo("GetItem ResourceNotFoundException");
          assertThat(call.path("awsRequestId").asText()).isNotEmpty();
        });
  }

  /** Whoever may send events or write rows must not be able to write lines of this log. */
  @Test
  void writesNoForgedLine() {
    String forged =
        "{\"timestamp\":\"2026-01-01T00:00:00Z\",\"level\":\"FORGED\",\"message\":\"m\"}";
    FunctionProcess function = started(Map.of());
    for (String end :
        List.of("\n", "\r", "\r\n", "\u0085", "\u2028", "\u2029", "\u001b[2K", "\u0000")) {
      String hostile = end + forged + end;
      function.invoke(
          new JsonMapper().createObjectNode().put("meeting_id", ID + hostile).toString());
      function.invoke("{\"" + JSON.getNodeFactory().textNode(hostile).asText() + "\": 1");
      function.invoke(hostile);
      set("status", AttributeValue.fromS("HELD" + hostile));
      function.invoke(EVENT);
      set("status", AttributeValue.fromS("SCHEDULED"));
      set("meet_time", AttributeValue.fromS(hostile));
      function.invoke(EVENT);
      aws.startAfreshWith(ID);
    }

    assertThat(function.log())
        .isNotEmpty()
        .allSatisfy(line ->
            assertThat(line)
                .doesNotStartWith("{\"timestamp\":\"2026-01-01")
                .doesNotContainPattern("[\\p{Cntrl}\\u0085\\u2028\\u2029]"));
    assertThat(lines(function))
        .allSatisfy(line -> assertThat(line.path("level").asText()).isIn("INFO", "WARN", "ERROR"));
  }

  @Test
  void keepsPayloadsAndSecretsOutOfTheLogAtEveryLevel() {
    FunctionProcess function =
        started(
            Map.of(
                "AWS_LAMBDA_LOG_LEVEL",
                "TRACE",
                "AWS_SECRET_ACCESS_KEY",
                "a-key-nobody-may-read",
                "AWS_SESSION_TOKEN",
                "a-session-token-nobody-may-read"));

    function.invoke("{\"meeting_id\": \"demo-meeting\", \"note\": \"a-payload-nobody-may-read\"}");
    function.invoke("{\"note\": \"a-payload-nobody-may-read\"}");
    function.invoke("a-payload-nobody-may-read");
    function.invoke("{\"a-payload-nobody-may-read\": 1, \"a-payload-nobody-may-read\": 2}");

    assertThat(lines(function))
        .extracting(line -> line.path("level").asText())
        .contains("DEBUG", "INFO", "ERROR");
    assertThat(String.join("\n", function.log()))
        .doesNotContain("nobody-may-read")
        .doesNotContain("AWS4-HMAC-SHA256", "Ada", "Emil");
  }

  @Test
  void logsFromLambdasLevelOnAndCountsAtEveryLevel() {
    FunctionProcess function = started(Map.of("AWS_LAMBDA_LOG_LEVEL", "ERROR"));

    function.invoke(EVENT);
    assertThat(lines(function))
        .singleElement()
        .satisfies(line -> {
          assertThat(line.path("_aws").isObject()).isTrue();
          // Lambda drops what is below its level, and takes what has none for INFO.
          assertThat(line.path("level").asText()).isEqualTo("ERROR");
          assertThat(Instant.parse(line.path("timestamp").asText()))
              .isBetween(Instant.now().minusSeconds(60), Instant.now());
        });

    function.invoke("{}");
    assertThat(lines(function).getLast().path("level").asText()).isEqualTo("ERROR");
  }

  /** SignalsTest has every metric. */
  @Test
  void countsWhatALaunchAndWhatFailsComesTo() {
    FunctionProcess function = started(Map.of());
    aws.ec2().fill("us-west-2a");
    aws.ec2().on("RunInstances").next().refuse("RequestLimitExceeded");
    function.invoke(EVENT);
    function.invoke(EVENT);
    function.invoke("[]");
    aws.dynamoDbProxy().on("GetItem").next().refuse("ResourceNotFoundException");
    function.invoke("{\"meeting_id\": \"m-1\", \"dry_run\": true}");

    Map<String, Long> counted = MetricCounts.of(function.log()).sums();
    assertThat(counted.remove("LaunchLatency")).isBetween(1L, 60_000L);
    assertThat(counted)
        .hasToString(
            "{AlreadyLaunched=1, CapacityRefused=2, CapacityRefused us-west-2a t3.large=2,"
                + " ColdStart=1, FellBack=2, LaunchFailed=1, LaunchFailed InvalidEvent=1,"
                + " Launched=1, RunFailed=1, RunFailed ResourceNotFoundException=1,"
                + " Throttled=1, Throttled RunInstances=1}");

    FunctionProcess misconfigured = started(Map.of("AMI_ID", "none", "STACK_NAME", "elsewhere"));
    misconfigured.invoke(EVENT);
    assertThat(MetricCounts.of(misconfigured.log()).sums())
        .containsEntry("LaunchFailed BadConfiguration", 1L);
    assertThat(lines(misconfigured))
        .filteredOn(line -> line.has("_aws"))
        .extracting(line -> line.path("Stack").asText())
        .containsOnly("elsewhere");
  }

  private FunctionProcess started(Map<String, String> changes) {
    return functions.computeIfAbsent(changes, OnLocalAws::start);
  }

  /** All lines so far; each one must be a JSON object with what Lambda looks for. */
  private static List<JsonNode> lines(FunctionProcess function) {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : function.log()) {
      try {
        JsonNode parsed = JSON.readTree(line);
        assertThat(parsed.isObject()).as(line).isTrue();
        Instant.parse(parsed.path("timestamp").asText());
        assertThat(parsed.path("level").asText()).as(line).isNotEmpty();
        assertThat(parsed.has("message") || parsed.has("_aws")).as(line).isTrue();
        lines.add(parsed);
      } catch (JsonProcessingException e) {
        throw new AssertionError("no JSON object: " + line, e);
      }
    }
    return lines;
  }

  /** The values of fields, given by their names or, where they are nested, by their paths. */
  private static String values(JsonNode object, String fields) {
    return Stream.of(fields.split(" "))
        .map(field -> object.at("/" + field).asText())
        .collect(Collectors.joining(" "));
  }
}
