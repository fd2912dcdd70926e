package io.elephant.launcher.telemetry;

import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.RunResult.NoCapacity;
import io.elephant.launcher.launch.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An invocation's metrics in CloudWatch's embedded metric format: lines of the log of which
 * CloudWatch makes metrics, without a call and without a permission.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">Embedded
 *     metric format specification</a>
 */
final class EmbeddedMetrics {

  /** Where CloudWatch shows them. */
  static final String NAMESPACE = "Elephant/Launch";

  /** The dimension that every metric has: whose machines they are. */
  static final String STACK = "Stack";

  /** Why nothing was launched, of {@link Metric#SKIPPED} and {@link Metric#LAUNCH_FAILED}. */
  static final String REASON = "Reason";

  /** Where there was no capacity, of {@link Metric#CAPACITY_REFUSED}. */
  static final String ZONE = "Zone";

  /** For what there was no capacity, of {@link Metric#CAPACITY_REFUSED}. */
  static final String INSTANCE_TYPE = "InstanceType";

  private static final Set<Metric> WITH_REASON = EnumSet.of(Metric.SKIPPED, Metric.LAUNCH_FAILED);

  private EmbeddedMetrics() {}

  /** The lines, each the members of one JSON object. */
  static List<Fields> of(String stack, long millis, InvocationLog journal, Ending ending) {
    Result result = Result.of(ending);
    Map<Metric, Long> counts = new EnumMap<>(Metric.class);
    result.metric().ifPresent(metric -> counts.put(metric, 1L));
    if (counts.containsKey(Metric.LAUNCHED)) {
      counts.put(Metric.LAUNCH_LATENCY, journal.age().toMillis());
    }
    if (journal.coldStart()) {
      counts.put(Metric.COLD_START, 1L);
    }
    if (ending instanceof Ending.Swept(Collection<?> strays) && !strays.isEmpty()) {
      counts.put(Metric.SWEEP_STRAY, (long) strays.size());
    }
    Map<Candidate, Long> full = new LinkedHashMap<>();
    for (Step step : journal.steps()) {
      switch (step) {
        case Step.FellBack _ -> counts.merge(Metric.FELL_BACK, 1L, Long::sum);
        case Step.Adopted _ -> counts.merge(Metric.ADOPTED, 1L, Long::sum);
        case Step.Superseded _ -> counts.merge(Metric.SUPERSEDED, 1L, Long::sum);
        case Step.Asked asked when asked.result() instanceof NoCapacity ->
            full.merge(asked.attempt().request().candidate(), 1L, Long::sum);
        case Step.Found _, Step.Asked _, Step.Replaced _, Step.Amended _, Step.Cancelled _ -> {}
      }
    }
    List<Fields> lines = new ArrayList<>();
    if (!counts.isEmpty()) {
      lines.add(outcome(stack, millis, counts, result.reason()));
    }
    full.forEach((candidate, count) -> lines.add(refusals(stack, millis, candidate, count)));
    return lines;
  }

  private static Fields outcome(
      String stack, long millis, Map<Metric, Long> counts, Optional<String> reason) {
    List<Fields> directives = new ArrayList<>();
    directives.add(directive(counts.keySet(), List.of(List.of(STACK))));
    Set<Metric> explained = EnumSet.copyOf(counts.keySet());
    explained.retainAll(WITH_REASON);
    if (!explained.isEmpty()) {
      directives.add(directive(explained, List.of(List.of(STACK, REASON))));
    }
    Fields line = line(millis, directives).with(STACK, stack).with(REASON, reason);
    counts.forEach((metric, value) -> line.with(metric.toString(), value));
    return line;
  }

  private static Fields refusals(String stack, long millis, Candidate candidate, long count) {
    List<List<String>> dimensions = List.of(List.of(STACK), List.of(STACK, ZONE, INSTANCE_TYPE));
    return line(millis, List.of(directive(Set.of(Metric.CAPACITY_REFUSED), dimensions)))
        .with(STACK, stack)
        .with(ZONE, candidate.subnet().zone().name())
        .with(INSTANCE_TYPE, candidate.instanceType())
        .with(Metric.CAPACITY_REFUSED.toString(), count);
  }

  private static Fields line(long millis, List<Fields> directives) {
    return new Fields()
        .with("_aws", new Fields().with("Timestamp", millis).with("CloudWatchMetrics", directives));
  }

  private static Fields directive(Set<Metric> metrics, List<List<String>> dimensions) {
    return new Fields()
        .with("Namespace", NAMESPACE)
        .with("Dimensions", dimensions)
        .with(
            "Metrics",
            metrics.stream()
                .map(metric ->
                    new Fields()
                        .with("Name", metric.toString())
                        .with("Unit", metric.unit().toString()))
                .toList());
  }
}
