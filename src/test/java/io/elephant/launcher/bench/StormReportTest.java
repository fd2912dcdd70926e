package io.elephant.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.Pages;
import io.elephant.launcher.bench.StormResult.Calls;
import io.elephant.launcher.bench.StormResult.Plan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StormReportTest {

  @Test
  void theLimitIsEc2sTokensForTwoInstancesAMeetingAndTheDelaysOfThePath() {
    assertThat(StormResult.limit(2)).hasMillis(1_030);
    assertThat(StormResult.limit(200)).hasMillis(197_500 + 1_030);
  }

  @Test
  void saysThatAStormHasMetItsGoals() {
    StormResult storm = storm(Plan.OURS, 200, Plan.UNLIMITED, 200, 1.1, 12, 0, 0);

    assertThat(storm.misses()).isEmpty();
    assertThat(new StormReport(List.of(storm)).markdown())
        .startsWith("| | launched | the last one, s | against the limit | throttled per allowed |")
        .endsWith("\n| ours, 200 meetings | all | 218 | 1.10 | 12.0 | none | 0 | 0 | met |");
  }

  @Test
  void saysInWordsWhatAStormHasMissed() {
    StormResult storm = storm(Plan.OURS, 200, Plan.UNLIMITED, 199, 1.19, 38, 230, 2);

    assertThat(new StormReport(List.of(storm)).markdown())
        .endsWith(
            "| 199 (1 lost) | 236 | 1.19 | 38.0 | none | 230 | 2 | **missed**: 1 lost; 2 doubled;"
                + " the last at 1.19 of the limit, not 1.1; 38.0 throttled per allowed, not 12.0;"
                + " 230 delivered again |");
  }

  @Test
  void asksOfASmallConcurrencyOnlyThatNothingIsLostOrDoubled() {
    assertThat(storm(Plan.OURS, 100, 10, 100, 3, 38, 3, 0).misses()).isEmpty();
    assertThat(storm(Plan.OURS, 100, 10, 99, 3, 38, 3, 1).misses())
        .containsExactly("1 lost", "1 doubled");
  }

  @Test
  void asksNothingOfWhatItComparesWith() {
    StormResult storm = storm(Contender.PYTHON, 100, Plan.UNLIMITED, 0, 1, 38, 85, 3);

    assertThat(storm.misses()).isEmpty();
    assertThat(new StormReport(List.of(storm)).markdown())
        .endsWith(
            "\n| Python and boto3, 100 meetings | 0 (100 lost) |  |  | 38.0 | none | 85 | 3 |  |");
  }

  @Test
  void namesTheOtherActionsThatWereThrottled() {
    StormResult storm = storm(Plan.OURS, 200, Plan.UNLIMITED, 200, 1, 1, 0, 0);
    storm.calls().put("DescribeSubnets", new Calls(200, 784));
    storm.calls().put("DescribeVpcs", new Calls(200, 0));

    assertThat(storm.row()).containsEntry("others throttled", "DescribeSubnets 784");
  }

  @Test
  void writesItsTablesBetweenTheMarksAndDrawsEveryMeeting(@TempDir Path directory)
      throws Exception {
    Path readme = directory.resolve("README.md");
    Path page = directory.resolve("page.md");
    Path chart = directory.resolve("chart.svg");
    for (Path text : List.of(readme, page)) {
      Files.writeString(
          text, "before\n<!-- storm: begin -->\nwhat was there\n<!-- storm: end -->\nafter\n");
    }

    new StormReport(
            List.of(
                storm(Plan.OURS, 4, Plan.UNLIMITED, 4, 1, 1, 0, 0),
                storm(Contender.PYTHON, 4, Plan.UNLIMITED, 3, 2, 1, 9, 0)))
        .write(readme, page, chart);

    for (Path text : List.of(readme, page)) {
      assertThat(Files.readString(text))
          .startsWith("before\n<!-- storm: begin -->\n| | launched |")
          .contains("\n| ours, 4 meetings | all |")
          .endsWith("\n<!-- storm: end -->\nafter\n")
          .doesNotContain("what was there");
    }
    assertThat(Files.readString(readme)).doesNotContain("goals", "met");
    assertThat(Files.readString(chart))
        .startsWith("<svg ")
        .contains("EC2's limit", "ours, 4 meetings: 4 launched", "4 meetings: 3 launched")
        .containsPattern("class=\"line2\" points=\"(\\d+\\.\\d,\\d+\\.\\d ?){3}\"")
        .endsWith("</svg>\n");
  }

  @Test
  void theReadmeShowsStormsOfTheRunThatTheBenchmarksPageShows() {
    List<String> storms = storms(Pages.README);

    assertThat(storms).hasSize(4);
    assertThat(storms(Pages.BENCH)).containsExactlyElementsOf(storms);
  }

  /** Each storm by its name and its first figures, which both pages have. */
  private static List<String> storms(Path page) {
    String text = Pages.text(page);
    return text.substring(text.indexOf(StormReport.BEGIN), text.indexOf(StormReport.END))
        .lines()
        .filter(row -> row.contains(" meetings"))
        .map(row -> String.join("|", List.of(row.split("\\|")).subList(0, 6)))
        .toList();
  }

  /** Meetings that were launched evenly until so many times the limit. */
  private static StormResult storm(
      String who,
      int meetings,
      int concurrency,
      int launched,
      double ofLimit,
      int throttled,
      int redelivered,
      int unnamed) {
    double last = ofLimit * StormResult.limit(meetings).toNanos();
    var calls = new TreeMap<String, Calls>();
    calls.put(StormResult.LAUNCH, new Calls(10, 10L * throttled));
    return new StormResult(
        new Plan(who, meetings, concurrency),
        IntStream.rangeClosed(1, launched)
            .mapToObj(n -> Duration.ofNanos((long) (last * n / launched)))
            .toList(),
        calls,
        redelivered,
        unnamed);
  }
}
