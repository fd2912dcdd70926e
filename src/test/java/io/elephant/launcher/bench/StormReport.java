package io.elephant.launcher.bench;

import static io.elephant.launcher.bench.StormResult.seconds;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The storms as a table for two pages, and as a chart. */
final class StormReport {

  /** Where the benchmark's page has its chart. */
  static final Path CHART = Path.of("src", "test", "bench", "storm.svg");

  static final String BEGIN = "<!-- storm: begin -->";
  static final String END = "<!-- storm: end -->";

  /** What the README leaves to the benchmark's page. */
  private static final List<String> DETAILS = List.of("others throttled", "goals");

  private static final int LEFT = 40;
  private static final int WIDTH = 700;
  private static final int HEIGHT = 300;
  private static final int LINE = 20;

  private final List<StormResult> results;

  StormReport(List<StormResult> results) {
    this.results = List.copyOf(results);
  }

  /** Everything, for the benchmark's own page. */
  String markdown() {
    return table(List.of());
  }

  /** What the README shows. */
  String summary() {
    return table(DETAILS);
  }

  private String table(Collection<String> without) {
    List<String> columns = new ArrayList<>(results.getFirst().row().sequencedKeySet());
    columns.removeAll(without);
    List<String> lines = new ArrayList<>();
    lines.add("| " + String.join(" | ", columns).strip() + " |");
    lines.add("|" + "---|".repeat(columns.size()));
    for (StormResult result : results) {
      lines.add(
          columns.stream().map(result.row()::get).collect(Collectors.joining(" | ", "| ", " |")));
    }
    return String.join("\n", lines);
  }

  /** Puts the tables between the marks of both pages, and the chart beside the second. */
  void write(Path readme, Path page, Path chart) throws IOException {
    write(readme, summary());
    write(page, markdown());
    Files.writeString(chart, chart());
  }

  private static void write(Path page, String table) throws IOException {
    Files.writeString(page, BenchReport.within(Files.readString(page), BEGIN, END, table));
  }

  /** How many meetings are launched by when, beside how many can be. */
  String chart() {
    int most = results.stream().mapToInt(result -> result.plan().meetings()).max().orElseThrow();
    List<Duration> limit = IntStream.rangeClosed(1, most).mapToObj(StormResult::limit).toList();
    double longest =
        results.stream()
            .flatMap(result -> result.launched().stream())
            .mapToDouble(StormResult::seconds)
            .reduce(seconds(limit.getLast()), Math::max);
    int top = LINE * (results.size() + 2);
    var lines = new StringBuilder(line(0, "EC2's limit", limit, longest, most, top));
    for (int n = 0; n < results.size(); n++) {
      StormResult result = results.get(n);
      String label = "%s: %d launched".formatted(result.plan(), result.launched().size());
      lines.append(line(n + 1, label, result.launched(), longest, most, top));
    }
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 %d" role="img" aria-label="Meetings launched over time">
    <style>
      text { font: 13px system-ui, sans-serif; fill: #1f2328; }
      polyline, path { fill: none; stroke-width: 2; stroke: #8c959f; }
      .line0 { stroke-dasharray: 4 4; } .line1 { stroke: #8250df; } .line2 { stroke: #c297ff; }
      .line3 { stroke: #1a7f37; } .line4 { stroke: #bc4c00; }
      @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } }
    </style>
    %s<path d="M %d %d v %d h %d"/>
    <text x="0" y="%d">%d</text>
    <text x="%d" y="%d" text-anchor="end">%.0f s</text>
    </svg>
    """
        .formatted(
            top + HEIGHT + LINE,
            lines,
            LEFT,
            top,
            HEIGHT,
            WIDTH,
            top + 5,
            most,
            LEFT + WIDTH,
            top + HEIGHT + 15,
            longest);
  }

  /** A line, and what it is above it. */
  private static String line(
      int number, String label, List<Duration> launched, double longest, int most, int top) {
    String points =
        IntStream.range(0, launched.size())
            .mapToObj(n ->
                String.format(
                    Locale.ROOT,
                    "%.1f,%.1f",
                    LEFT + seconds(launched.get(n)) / longest * WIDTH,
                    top + HEIGHT - (n + 1.0) / most * HEIGHT))
            .collect(Collectors.joining(" "));
    int y = LINE * (number + 1);
    return """
    <polyline class="line%d" points="%d,%d %d,%d"/>
    <text x="%d" y="%d">%s</text>
    <polyline class="line%d" points="%s"/>
    """
        .formatted(number, LEFT, y - 5, LEFT + 30, y - 5, LEFT + 40, y, label, number, points);
  }
}
