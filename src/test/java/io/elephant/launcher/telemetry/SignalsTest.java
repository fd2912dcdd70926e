package io.elephant.launcher.telemetry;

import static java.util.regex.Pattern.DOTALL;
import static java.util.regex.Pattern.MULTILINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

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
import io.elephant.launcher.launch.Notice;
import io.elephant.launcher.launch.Outcome;
import io.elephant.launcher.launch.Report;
import io.elephant.launcher.launch.Step;
import io.elephant.launcher.local.MetricCounts;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.sweep.Sweep;
import io.elephant.launcher.sweep.Sweep.Stray;
import java.io.UncheckedIOException;
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
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The metrics and the log fields that the alarms and the dashboard read are those that are written.
 */
class SignalsTest {

  private static final Path DASHBOARD = Path.of("terraform", "dashboard.tf");

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
    assertThat(Pages.found(NAMESPACE, Pages.text(Pages.ALARMS)))
        .containsExactly(EmbeddedMetrics.NAMESPACE);
    assertThat(Pages.text(DASHBOARD)).doesNotContain(EmbeddedMetrics.NAMESPACE);
  }

  @Test
  void theDashboardAsksTheLogForFieldsOfTheLastLine() {
    String query = Pages.found(LOG_QUERY, Pages.text(DASHBOARD)).findFirst().orElseThrow();
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
        .matcher(Pages.text(Pages.ALARMS))
        .results()
        .forEach(map -> alarms.addAll(Pages.found(ALARM, map.group(2)).toList()));

    assertThat(alarms).hasSizeGreaterThan(alarmed().size());
    assertThat(Pages.table(Pages.RUNBOOK, RUNBOOK).keySet())
        .filteredOn(name -> name.matches("[a-z-]+"))
        .as("the rows of %s, '%s', beside the alarms of signals.tf", Pages.RUNBOOK, RUNBOOK)
        .containsExactlyInAnyOrderElementsOf(alarms);

    assertThat(Pages.text(Pages.ALARMS))
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

  static Stream<Arguments> counted() {
    Report missing = report(Outcome.OTHER_STATUS, Optional.empty(), Optional.of("what"));
    Loss loss = new Loss(INSTANCE, TEACHER, WHY, true, false);
    Stray stray = new Stray(instance(new Ec2Instance.State.Running()), OWNER, "why", false);
    LaunchFailure failure = new LaunchFailure.MeetingNotFound(MEETING.value());
    return Stream.of(
        arguments(delivered(Outcome.ALREADY_LAUNCHED), "AlreadyLaunched=1"),
        arguments(delivered(Outcome.CANCELLED), "Skipped=1, Skipped CalledOff=1"),
        arguments(
            InvocationOutcome.of(missing), "MachineMissing=1, Skipped=1, Skipped OtherStatus=1"),
        arguments(delivered(Outcome.TOO_EARLY), "Skipped=1, Skipped TooEarly=1, TooEarly=1"),
        arguments(delivered(Outcome.TOO_LATE), "Skipped=1, Skipped TooLate=1"),
        arguments(delivered(Outcome.GIVEN_UP), "LaunchFailed=1, LaunchFailed TooLate=1"),
        arguments(delivered(Outcome.REPLACED), ""),
        arguments(
            InvocationOutcome.failed(failure, true),
            "LaunchFailed=1, LaunchFailed MeetingNotFound=1"),
        arguments(
            InvocationOutcome.failed(failure, false), "RunFailed=1, RunFailed MeetingNotFound=1"),
        arguments(
            InvocationOutcome.of(report(Outcome.REPLACED, Optional.of(loss), Optional.empty())),
            "MachineLost=1, MachineLost InsufficientInstanceCapacity=1"),
        arguments(
            InvocationOutcome.of(new Sweep.Found(List.of(stray, stray), List.of())),
            "SweepStray=2"),
        arguments(
            InvocationOutcome.of(new Sweep.Found(List.of(), List.of(stray))), "SweepOverdue=1"));
  }

  @ParameterizedTest
  @MethodSource("counted")
  void countsEachOutcomeByItsReason(InvocationOutcome outcome, String counts) {
    assertThat(counts(asked("launch"), outcome)).hasToString("{" + counts + "}");
  }

  @Test
  void countsEachStepAndALaunchThatComesTooLate() {
    assertThat(counts(log(), delivered(Outcome.LAUNCHED)))
        .hasToString(
            "{Adopted=1, CapacityRefused=1, CapacityRefused us-west-2a t3.large=1, ColdStart=1,"
                + " FellBack=1, Launched=1, LaunchedLate=1, Superseded=1, Throttled=1,"
                + " Throttled RunInstances=1}");
  }

  /** All but the latency, which the test beside this one has. */
  private static Map<String, Long> counts(InvocationLog log, InvocationOutcome outcome) {
    Map<String, Long> sums =
        MetricCounts.of(log.metrics("stack", 0, outcome).stream().map(Object::toString).toList())
            .sums();
    sums.remove("LaunchLatency");
    return sums;
  }

  @Test
  void warnsOfALostInstanceAndOfStraysAndNamesThem() {
    Loss loss = new Loss(INSTANCE, TEACHER, WHY, true, false);
    InvocationOutcome lost =
        InvocationOutcome.of(
            new Notice(INSTANCE, Notice.Kind.ENDED, Optional.empty()),
            report(Outcome.REPORTED, Optional.of(loss), Optional.of("what")));
    Stray stray = new Stray(instance(new Ec2Instance.State.Running()), OWNER, "why", false);
    InvocationOutcome swept = InvocationOutcome.of(new Sweep.Found(List.of(stray), List.of()));

    assertThat(List.of(lost, swept)).allMatch(outcome -> outcome.level().name().equals("WARN"));
    JsonNode line = asked("recovery").summary(lost);
    assertThat(line.path("reason").asText()).isEqualTo(WHY.code());
    assertThat(line.path("instance").asText()).isEqualTo(INSTANCE.value());
    assertThat(line.path("meetingId").asText()).isEqualTo(MEETING.value());
    assertThat(asked("sweep").summary(swept).at("/strays/0/instance").asText())
        .isEqualTo(INSTANCE.value());
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
    InvocationLog log = log();
    Set<Series> series = new LinkedHashSet<>();
    Stream.concat(
            Stream.of(delivered(Outcome.LAUNCHED)),
            counted().map(one -> (InvocationOutcome) one.get()[0]))
        .flatMap(outcome -> log.metrics("stack", 0, outcome).stream())
        .forEach(line -> {
          for (JsonNode directive : line.at("/_aws/CloudWatchMetrics")) {
            for (JsonNode metric : directive.required("Metrics")) {
              String name = metric.required("Name").asText();
              assertThat(line.required(name).isIntegralNumber()).isTrue();
              assertThat(metric.required("Unit").asText())
                  .isEqualTo(name.equals("LaunchLatency") ? "Milliseconds" : "Count");
              for (JsonNode dimensions : directive.required("Dimensions")) {
                List<String> names = dimensions.valueStream().map(JsonNode::asText).toList();
                assertThat(names).allMatch(line::has);
                series.add(new Series(name, names));
              }
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
    String dashboard = Pages.text(DASHBOARD);
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
    String signals = Pages.text(Pages.ALARMS);
    assertThat(signals).contains("      dimensions = { Stack = var.stack_name }\n");
    return ALARMS
        .matcher(signals)
        .results()
        .filter(map -> map.group(1).equals("launch"))
        .flatMap(map -> Pages.found(ALARM_METRIC, map.group(2)))
        .map(metric -> new Series(metric, List.of(EmbeddedMetrics.STACK)))
        .collect(Collectors.toSet());
  }
}
