package io.elephant.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elephant.launcher.Pages;
import io.elephant.launcher.local.FunctionPackage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchReportTest {

  private static final BenchReport.Sizes SIZES = new BenchReport.Sizes(13_500_000, 38_800_000);

  @Test
  void saysOfEachTargetWhetherItIsMet() {
    String report = new BenchReport(measured(10, 300, true), 15, SIZES).markdown();

    assertThat(report)
        .contains("| init, Python's / ours | 30.0 | at least 25.0 | met |")
        .contains("| `function.zip`, MB | 13.5 | at most 18.0 | met |")
        .contains("| peak memory, MB | 44.0 | at most 42.0 | **missed** |")
        .contains(
            "| Lambda's share at 512 MB, over the delays, ms | 70.0 | at most 60.0 | **missed** |")
        .contains(
            "| Lambda's share at 512 MB, cold start over the delays | 70.0 (70.0–70.0) |  |  | 10.0 (")
        .doesNotContain("256 MB");
  }

  @Test
  void leavesPythonOutWhereThereIsNone() {
    var report = new BenchReport(measured(10, 300, false), 15, SIZES);

    assertThat(report.markdown())
        .doesNotContain(Contender.PYTHON, "Python's")
        .contains("ours / floor", "Python is not among them");
    assertThat(report.misses())
        .isNotEmpty()
        .allSatisfy(miss -> assertThat(miss).contains("missed"));
  }

  @Test
  void writesItsTablesBetweenTheMarksAndNothingElse(@TempDir Path directory) throws Exception {
    Path readme = directory.resolve("README.md");
    Path page = directory.resolve("page.md");
    Path chart = directory.resolve("chart.svg");
    for (Path text : List.of(readme, page)) {
      Files.writeString(
          text, "before\n<!-- bench: begin -->\nwhat was there\n<!-- bench: end -->\nafter\n");
    }

    new BenchReport(measured(10, 300, true), 15, SIZES).write(readme, page, chart);

    for (Path text : List.of(readme, page)) {
      assertThat(Files.readString(text))
          .startsWith("before\n<!-- bench: begin -->\nMedians of 15 ")
          .endsWith("\n<!-- bench: end -->\nafter\n")
          .doesNotContain("what was there");
    }
    assertThat(Files.readString(readme)).doesNotContain("at least", "HTTPS");
    assertThat(Files.readString(page)).contains("at least 25.0", "| HTTPS, cold start | 10.0 (");
    assertThat(Files.readString(chart)).startsWith("<svg ").contains("floor", "300", "</svg>");
  }

  @Test
  void theReadmeShowsRowsOfTheRunThatTheBenchmarksPageShows() {
    List<String> figures = between(Pages.README);

    assertThat(figures).anyMatch(row -> row.startsWith("| no delays, cold start | "));
    assertThat(between(Pages.BENCH)).containsAll(figures).hasSizeGreaterThan(figures.size());
  }

  private static List<String> between(Path page) {
    String text = Pages.text(page);
    return text.substring(text.indexOf(BenchReport.BEGIN), text.indexOf(BenchReport.END))
        .lines()
        .toList();
  }

  @Test
  void refusesATextWithoutMarks() {
    assertThatThrownBy(() -> BenchReport.within("no marks", "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bench: begin");
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
    assertThat(Figures.of(List.of(9.0, 1.0, 3.0, 2.0))).isEqualTo(new Figures(2.5, 1, 9));
    assertThat(Figures.of(List.of(9.0, 1.0, 3.0))).hasToString("3.00 (1.00–9.00)");
  }

  private static Map<Profile, Measurements> measured(int ours, int pythons, boolean python) {
    Map<Contender, List<ColdStart>> starts = new LinkedHashMap<>();
    starts.put(contender(Contender.NATIVE), List.of(coldStart(ours)));
    starts.put(contender(Contender.JVM), List.of(coldStart(2 * pythons)));
    if (python) {
      starts.put(contender(Contender.PYTHON), List.of(coldStart(pythons)));
    }
    var measurements = new Measurements(starts, List.of(Duration.ofMillis(4)));
    return Map.of(
        Profile.PLAIN,
        measurements,
        Profile.AWS_LIKE,
        measurements,
        Profile.TLS,
        measurements,
        Profile.SHARE_512,
        new Measurements(
            Map.of(contender(Contender.NATIVE), List.of(coldStart(1_100))),
            List.of(Duration.ofMillis(1_040))));
  }

  private static Contender contender(String name) {
    return new Contender(name, new FunctionPackage.Script(List.of(name), Path.of(name)));
  }

  private static ColdStart coldStart(int millis) {
    Duration time = Duration.ofMillis(millis);
    return new ColdStart(time, time, time, OptionalLong.of(44_000_000), 6, 4);
  }
}
