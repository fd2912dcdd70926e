package io.elephant.launcher.bench;

import static io.elephant.launcher.bench.Measurements.number;

import io.elephant.launcher.bench.Bench.Contender;
import io.elephant.launcher.bench.Measurements.ColdStart;
import io.elephant.launcher.bench.Measurements.Figures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.style.Styler.ChartTheme;

/** The figures as tables for two pages, beside what they are meant to be, and as a chart. */
record BenchReport(
    List<String> contenders, Map<Profile, Measurements> measured, int starts, double zip) {

  static final String MARK = "bench";
  private static final double DELAYS = Track.millis(Profile.PATH);
  private static final Map<Integer, Double> MOST_OVER_DELAYS =
      Map.of(512, 60.0, 256, 60.0, 128, 95.0);

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

    | | %s | floor |
    |---|---%s|
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
        row(profile, "init", ColdStart::init, ""),
        row(profile, "cold start", ColdStart::cold, floor(profile, 0)),
        row(profile, "warm", ColdStart::warm, ""),
        row(profile, "peak memory, MB", ColdStart::peakMemory, ""));
  }

  /** What a launch takes beyond the delays that no implementation can avoid. */
  private List<String> overDelays(Profile profile) {
    String floor = floor(profile, DELAYS);
    return List.of(
        row(profile, "cold start over the delays", start -> start.cold() - DELAYS, floor),
        row(profile, "warm over the delays", start -> start.warm() - DELAYS, ""));
  }

  private String floor(Profile profile, double less) {
    return Figures.of(measured.get(profile).floors().stream().mapToDouble(floor -> floor - less))
        .toString();
  }

  private String row(
      Profile profile, String what, ToDoubleFunction<ColdStart> figure, String floor) {
    Measurements of = measured.get(profile);
    List<String> cells = new ArrayList<>(List.of(profile.title() + ", " + what));
    contenders.forEach(name -> cells.add(of.has(name) ? of.of(name, figure).toString() : ""));
    cells.add(floor);
    return "| " + String.join(" | ", cells) + " |";
  }

  private List<String> goals() {
    List<String> goals = new ArrayList<>();
    if (measured.get(Profile.PLAIN).has(Contender.PYTHON)) {
      goals.add(goal("cold start, Python's / ours", timesOurs(ColdStart::cold), "at least", 9));
      goals.add(goal("init, Python's / ours", timesOurs(ColdStart::init), "at least", 18));
    }
    double awsLike = ours(Profile.AWS_LIKE, ColdStart::cold) / DELAYS;
    goals.add(goal("AWS-like, ours / delays on the path", awsLike, "at most", 1.03));
    double memory = ours(Profile.PLAIN, ColdStart::peakMemory);
    goals.add(goal("peak memory, MB", memory, "at most", 64));
    for (Profile share : shares()) {
      double over = ours(share, ColdStart::cold) - DELAYS;
      double most = MOST_OVER_DELAYS.get(share.memory());
      goals.add(goal(share.title() + ", over the delays, ms", over, "at most", most));
    }
    goals.add(goal("`function.zip`, MB", zip, "at most", 17));
    return goals;
  }

  private double ours(Profile profile, ToDoubleFunction<ColdStart> figure) {
    return measured.get(profile).median(Contender.NATIVE, figure);
  }

  private double timesOurs(ToDoubleFunction<ColdStart> figure) {
    Measurements plain = measured.get(Profile.PLAIN);
    return plain.median(Contender.PYTHON, figure) / plain.median(Contender.NATIVE, figure);
  }

  private static String goal(String what, double value, String relation, double wanted) {
    boolean isMet = relation.equals("at least") ? value >= wanted : value <= wanted;
    return "| %s | %s | %s %s | %s |"
        .formatted(what, number(value), relation, number(wanted), isMet ? "met" : "**missed**");
  }

  /** Bars for the cold starts without delays: how long to the first poll, and from there on. */
  void draw(String file) throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .theme(ChartTheme.Matlab)
            .width(760)
            .height(380)
            .title("Cold starts, ms")
            .build();
    chart.getStyler().setStacked(true).setLabelsVisible(true);
    bars(chart, "to the first poll", ColdStart::init);
    bars(chart, "and to the first answer", start -> start.cold() - start.init());
    ChartEncoder.saveChart(chart, file, "png");
  }

  private void bars(CategoryChart chart, String name, ToDoubleFunction<ColdStart> figure) {
    Measurements plain = measured.get(Profile.PLAIN);
    List<Long> heights =
        contenders.stream().map(who -> Math.round(plain.median(who, figure))).toList();
    chart.addSeries(name, contenders, heights);
  }
}
