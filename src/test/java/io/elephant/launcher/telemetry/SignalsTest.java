package io.elephant.launcher.telemetry;

import static java.util.regex.Pattern.DOTALL;
import static java.util.regex.Pattern.MULTILINE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elephant.launcher.Pages;
import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.launch.Loss;
import io.elephant.launcher.launch.Outcome;
import io.elephant.launcher.launch.Report;
import io.elephant.launcher.launch.Step;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.sweep.Sweep;
import io.elephant.launcher.sweep.Sweep.Stray;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The metrics and the log fields that the alarms and the dashboard read are those that are written.
 */
class SignalsTest {

  private static final Pattern NAMESPACE =
      Pattern.compile("^  metric_namespace = \"(.*)\"$", MULTILINE);

  /** A map of alarms in Terraform, as {@code terraform fmt} lays it out. */
  private static final Pattern ALARMS =
      Pattern.compile("^  (\\w+)_alarms = \\{\\n(.*?)^  \\}", MULTILINE | DOTALL);

  private static final Pattern ALARM = Pattern.compile("^    ([a-z-]+) = \\{$", MULTILINE);
  private static final Pattern ALARM_METRIC =
      Pattern.compile("^      metric +(?:= )\"(\\w+)\"$", MULTILINE);

  /** A metric in a widget: its name, and the name of its only dimension. */
  private static final Pattern SHOWN =
      Pattern.compile("\\[local\\.metric_namespace, \"(\\w+)\", \"(\\w+)\", [^,\\]\"]+[,\\]]");

  /** A search in a widget: the names of the dimensions, and of the metric. */
  private static final Pattern SEARCHED =
      Pattern.compile(
          "SEARCH\\('\\{\\\\\"\\$\\{local\\.metric_namespace\\}\\\\\",([\\w,]+)\\} MetricName=\\\\\"(\\w+)\\\\\"");

  private static final Pattern LOG_QUERY =
      Pattern.compile("^  last_failures = <<-END\\n(.*?)^  END", MULTILINE | DOTALL);
  private static final Pattern RUNBOOK_ROW = Pattern.compile("^\\| `([a-z-]+)` \\|", MULTILINE);

  /** The heading that the alarms' descriptions name. */
  private static final String RUNBOOK = "## Alarms, and what to do";

  private static final MeetingId MEETING = new MeetingId("m-1");
  private static final Role TEACHER = new Role("teacher");
  private static final Candidate CANDIDATE =
      new Candidate(Market.ON_DEMAND, "t3.large", new Subnet("subnet-1", new Zone("us-west-2a")));
  private static final InstanceId INSTANCE = new InstanceId("i-0123456789abcdef0");
  private static final Ec2Instance.Owner OWNER = new Ec2Instance.Owner(MEETING, TEACHER);
  private static final Refusal WHY = new Refusal("InsufficientInstanceCapacity", "full");

  /** Their reason is AWS's code, not their own name. */
  private static final Set<Class<?>> HAVE_CODES =
      Set.of(
          LaunchFailure.CallFailed.class,
          LaunchFailure.LaunchIncomplete.class,
          LaunchFailure.NotTerminated.class,
          LaunchFailure.NotKnown.class);

  /** A metric under one set of dimensions. */
  private record Series(String metric, List<String> dimensions) {}

  @Test
  void theAlarmsAndTheDashboardReadOnlyWhatTheFunctionWrites() {
    assertThat(shown()).hasSizeGreaterThan(10);
    assertThat(alarmed()).isNotEmpty();
    assertThat(written()).containsAll(shown()).containsAll(alarmed());
  }

  @Test
  void theDashboardShowsEveryMetricAndEverySetOfDimensions() {
    assertThat(shown())
        .extracting(Series::metric)
        .containsAll(Stream.of(Metric.values()).map(Metric::toString).toList());
    assertThat(shown().stream().map(Series::dimensions))
        .containsAll(written().stream().map(Series::dimensions).toList());
  }

  @Test
  void theyReadInTheNamespaceThatTheFunctionWritesTo() {
    assertThat(group(NAMESPACE, file("terraform/signals.tf")))
        .containsExactly(EmbeddedMetrics.NAMESPACE);
    assertThat(file("terraform/dashboard.tf")).doesNotContain(EmbeddedMetrics.NAMESPACE);
  }

