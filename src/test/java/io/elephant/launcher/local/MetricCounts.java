package io.elephant.launcher.local;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What CloudWatch makes of a log: the sums of the metrics in it, each by its name and the values of
 * its dimensions but the stack's.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">Embedded
 *     metric format specification</a>
 */
public record MetricCounts(SortedMap<String, Long> sums) {

  private static final String STACK = "Stack";

  public static MetricCounts of(Collection<String> log) {
    SortedMap<String, Long> sums = new TreeMap<>();
    for (String text : log) {
      JsonNode line = json(text);
      for (JsonNode directive : line.at("/_aws/CloudWatchMetrics")) {
        for (JsonNode metric : directive.path("Metrics")) {
          String name = metric.path("Name").asText();
          for (JsonNode dimensions : directive.path("Dimensions")) {
            String by =
                dimensions
                    .valueStream()
                    .map(JsonNode::asText)
                    .filter(dimension -> !dimension.equals(STACK))
                    .map(dimension -> " " + line.path(dimension).asText())
                    .collect(joining());
            sums.merge(name + by, line.path(name).asLong(), Long::sum);
          }
        }
      }
    }
    return new MetricCounts(sums);
  }

  /** The sum of a metric; 0 where it was never counted. */
  long sum(String name) {
    return sums.getOrDefault(name, 0L);
  }

  private static JsonNode json(String line) {
    try {
      return new JsonMapper().readTree(line);
    } catch (JsonProcessingException _) {
      return new JsonMapper().missingNode();
    }
  }
}
