package io.elephant.launcher.telemetry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.launch.Outcome;
import io.elephant.launcher.launch.Report;
import io.elephant.launcher.launch.Step;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.sweep.Sweep;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An invocation's metrics in CloudWatch's embedded metric format: CloudWatch reads them from lines
 * of the log, so they need no call and no permission.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">Embedded
 *     metric format specification</a>
 */
final class EmbeddedMetrics {

  /** CloudWatch's namespace for them. */
  static final String NAMESPACE = "Elephant/Launch";

  /** The dimension that every metric has: the stack that the instances belong to. */
  static final String STACK = "Stack";

  /** Why nothing was launched, of {@link Metric#SKIPPED} and of what failed or was lost. */
  static final String REASON = "Reason";

  /** The zone without capacity, of {@link Metric#CAPACITY_REFUSED}. */
  static final String ZONE = "Zone";

  /** The instance type without capacity, of {@link Metric#CAPACITY_REFUSED}. */
  static final String INSTANCE_TYPE = "InstanceType";

  /** The call, such as {@code RunInstances}, of {@link Metric#THROTTLED}. */
  static final String ACTION = "Action";

  private static final Set<Metric> WITH_REASON =
      EnumSet.of(Metric.SKIPPED, Metric.LAUNCH_FAILED, Metric.RUN_FAILED, Metric.MACHINE_LOST);

  private EmbeddedMetrics() {}

  /** The lines, each the members of one JSON object. */
  static List<ObjectNode> of(
      String stack, long millis, InvocationLog log, InvocationOutcome outcome) {
    Map<Metric, Long> counts = new EnumMap<>(Metric.class);
    outcome.metric().ifPresent(metric -> counts.put(metric, 1L));
    if (counts.containsKey(Metric.LAUNCHED)) {
      counts.put(Metric.LAUNCH_LATENCY, latency(millis, log));
      if (isAfterTheMeetingsBegin(millis, log)) {
        counts.put(Metric.LAUNCHED_LATE, 1L);
      }
    }
    if (log.coldStart()) {
      counts.put(Metric.COLD_START, 1L);
    }
    if (outcome instanceof InvocationOutcome.Swept(Sweep.Found found)) {
      count(counts, Metric.SWEEP_STRAY, found.strays().size());
      count(counts, Metric.SWEEP_OVERDUE, found.overdue().size());
    }
    if (outcome instanceof InvocationOutcome.Delivered(Report report)) {
      count(counts, Metric.MACHINE_MISSING, report.missing().isPresent() ? 1 : 0);
      count(counts, Metric.TOO_EARLY, report.outcome() == Outcome.TOO_EARLY ? 1 : 0);
    }
    Map<Candidate, Long> full = new LinkedHashMap<>();
    for (Step step : log.steps()) {
      switch (step) {
        case Step.FellBack _ -> counts.merge(Metric.FELL_BACK, 1L, Long::sum);
        case Step.Adopted _ -> counts.merge(Metric.ADOPTED, 1L, Long::sum);
        case Step.Superseded _ -> counts.merge(Metric.SUPERSEDED, 1L, Long::sum);
        case Step.Asked asked when isForLackOfCapacity(asked.result()) ->
            full.merge(asked.attempt().request().candidate(), 1L, Long::sum);
        case Step.Found _,
            Step.Asked _,
            Step.Replaced _,
            Step.Renewed _,
            Step.Cancelled _,
            Step.Launched _ -> {}
      }
    }
    List<ObjectNode> lines = new ArrayList<>();
    if (!counts.isEmpty()) {
      lines.add(counted(stack, millis, counts, outcome.reason()));
    }
    full.forEach((candidate, count) -> lines.add(refusals(stack, millis, candidate, count)));
    log.calls().stream()
        .filter(Call::throttled)
        .collect(Collectors.groupingBy(Call::operation, TreeMap::new, Collectors.counting()))
        .forEach((action, count) -> lines.add(throttled(stack, millis, action, count)));
    return lines;
  }

  private static boolean isForLackOfCapacity(RunResult result) {
    return result instanceof RunResult.Refused(Verdict verdict, _)
        && verdict == Verdict.NO_CAPACITY;
  }

  private static void count(Map<Metric, Long> counts, Metric metric, int times) {
    if (times > 0) {
      counts.put(metric, (long) times);
    }
  }

  private static boolean isAfterTheMeetingsBegin(long millis, InvocationLog log) {
    return log.found()
        .flatMap(Meeting::meetTime)
        .filter(begin -> begin.toEpochMilli() < millis)
        .isPresent();
  }

  /** Not less than this delivery took: it had read the row before it claimed. */
  private static long latency(long millis, InvocationLog log) {
    long sinceClaim =
        log.steps().stream()
            .filter(Step.Launched.class::isInstance)
            .map(Step.Launched.class::cast)
            .flatMap(launched -> launched.claimed().stream())
            .mapToLong(claimed -> millis - claimed.toEpochMilli())
            .max()
            .orElse(0);
    return Math.max(sinceClaim, log.age().toMillis());
  }

  private static ObjectNode counted(
      String stack, long millis, Map<Metric, Long> counts, Optional<String> reason) {
    ObjectNode line = line(millis);
    directive(line, counts.keySet(), List.of(STACK));
    Set<Metric> explained = EnumSet.copyOf(counts.keySet());
    explained.retainAll(WITH_REASON);
    if (!explained.isEmpty()) {
      directive(line, explained, List.of(STACK, REASON));
    }
    line.put(STACK, stack).put(REASON, reason.orElse(null));
    counts.forEach((metric, value) -> line.put(metric.toString(), value));
    return line;
  }

  private static ObjectNode refusals(String stack, long millis, Candidate candidate, long count) {
    ObjectNode line = line(millis);
    directive(
        line, Set.of(Metric.CAPACITY_REFUSED), List.of(STACK), List.of(STACK, ZONE, INSTANCE_TYPE));
    return line.put(STACK, stack)
        .put(ZONE, candidate.subnet().zone().name())
        .put(INSTANCE_TYPE, candidate.instanceType())
        .put(Metric.CAPACITY_REFUSED.toString(), count);
  }

  private static ObjectNode throttled(String stack, long millis, String action, long count) {
    ObjectNode line = line(millis);
    directive(line, Set.of(Metric.THROTTLED), List.of(STACK), List.of(STACK, ACTION));
    return line.put(STACK, stack).put(ACTION, action).put(Metric.THROTTLED.toString(), count);
  }

  private static ObjectNode line(long millis) {
    ObjectNode line = LogLines.fields();
    line.putObject("_aws").put("Timestamp", millis).putArray("CloudWatchMetrics");
    return line;
  }

  @SafeVarargs
  private static void directive(ObjectNode line, Set<Metric> metrics, List<String>... dimensions) {
    ObjectNode directive =
        line.withArray("/_aws/CloudWatchMetrics").addObject().put("Namespace", NAMESPACE);
    ArrayNode sets = directive.putArray("Dimensions");
    for (List<String> names : dimensions) {
      names.forEach(sets.addArray()::add);
    }
    ArrayNode definitions = directive.putArray("Metrics");
    for (Metric metric : metrics) {
      definitions.addObject().put("Name", metric.toString()).put("Unit", metric.unit().toString());
    }
  }
}