  @Test
  void theDashboardAsksTheLogForFieldsOfTheLastLine() {
    String query = group(LOG_QUERY, file("terraform/dashboard.tf")).getFirst();
    JsonNode line = lastLineOfAFailure();

    assertThat(line.path("outcome").asText()).isEqualTo("LaunchFailed");
    assertThat(query).contains("outcome in [\"LaunchFailed\", \"RunFailed\"]");
    assertThat(query.lines().filter(asks -> asks.contains("| fields")).findFirst().orElseThrow())
        .satisfies(asks ->
            assertThat(Stream.of(asks.split("[ ,|]+")).filter(word -> word.matches("[a-zA-Z]+")))
                .hasSizeGreaterThan(3)
                .filteredOn(word -> !word.equals("fields"))
                .allMatch(line::has));
  }

  @Test
  void theRunbookDescribesFieldsThatTheLastLineHas() {
    assertThat(Pages.rows(Pages.chapter(Pages.RUNBOOK, "## The log")))
        .hasSizeGreaterThan(8)
        .allMatch(lastLineOfAFailure()::has);
  }

  private static JsonNode lastLineOfAFailure() {
    Throwable failure = new IllegalStateException("broken");
    InvocationLog log = log();
    log.begin("launch", Optional.of(MEETING));
    InvocationOutcome outcome = InvocationOutcome.failed(failure, log.isOfLaunch());
    ExtLogRecord line = new ExtLogRecord(Level.SEVERE, log.message(outcome), "logger");
    line.setParameters(new Object[] {log.summary(outcome)});
    line.setThrown(failure);
    String json =
        ScopedValue.where(InvocationLog.CURRENT, log).call(() -> new LogLines().format(line));
    try {
      return new JsonMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theRunbookHasARowForEveryAlarm() {
    Set<String> alarms = new TreeSet<>();
    ALARMS
        .matcher(file("terraform/signals.tf"))
        .results()
        .forEach(map -> alarms.addAll(group(ALARM, map.group(2))));
    String runbook = Pages.chapter(Pages.RUNBOOK, RUNBOOK);

    assertThat(alarms).hasSizeGreaterThan(alarmed().size());
    assertThat(group(RUNBOOK_ROW, runbook))
        .as("the rows of %s, '%s', beside the alarms of signals.tf", Pages.RUNBOOK, RUNBOOK)
        .containsExactlyInAnyOrderElementsOf(alarms);

    assertThat(file("terraform/signals.tf"))
        .contains(Pages.RUNBOOK + ", '" + RUNBOOK.replaceFirst("#+ ", "") + "'.");
  }

  @Test
  void theRunbookHasARowForEveryReasonOfTheFunctionsOwn() {
    Set<String> reasons = new TreeSet<>(List.of("BadConfiguration", "InvalidEvent", "NoAnswer"));
    reasons.add(Objects.requireNonNull(delivered(Outcome.GIVEN_UP).reason()));
    Stream.of(LaunchFailure.class.getPermittedSubclasses())
        .filter(failure -> !HAVE_CODES.contains(failure))
        .forEach(failure -> reasons.add(failure.getSimpleName()));

    assertThat(reasons).hasSizeGreaterThan(6).contains("MeetingNotFound", "TooLate");
    assertThat(Pages.rows(Pages.chapter(Pages.RUNBOOK, RUNBOOK))).containsAll(reasons);
  }

  @ParameterizedTest
  @CsvSource({
    "launch, true",
    "recovery, true",
    "sweep, false",
    "preflight, false",
    "dry run, false",
  })
  void takesAFailureForALostLaunchOnlyWhereALaunchWasAskedFor(String action, boolean lost) {
    assertThat(asked(action).isOfLaunch()).isEqualTo(lost);
  }

  @Test
  void countsTheLatencyFromTheFirstClaimOverAllDeliveries() {
    long now = Instant.parse("2026-11-22T10:00:00Z").toEpochMilli();
    Instant claimed = Instant.ofEpochMilli(now).minusSeconds(75);

    assertThat(latency(now, Optional.of(claimed))).isEqualTo(75_000);
    assertThat(latency(now, Optional.empty())).isBetween(0L, 5_000L);
    assertThat(latency(now, Optional.of(claimed.plusSeconds(80)))).isBetween(0L, 5_000L);
  }

  private static long latency(long now, Optional<Instant> claimed) {
    InvocationLog log = asked("launch");
    log.add(new Step.Launched(claimed));
    return log.metrics("stack", now, delivered(Outcome.LAUNCHED))
        .getFirst()
        .required("LaunchLatency")
        .asLong();
  }

  @Test
  void saysWhyAnInstanceDoesNotRun() {
    Refusal why = new Refusal("Client.VolumeLimitExceeded", "Volume limit exceeded");
    InvocationLog log = asked("launch");
    log.add(
        new Step.Asked(
            TEACHER,
            attempt(),
            new RunResult.Answered(instance(new Ec2Instance.State.Terminated(why)))));

    JsonNode line = log.summary(delivered(Outcome.LAUNCHED)).path("attempts").path(0);
    assertThat(line.path("instance").asText()).isEqualTo(INSTANCE.value());
    assertThat(line.path("errorCode").asText()).isEqualTo(why.code());
    assertThat(line.path("errorMessage").asText()).isEqualTo(why.message());
  }

  private static Ec2Instance instance(Ec2Instance.State state) {
    return new Ec2Instance(
        INSTANCE, Optional.of(OWNER), Optional.empty(), Optional.empty(), Instant.EPOCH, state);
  }

  private static InvocationLog asked(String action) {
    InvocationLog log = new InvocationLog("request", false);
    log.begin(action, Optional.empty());
    return log;
  }

  private static InvocationOutcome delivered(Outcome outcome) {
    return InvocationOutcome.of(report(outcome, Optional.empty(), Optional.empty()));
  }

  private static Report report(Outcome outcome, Optional<Loss> lost, Optional<String> missing) {
    return new Report(outcome, Optional.of(MEETING), Optional.empty(), Map.of(), "", lost, missing);
  }

  /** Everything that the function writes, over all outcomes. */
  private static Set<Series> written() {
    Throwable failure = new IllegalStateException("broken");
    Stray stray = new Stray(instance(new Ec2Instance.State.Running()), OWNER, "why", false);
    Loss loss = new Loss(INSTANCE, TEACHER, WHY, true, false);
    Stream<InvocationOutcome> others =
        Stream.of(
            InvocationOutcome.failed(failure, true),
            InvocationOutcome.failed(failure, false),
            InvocationOutcome.of(new Sweep.Found(List.of(stray), List.of(stray))),
            InvocationOutcome.of(report(Outcome.REPORTED, Optional.of(loss), Optional.of("what"))));
    InvocationLog log = log();
    Set<Series> series = new LinkedHashSet<>();
    Stream.concat(Stream.of(Outcome.values()).map(SignalsTest::delivered), others)
        .flatMap(outcome -> log.metrics("stack", 0, outcome).stream())
        .flatMap(line -> line.at("/_aws/CloudWatchMetrics").valueStream())
        .forEach(directive -> {
          for (JsonNode metric : directive.required("Metrics")) {
            for (JsonNode dimensions : directive.required("Dimensions")) {
              List<String> names = dimensions.valueStream().map(JsonNode::asText).toList();
              series.add(new Series(metric.required("Name").asText(), names));
            }
          }
        });
    return series;
  }

  /** A cold start with every step that is counted. */
  private static InvocationLog log() {
    InvocationLog log = new InvocationLog("request", true);
    log.add(new Step.Asked(TEACHER, attempt(), new RunResult.Refused(Verdict.NO_CAPACITY, WHY)));
    log.add(new Step.FellBack(TEACHER, CANDIDATE, CANDIDATE));
    log.add(new Step.Adopted(TEACHER, INSTANCE));
    log.add(new Step.Superseded(TEACHER, INSTANCE));
    log.add(
        new Step.Found(
            new Meeting(
                MEETING,
                Optional.empty(),
                Optional.of(Instant.EPOCH.minusSeconds(1)),
                Map.of(),
                Optional.empty())));
    log.addCall(Fields.none().put("call", "RunInstances"), true);
    return log;
  }

  private static Attempt attempt() {
    return Attempt.of(
        new ClaimId("claim"), MEETING, TEACHER, 0, Plans.request(MEETING, TEACHER, "t3.large"));
  }

  /** The metrics that the dashboard shows. */
  private static Set<Series> shown() {
    String dashboard = file("terraform/dashboard.tf");
    Set<Series> series = new LinkedHashSet<>();
    SHOWN
        .matcher(dashboard)
        .results()
        .forEach(found -> series.add(new Series(found.group(1), List.of(found.group(2)))));
    SEARCHED
        .matcher(dashboard)
        .results()
        .forEach(found ->
            series.add(new Series(found.group(2), List.of(found.group(1).split(",", -1)))));
    return series;
  }

  /** The metrics that have alarms. */
  private static Set<Series> alarmed() {
    String signals = file("terraform/signals.tf");
    assertThat(signals).contains("      dimensions = { Stack = var.stack_name }\n");
    return ALARMS
        .matcher(signals)
        .results()
        .filter(map -> map.group(1).equals("launch"))
        .flatMap(map -> group(ALARM_METRIC, map.group(2)).stream())
        .map(metric -> new Series(metric, List.of(EmbeddedMetrics.STACK)))
        .collect(Collectors.toSet());
  }

  private static List<String> group(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1)).toList();
  }

  private static String file(String name) {
    try {
      return Files.readString(Path.of(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
