package io.elephant.launcher.bench;

import static io.elephant.launcher.bench.Figures.number;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The figures as tables for two pages, beside what they are meant to be, and as a chart. */
final class BenchReport {

  /** Where the benchmark's page has its chart. */
  static final Path CHART = Path.of("src", "test", "bench", "cold-start.svg");

  static final String BEGIN = "<!-- bench: begin -->";
  static final String END = "<!-- bench: end -->";
  private static final List<String> CONTENDERS =
      List.of(Contender.NATIVE, Contender.BEFORE, Contender.JVM, Contender.PYTHON);
  private static final Map<Profile, Double> SHARE_GOALS =
      Map.of(Profile.SHARE_512, 60.0, Profile.SHARE_256, 95.0, Profile.SHARE_128, 165.0);
  private static final double MEGABYTE = 1e6;
  private static final double NANOS = 1e6;

  /** In bytes. */
  record Sizes(long zip, long executable) {}

  /** A figure of which we want that it is at most, or at least, so much. */
  private record Target(String figure, double value, double wanted, boolean atLeast) {
    boolean isMet() {
      return atLeast ? value >= wanted : value <= wanted;
    }

    @Override
    public String toString() {
      return "| %s | %s | %s %s | %s |"
          .formatted(
              figure,
              number(value),
              atLeast ? "at least" : "at most",
              number(wanted),
              isMet() ? "met" : "**missed**");
    }
  }

  private final Map<Profile, Measurements> measured;
  private final int starts;
  private final Sizes sizes;

  BenchReport(Map<Profile, Measurements> measured, int starts, Sizes sizes) {
    this.measured = Map.copyOf(measured);
    this.starts = starts;
    this.sizes = sizes;
  }

  /** What the README shows: the rows that a reader compares. */
  String summary() {
    List<String> lines = head();
    lines.addAll(rows(Profile.PLAIN));
    lines.add(coldStart(Profile.AWS_LIKE));
    shares().forEach(share -> lines.add(overDelays(share).getFirst()));
    return String.join("\n", lines);
  }

  /** Those that could be measured on this machine. */
  private List<Profile> shares() {
    return Profile.SHARES.stream().filter(measured::containsKey).toList();
  }

  /** What a launch takes beyond the delays that no implementation can avoid. */
  private List<String> overDelays(Profile profile) {
    Measurements of = of(profile);
    Duration delays = Profile.DELAYS_ON_THE_CRITICAL_PATH;
    return List.of(
        row(
            profile,
            "cold start over the delays",
            name -> text(of.millis(name, start -> start.cold().minus(delays))),
            of.floorOver(delays).toString()),
        row(
            profile,
            "warm over the delays",
            name -> text(of.millis(name, start -> start.warm().minus(delays))),
            ""));
  }

  /** Everything, for the benchmark's own page. */
  String markdown() {
    List<String> lines = head();
    for (Profile profile : List.of(Profile.PLAIN, Profile.AWS_LIKE, Profile.TLS)) {
      lines.addAll(rows(profile));
    }
    shares().forEach(share -> lines.addAll(overDelays(share)));
    lines.add(
        row(
            Profile.AWS_LIKE,
            "calls of a launch",
            name -> of(Profile.AWS_LIKE).calls(name).orElse(""),
            ""));
    lines.add("");
    lines.add(
        "`function.zip` has %s MB, the executable %s MB."
            .formatted(number(sizes.zip() / MEGABYTE), number(sizes.executable() / MEGABYTE)));
    if (of(Profile.PLAIN).of(Contender.PYTHON).isEmpty()) {
      lines.add("");
      lines.add("Python is not among them: there was no python3 with boto3 on the machine.");
    }
    lines.add("");
    lines.add("| target | measured | wanted | |");
    lines.add("|---|---|---|---|");
    targets().forEach(target -> lines.add(target.toString()));
    return String.join("\n", lines);
  }

  /** A sentence for each target that was missed; a benchmark fails nothing. */
  List<String> misses() {
    return targets().stream()
        .filter(target -> !target.isMet())
        .map(target -> "Missed: " + target)
        .toList();
  }

  /** Puts the tables between the marks of both pages, and the chart beside the second. */
  void write(Path readme, Path page, Path chart) throws IOException {
    Files.writeString(readme, within(Files.readString(readme), summary()));
    Files.writeString(page, within(Files.readString(page), markdown()));
    Files.writeString(chart, chart());
  }

