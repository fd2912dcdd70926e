package io.elephant.launcher.bench;

import static io.elephant.launcher.bench.Measurements.number;

import io.elephant.launcher.local.RequestBuckets;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The storms as a table for two pages, and as a chart. */
record StormReport(List<Result> results) {

  static final String MARK = "storm";
  private static final String HEAD =
      """
      | | launched | the last one, s | against the limit | the median one, s | against the limit\
       | throttled per allowed | delivered again | doubled |\
      """;

  /**
   * What became of the meetings of a storm.
   *
   * @param launched when each was recorded as launched, in order, in seconds
   * @param throttled calls of RunInstances for each one that was allowed
   * @param redelivered how often an event was delivered again
   * @param doubled live instances that no row names, such as a second one for a role
   */
  record Result(
      Storm storm, List<Double> launched, double throttled, int redelivered, int doubled) {

    /** The soonest that so many meetings of two instances can be recorded, in seconds. */
    static double limit(int meetings) {
      return Track.millis(RequestBuckets.until("RunInstances", 2 * meetings).plus(Profile.PATH))
          / 1e3;
    }

    private int median() {
      return (storm.meetings() + 1) / 2;
    }

    /** When so many meetings were launched, in seconds; not a number, where it came to fewer. */
    private double seconds(int meetings) {
      return meetings > launched.size() ? Double.NaN : launched.get(meetings - 1);
    }

    private double ofLimit(int meetings) {
      return seconds(meetings) / limit(meetings);
    }

    String row() {
      int lost = storm.meetings() - launched.size();
      String count = lost == 0 ? "all" : "%d (%d lost)".formatted(launched.size(), lost);
      String figures =
          DoubleStream.of(
                  seconds(storm.meetings()),
                  ofLimit(storm.meetings()),
                  seconds(median()),
                  ofLimit(median()),
                  throttled)
              .mapToObj(figure -> Double.isNaN(figure) ? "" : number(figure))
              .collect(Collectors.joining(" | "));
      return "| %s | %s | %s | %d | %d |".formatted(storm, count, figures, redelivered, doubled);
    }
  }

  /** A table for both pages. */
  String table() {
    String line = "\n|" + "---|".repeat(9) + "\n";
    return HEAD + line + results.stream().map(Result::row).collect(Collectors.joining("\n"));
  }

  /** How many meetings are launched by when, beside how many can be. */
  void draw(String file) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(760)
            .height(480)
            .xAxisTitle("seconds after the events")
            .yAxisTitle("meetings launched")
            .build();
    int most = results.stream().mapToInt(result -> result.storm().meetings()).max().orElseThrow();
    line(chart, "EC2's limit", IntStream.rangeClosed(1, most).mapToObj(Result::limit).toList());
    results.forEach(result -> line(chart, result.storm().toString(), result.launched()));
    Charts.save(chart, file);
  }

  private static void line(XYChart chart, String name, List<Double> launched) {
    // XChart would label every few of equally spaced values: one of them is left out.
    List<Integer> counts =
        IntStream.rangeClosed(1, launched.size()).filter(n -> n != 2).boxed().toList();
    List<Double> seconds = counts.stream().map(n -> launched.get(n - 1)).toList();
    chart.addSeries(name, seconds, counts).setMarker(SeriesMarkers.NONE);
  }
}
