package io.elephant.launcher.telemetry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An invocation's metrics in CloudWatch's embedded metric format: CloudWatch reads them from lines
 * of the log, so they need no call and no permission.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">Embedded
 *     metric format specification</a>
 */
final class EmbeddedMetrics {

  static final String NAMESPACE = "Elephant/Launch";

  /** The dimension that every metric has: the stack that the instances belong to. */
  static final String STACK = "Stack";

  private EmbeddedMetrics() {}

  /**
   * The members of the line's JSON object.
   *
   * @param by the further dimensions of the metrics that have some, and their values
   */
  static ObjectNode line(String stack, long millis, Map<Metric, Long> values, ObjectNode by) {
    ObjectNode line = Fields.none();
    ArrayNode directives =
        line.putObject("_aws").put("Timestamp", millis).putArray("CloudWatchMetrics");
    directive(directives, values.keySet().stream().toList(), List.of(STACK));
    List<Metric> divided = values.keySet().stream().filter(Metric::isDivided).toList();
    if (!divided.isEmpty()) {
      List<String> dimensions = new ArrayList<>(List.of(STACK));
      by.fieldNames().forEachRemaining(dimensions::add);
      directive(directives, divided, dimensions);
    }
    line.put(STACK, stack).setAll(by);
    values.forEach((metric, value) -> line.put(metric.toString(), value));
    return line;
  }

  private static void directive(
      ArrayNode directives, List<Metric> metrics, List<String> dimensions) {
    ObjectNode directive = directives.addObject().put("Namespace", NAMESPACE);
    dimensions.forEach(directive.putArray("Dimensions").addArray()::add);
    ArrayNode definitions = directive.putArray("Metrics");
    metrics.forEach(metric ->
        definitions.addObject().put("Name", metric.toString()).put("Unit", metric.unit()));
  }
}
