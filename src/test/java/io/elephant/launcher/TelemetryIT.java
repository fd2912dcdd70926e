package io.elephant.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.local.Ec2StandIn;
import io.elephant.launcher.local.FunctionProcess;
import io.elephant.launcher.local.Instance;
import io.elephant.launcher.local.InvocationResult;
import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Failed;
import io.elephant.launcher.local.LocalAws;
import io.elephant.launcher.local.MetricCounts;
import io.elephant.launcher.telemetry.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
            "GetItem",
            "DescribeSubnets",
            "UpdateItem",
            "DescribeInstances",
            "RunInstances",
            "RunInstances",
            "UpdateItem",
            "RunInstances",
            "RunInstances",
            "UpdateItem");
    assertThat(summary.path("durationMs").asInt()).isGreaterThanOrEqualTo(60);
  }

  @Test
  void writesALineForEachAnswerOfEc2WithEverythingToFindItBy() {
    aws.ec2()
        .on("RunInstances")
        .where(Ec2StandIn.forRole("student"))
        .next()
        .refuse("InternalError");
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
  void writesAFailureWithItsStackOnOneLineAndOnce() {
    FunctionProcess function = started(Map.of());

    function.invoke("{\"meeting_id\": \"never-booked\"}");

    assertThat(lines(function))
        .filteredOn(line -> line.has("stackTrace"))
        .singleElement()
        .isEqualTo(lines(function).getLast())
        .satisfies(line -> {
          assertThat(values(line, "level outcome reason"))
              .isEqualTo("ERROR LaunchFailed MeetingNotFound");
          assertThat(line.path("errorType").asText()).endsWith("MeetingNotFound");
          assertThat(line.path("stackTrace").asText().lines()).hasSizeGreaterThan(3);
        });
  }

  @Test
  void namesTheCallThatFailedAndItsCode() {
    FunctionProcess function = started(Map.of());

    aws.dynamoDb().deleteTable(LocalAws.TABLE);
    try {
      function.invoke(EVENT);
    } finally {
      aws.dynamoDb().createMeetings(LocalAws.TABLE);
    }

    JsonNode summary = lines(function).getLast();
    assertThat(values(summary, "reason errorCode"))
        .isEqualTo("ResourceNotFoundException ResourceNotFoundException");
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

  private void countsALaunchItsLatencyAndTheColdStartAndThenWhatWasLaunchedBefore() {
    FunctionProcess function = started(Map.of());

    function.invoke(EVENT);
    assertThat(counted(function))
        .containsOnly(
            Map.entry("Launched", 1L),
            Map.entry("ColdStart", 1L),
            Map.entry("LaunchLatency", counted(function).get("LaunchLatency")));
    assertThat(counted(function).get("LaunchLatency")).isBetween(1L, 60_000L);
    assertThat(directives(function))
        .contains(
            "Launched [Stack] Count",
            "LaunchLatency [Stack] Milliseconds",
            "ColdStart [Stack] Count");

    assertThat(countedBy(function, EVENT)).containsOnly(Map.entry("AlreadyLaunched", 1L));
  }

  private void countsWhatIsNotToBeLaunchedByReason() {
    FunctionProcess function = started(Map.of());

    set("status", AttributeValue.fromS("CANCELLED"));
    assertThat(countedBy(function, EVENT)).containsOnly(Map.entry("Skipped CalledOff", 1L));
    set("status", AttributeValue.fromS("HEALTHY"));
    assertThat(countedBy(function, EVENT))
        .containsOnly(Map.entry("Skipped OtherStatus", 1L), Map.entry("MachineMissing", 1L));
    aws.startAfreshWith(ID);
    set("meet_time", AttributeValue.fromS("2026-01-01T00:00:00Z"));
    assertThat(countedBy(function, EVENT)).containsOnly(Map.entry("Skipped TooLate", 1L));
    set("meet_time", AttributeValue.fromS(Instant.now().plus(Duration.ofDays(7)).toString()));
    assertThat(countedBy(function, EVENT))
        .containsOnly(Map.entry("Skipped TooEarly", 1L), Map.entry("TooEarly", 1L));
    assertThat(directives(function))
        .contains("Skipped [Stack] Count", "Skipped [Stack, Reason] Count");
  }

  private void countsFailuresByReason() {
    FunctionProcess function = started(Map.of());

    assertThat(countedBy(function, "{\"meeting_id\": \"never-booked\"}"))
        .containsEntry("LaunchFailed MeetingNotFound", 1L);
    assertThat(countedBy(function, "[]")).containsOnly(Map.entry("LaunchFailed InvalidEvent", 1L));
    aws.ec2().on("RunInstances").next(2).refuse("InvalidAMIID.NotFound");
    assertThat(countedBy(function, EVENT))
        .containsOnly(Map.entry("LaunchFailed InvalidAMIID.NotFound", 1L));
    set("meet_time", AttributeValue.fromS("2026-01-01T00:00:00Z"));
    assertThat(countedBy(function, EVENT)).containsOnly(Map.entry("LaunchFailed TooLate", 1L));
    aws.dynamoDbProxy().script().on("GetItem").next().refuse("ResourceNotFoundException", 400);
    assertThat(countedBy(function, EVENT))
        .containsOnly(Map.entry("LaunchFailed ResourceNotFoundException", 1L));
    assertThat(directives(function))
        .contains("LaunchFailed [Stack] Count", "LaunchFailed [Stack, Reason] Count");

    aws.dynamoDbProxy().script().on("GetItem").next().refuse("ResourceNotFoundException", 400);
    assertThat(countedBy(function, "{\"meeting_id\": \"m-1\", \"dry_run\": true}"))
        .containsOnly(Map.entry("RunFailed ResourceNotFoundException", 1L));
    aws.ec2().on("DescribeInstances").next().refuse("UnauthorizedOperation");
    assertThat(countedBy(function, SWEEP))
        .containsOnly(Map.entry("RunFailed UnauthorizedOperation", 1L));

    FunctionProcess misconfigured = started(Map.of("AMI_ID", "none", "STACK_NAME", "elsewhere"));
    assertThat(countedBy(misconfigured, EVENT)).containsEntry("LaunchFailed BadConfiguration", 1L);
    assertThat(metrics(misconfigured).getFirst().path("Stack").asText()).isEqualTo("elsewhere");
  }

  private void countsFullZonesByZoneAndTypeAndEachFallBack() {
    FunctionProcess function = started(Map.of());
    aws.ec2().fill("us-west-2a");
    aws.ec2().fill("us-west-2b");

    Map<String, Long> counted = countedBy(function, EVENT);

    assertThat(counted)
        .containsEntry("Launched", 1L)
        .containsEntry("FellBack", 4L)
        .containsEntry("CapacityRefused us-west-2a t3.large", 2L)
        .containsEntry("CapacityRefused us-west-2b t3.large", 2L);
    assertThat(directives(function))
        .contains(
            "CapacityRefused [Stack] Count", "CapacityRefused [Stack, Zone, InstanceType] Count");
  }

  private void countsThrottledCallsByActionAndALaunchThatComesTooLate() {
    FunctionProcess function = started(Map.of());
    aws.dynamoDb().delete(LocalAws.TABLE, ID);
    aws.book(ID, Instant.now().minus(Duration.ofMinutes(5)));
    aws.ec2().on("RunInstances").next(3).refuse("RequestLimitExceeded");
    aws.ec2().on("DescribeInstances").next().refuse("RequestLimitExceeded");

    assertThat(countedBy(function, EVENT))
        .containsEntry("Launched", 1L)
        .containsEntry("LaunchedLate", 1L)
        .containsEntry("Throttled RunInstances", 3L)
        .containsEntry("Throttled DescribeInstances", 1L);
    assertThat(directives(function))
        .contains("Throttled [Stack] Count", "Throttled [Stack, Action] Count");
  }

  private void countsAdoptedAndSupersededInstances() {
    FunctionProcess function = started(Map.of());
    function.invoke(EVENT);
    aws.dynamoDb().delete(LocalAws.TABLE, ID);
    aws.book(ID, Instant.now().plus(Duration.ofMinutes(5)));
    aws.ec2().on("RunInstances").next(2).refuse("IdempotentParameterMismatch", 400);

    assertThat(countedBy(function, EVENT))
        .containsEntry("Adopted", 2L)
        .containsEntry("Launched", 1L);

    aws.startAfreshWith(ID);
    // The row names another instance that lives: the student's will do.
    aws.dynamoDbProxy()
        .on("UpdateItem")
        .where(_ -> aws.ec2().live().size() == 2)
        .next()
        .beforeWork(_ -> {
          String student = aws.ec2().live("student").getFirst().id();
          set("teacher_ec2_id", AttributeValue.fromS(student));
        });
    assertThat(countedBy(function, EVENT)).containsEntry("Superseded", 1L);
    assertThat(aws.ec2().live())
        .extracting(instance -> instance.tag("Role"))
        .containsExactly("student");
  }

  private void countsAndNamesTheStrayInstancesOfASweep() {
    FunctionProcess function = started(Map.of("SWEEP_GRACE", "PT9M"));
    function.invoke(EVENT);
    aws.ec2().age(Duration.ofMinutes(10));
    assertThat(countedBy(function, SWEEP)).isEmpty();
    aws.ec2().age(Duration.ofDays(1));
    assertThat(countedBy(function, SWEEP)).containsOnly(Map.entry("SweepOverdue", 2L));
    aws.dynamoDb().delete(LocalAws.TABLE, ID);

    assertThat(countedBy(function, SWEEP)).containsOnly(Map.entry("SweepStray", 2L));

    JsonNode summary = lines(function).getLast();
    assertThat(summary.path("level").asText()).isEqualTo("WARN");
    assertThat(summary.path("strays"))
        .extracting(stray -> stray.path("instance").asText())
        .containsExactlyInAnyOrderElementsOf(aws.ec2().live().stream().map(Instance::id).toList());
  }

  private void countsInstancesThatAreLostByReasonAndThoseThatStayMissing() {
    FunctionProcess function = started(Map.of());
    function.invoke(EVENT);
    String teacher = aws.row(ID).get("teacher_ec2_id").s();
    aws.ec2().terminate(teacher);

    assertThat(countedBy(function, ended(teacher))).containsEntry("MachineLost", 1L);

    String next = aws.row(ID).get("teacher_ec2_id").s();
    aws.ec2().terminate(next, new Refusal("Client.UserInitiatedShutdown", "wanted"));
    assertThat(countedBy(function, ended(next)))
        .containsOnly(
            Map.entry("MachineLost", 1L),
            Map.entry("MachineLost Client.UserInitiatedShutdown", 1L),
            Map.entry("MachineMissing", 1L));
    JsonNode summary = lines(function).getLast();
    assertThat(summary.path("level").asText()).isEqualTo("WARN");
    assertThat(summary.path("reason").asText()).isEqualTo("Client.UserInitiatedShutdown");
    assertThat(summary.path("instance").asText()).isEqualTo(next);
    assertThat(summary.path("meetingId").asText()).isEqualTo(ID);
  }

  private static String ended(String instance) {
    return """
    {"source": "aws.ec2", "detail-type": "EC2 Instance State-change Notification",
     "detail": {"instance-id": "%s", "state": "terminated"}}
    """
        .formatted(instance);
  }

  @Test
  void countsEveryMetricWhereItsCaseComesUp() {
    Stream.<Runnable>of(
            this::countsALaunchItsLatencyAndTheColdStartAndThenWhatWasLaunchedBefore,
            this::countsWhatIsNotToBeLaunchedByReason,
            this::countsFailuresByReason,
            this::countsFullZonesByZoneAndTypeAndEachFallBack,
            this::countsThrottledCallsByActionAndALaunchThatComesTooLate,
            this::countsAdoptedAndSupersededInstances,
            this::countsAndNamesTheStrayInstancesOfASweep,
            this::countsInstancesThatAreLostByReasonAndThoseThatStayMissing)
        .forEach(scenario -> {
          bookAMeeting();
          scenario.run();
        });

    assertThat(functions.values())
        .flatExtracting(TelemetryIT::directives)
        .extracting(directive -> directive.substring(0, directive.indexOf(' ')))
        .containsAll(Stream.of(Metric.values()).map(Metric::toString).toList());
  }

  private FunctionProcess started(Map<String, String> changes) {
    return functions.computeIfAbsent(changes, OnLocalAws::start);
  }

  /** What the delivery of one more event counts, by the metric and its further dimensions. */
  private static Map<String, Long> countedBy(FunctionProcess function, String event) {
    Map<String, Long> before = counted(function);
    InvocationResult result = function.invoke(event);
    assertThat(result).isInstanceOfAny(Answered.class, Failed.class);
    Map<String, Long> after = new HashMap<>(counted(function));
    before.forEach((name, count) -> after.merge(name, -count, Long::sum));
    after.values().removeIf(count -> count == 0);
    after.keySet().removeIf(name -> name.equals("ColdStart") || name.equals("LaunchLatency"));
    return after;
  }

  /** The sums of what was counted; of what has further dimensions, only those. */
  private static Map<String, Long> counted(FunctionProcess function) {
    Map<String, Long> sums = new HashMap<>(MetricCounts.of(function.log()).sums());
    sums.keySet().removeAll(Set.of("Skipped", "LaunchFailed", "RunFailed", "CapacityRefused"));
    return sums;
  }

  /** Each metric with the names of its dimensions and its unit, such as {@code A [Stack] Count}. */
  private static Set<String> directives(FunctionProcess function) {
    Set<String> found = new TreeSet<>();
    for (JsonNode line : metrics(function)) {
      for (JsonNode directive : line.at("/_aws/CloudWatchMetrics")) {
        assertThat(directive.path("Namespace").asText()).isEqualTo("Elephant/Launch");
        for (JsonNode dimensions : directive.path("Dimensions")) {
          List<String> names = dimensions.valueStream().map(JsonNode::asText).toList();
          assertThat(names).allMatch(line::has);
          for (JsonNode metric : directive.path("Metrics")) {
            String name = metric.path("Name").asText();
            assertThat(line.path(name).isIntegralNumber()).isTrue();
            found.add(name + " " + names + " " + metric.path("Unit").asText());
          }
        }
      }
    }
    return found;
  }

  private static List<JsonNode> metrics(FunctionProcess function) {
    return lines(function).stream().filter(line -> line.has("_aws")).toList();
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