  private List<String> head() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "Medians of %d cold starts each in one run, with the least and the most; times in milliseconds."
            .formatted(starts));
    lines.add("");
    lines.add("| | " + String.join(" | ", contenders()) + " | floor |");
    lines.add("|---|" + "---|".repeat(contenders().size() + 1));
    return lines;
  }

  private List<String> rows(Profile profile) {
    Measurements of = of(profile);
    return List.of(
        row(profile, "init", name -> text(of.millis(name, ColdStart::init)), ""),
        coldStart(profile),
        row(profile, "warm", name -> text(of.millis(name, ColdStart::warm)), ""),
        row(profile, "peak memory, MB", name -> text(of.peakMemory(name)), ""));
  }

  private String coldStart(Profile profile) {
    Measurements of = of(profile);
    return row(
        profile,
        "cold start",
        name -> text(of.millis(name, ColdStart::cold)),
        of.floor().toString());
  }

  /** The text with what is between its marks replaced. */
  static String within(String text, String replacement) {
    return within(text, BEGIN, END, replacement);
  }

  /** The text with what is between these marks replaced. */
  static String within(String text, String beginMark, String endMark, String replacement) {
    int begin = text.indexOf(beginMark);
    int end = text.indexOf(endMark);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException(
          "There is no " + beginMark + " with an " + endMark + " after it");
    }
    return text.substring(0, begin + beginMark.length())
        + "\n"
        + replacement
        + "\n"
        + text.substring(end);
  }

  private List<String> contenders() {
    return CONTENDERS.stream().filter(name -> of(Profile.PLAIN).of(name).isPresent()).toList();
  }

  private Measurements of(Profile profile) {
    return Optional.ofNullable(measured.get(profile)).orElseThrow();
  }

  private String row(Profile profile, String what, Function<String, String> figure, String floor) {
    return "| %s, %s | %s | %s |"
        .formatted(
            profile.title,
            what,
            String.join(" | ", contenders().stream().map(figure).toList()),
            floor);
  }

  private static String text(Optional<Figures> figures) {
    return figures.map(Figures::toString).orElse("");
  }

  private List<Target> targets() {
    Measurements plain = of(Profile.PLAIN);
    Measurements awsLike = of(Profile.AWS_LIKE);
    double cold = median(plain.millis(Contender.NATIVE, ColdStart::cold)).orElseThrow();
    double init = median(plain.millis(Contender.NATIVE, ColdStart::init)).orElseThrow();
    double like = median(awsLike.millis(Contender.NATIVE, ColdStart::cold)).orElseThrow();
    List<Target> targets = new ArrayList<>();
    median(plain.millis(Contender.PYTHON, ColdStart::cold))
        .ifPresent(python ->
            targets.add(new Target("cold start, Python's / ours", python / cold, 10, true)));
    targets.add(new Target("cold start, ours / floor", cold / plain.floor().median(), 2.5, false));
    median(plain.millis(Contender.PYTHON, ColdStart::init))
        .ifPresent(
            python -> targets.add(new Target("init, Python's / ours", python / init, 25, true)));
    median(awsLike.millis(Contender.PYTHON, ColdStart::cold))
        .ifPresent(
            python -> targets.add(new Target("AWS-like, Python's / ours", python / like, 2, true)));
    targets.add(
        new Target(
            "AWS-like, ours / delays on the critical path",
            like / (Profile.DELAYS_ON_THE_CRITICAL_PATH.toNanos() / NANOS),
            1.06,
            false));
    targets.add(
        new Target(
            "calls on the critical path",
            awsLike.of(Contender.NATIVE).orElseThrow().getFirst().depth(),
            4,
            false));
    median(plain.peakMemory(Contender.NATIVE))
        .ifPresent(memory -> targets.add(new Target("peak memory, MB", memory, 42, false)));
    for (Profile share : shares()) {
      double over =
          median(of(share).millis(Contender.NATIVE, ColdStart::cold)).orElseThrow()
              - Profile.DELAYS_ON_THE_CRITICAL_PATH.toMillis();
      targets.add(
          new Target(
              share.title + ", over the delays, ms",
              over,
              SHARE_GOALS.getOrDefault(share, 0.0),
              false));
    }
    targets.add(new Target("`function.zip`, MB", sizes.zip() / MEGABYTE, 18, false));
    return targets;
  }

  private static Optional<Double> median(Optional<Figures> figures) {
    return figures.map(Figures::median);
  }

  /** Bars for the cold starts without delays: how long to the first poll, and from there on. */
  private String chart() {
    Measurements plain = of(Profile.PLAIN);
    double longest =
        contenders().stream()
            .mapToDouble(name -> median(plain.millis(name, ColdStart::cold)).orElseThrow())
            .max()
            .orElseThrow();
    var bars = new StringBuilder();
    int y = 46;
    for (String name : contenders()) {
      double init = median(plain.millis(name, ColdStart::init)).orElseThrow();
      double cold = median(plain.millis(name, ColdStart::cold)).orElseThrow();
      bars.append(bar(y, name, init, cold, longest));
      y += 34;
    }
    double floor = plain.floor().median();
    bars.append(bar(y, "floor: the bare HTTP calls", 0, floor, longest));
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 %d" role="img" aria-label="Cold starts">
    <style>
      text { font: 13px system-ui, sans-serif; fill: #1f2328; }
      .init { fill: #8250df; } .rest { fill: #c297ff; }
      @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } }
    </style>
    <text x="0" y="16">Process start to first answer, milliseconds</text>
    <rect class="init" x="420" y="6" width="12" height="12"/><text x="438" y="16">to the first poll</text>
    <rect class="rest" x="570" y="6" width="12" height="12"/><text x="588" y="16">to the first answer</text>
    %s</svg>
    """
        .formatted(y + 34, bars);
  }

  private static String bar(int y, String name, double init, double cold, double longest) {
    double left = 190;
    double scale = 480 / longest;
    return """
    <text x="0" y="%d">%s</text>
    <rect class="init" x="%s" y="%d" width="%s" height="20"/>
    <rect class="rest" x="%s" y="%d" width="%s" height="20"/>
    <text x="%s" y="%d">%s</text>
    """
        .formatted(
            y + 15,
            name,
            pixels(left),
            y,
            pixels(init * scale),
            pixels(left + init * scale),
            y,
            pixels((cold - init) * scale),
            pixels(left + cold * scale + 8),
            y + 15,
            number(cold));
  }

  private static String pixels(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
