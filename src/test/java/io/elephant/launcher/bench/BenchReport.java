package io.elephant.launcher.bench;

import static io.elephant.launcher.bench.Measurements.number;

import io.elephant.launcher.bench.Bench.Contender;
import io.elephant.launcher.bench.Measurements.ColdStart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** The figures as tables for two pages, beside what they are meant to be, and as a chart. */
record BenchReport(
    List<String> contenders, Map<Profile, Measurements> measured, int starts, double zip) {

  static final String MARK = "bench";
  private static final double DELAYS = Track.millis(Profile.PATH);

  /** What the README shows: the rows that a reader compares. */
  String summary() {
    List<String> rows = new ArrayList<>(plain(Profile.PLAIN));
    rows.add(plain(Profile.AWS_LIKE).get(1));
    shares().forEach(share -> rows.add(overDelays(share).getFirst()));
    return table(rows);
  }

  /** Everything, for the benchmark's own page. */
  String page() {
    List<String> rows = new ArrayList<>();
    Stream.of(Profile.PLAIN, Profile.AWS_LIKE, Profile.TLS)
        .forEach(profile -> rows.addAll(plain(profile)));
    shares().forEach(share -> rows.addAll(overDelays(share)));
    return table(rows)
        + "\n\n| goal | measured | wanted | |\n|---|---|---|---|\n"
        + String.join("\n", goals());
  }

  private String table(List<String> rows) {
    return """
    Medians of %d cold starts each in one run, with the least and the most; times in milliseconds.

    | | %s |
    |---%s|
    %s\
    """
        .formatted(
            starts,
            String.join(" | ", contenders),
            "|---".repeat(contenders.size()),
            String.join("\n", rows));
  }

  /** Those that could be measured on this machine. */
  private List<Profile> shares() {
    return Profile.SHARES.stream().filter(measured::containsKey).toList();
  }

  private List<String> plain(Profile profile) {
    return List.of(
        row(profile, "init", ColdStart::init),
        row(profile, "cold start", ColdStart::cold),
        row(profile, "warm", ColdStart::warm),
        row(profile, "peak memory, MB", ColdStart::peakMemory));
  }

  /** What a launch takes beyond the delays that no implementation can avoid. */
  private List<String> overDelays(Profile profile) {
    return List.of(
        row(profile, "cold start over the delays", start -> start.cold() - DELAYS),
        row(profile, "warm over the delays", start -> start.warm() - DELAYS));
  }

  private String row(Profile profile, String what, ToDoubleFunction<ColdStart> figure) {
    Measurements of = measured.get(profile);
    List<String> cells = new ArrayList<>(List.of(profile.title() + ", " + what));
    contenders.forEach(name -> cells.add(of.has(name) ? of.of(name, figure).toString() : ""));
    return "| " + String.join(" | ", cells) + " |";
  }

  private List<String> goals() {
    List<String> goals = new ArrayList<>();
    if (measured.get(Profile.PLAIN).has(Contender.PYTHON)) {
      goals.add(atLeast(9, "cold start, Python's / ours", timesOurs(ColdStart::cold)));
      goals.add(atLeast(18, "init, Python's / ours", timesOurs(ColdStart::init)));
    }
    double awsLike = ours(Profile.AWS_LIKE, ColdStart::cold) / DELAYS;
    goals.add(atMost(1.03, "AWS-like, ours / delays on the path", awsLike));
    goals.add(atMost(64, "peak memory, MB", ours(Profile.PLAIN, ColdStart::peakMemory)));
    for (Profile share : shares()) {
      double over = ours(share, ColdStart::cold) - DELAYS;
      goals.add(
          atMost(share.memory() < 256 ? 95 : 60, share.title() + ", over the delays, ms", over));
    }
    goals.add(atMost(17, "`function.zip`, MB", zip));
    return goals;
  }

  private double ours(Profile profile, ToDoubleFunction<ColdStart> figure) {
    return measured.get(profile).median(Contender.NATIVE, figure);
  }

  private double timesOurs(ToDoubleFunction<ColdStart> figure) {
    return measured.get(Profile.PLAIN).median(Contender.PYTHON, figure)
        / ours(Profile.PLAIN, figure);
  }

  private static String atLeast(double wanted, String what, double value) {
    return goal(what, value, "at least " + number(wanted), value >= wanted);
  }

  private static String atMost(double wanted, String what, double value) {
    return goal(what, value, "at most " + number(wanted), value <= wanted);
  }

  private static String goal(String what, double value, String wanted, boolean isMet) {
    return "| %s | %s | %s | %s |"
        .formatted(what, number(value), wanted, isMet ? "met" : "**missed**");
  }

  /** Bars for the cold starts without delays. */
  void draw(String file) throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(760)
            .height(400)
            .xAxisTitle("cold starts without delays")
            .yAxisTitle("ms from the start of the process")
            .build();
    chart.getStyler().setLabelsVisible(true).setLabelsPosition(1.04);
    bars(chart, "to the first poll", ColdStart::init);
    bars(chart, "to the first answer", ColdStart::cold);
    Charts.save(chart, file);
  }

  private void bars(CategoryChart chart, String name, ToDoubleFunction<ColdStart> figure) {
    Measurements plain = measured.get(Profile.PLAIN);
    List<Long> heights =
        contenders.stream().map(who -> Math.round(plain.median(who, figure))).toList();
    chart.addSeries(name, contenders, heights);
  }
}
