package io.elephant.launcher.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import io.elephant.launcher.bench.Bench.Contender;
import io.elephant.launcher.bench.Measurements.ColdStart;
import io.elephant.launcher.bench.StormReport.Result;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReportsTest {

  @Test
  void saysOfEachGoalWhetherItIsMet() {
    var plain = measured(Contender.NATIVE, 30, Contender.PYTHON, 300);
    var share = measured(Contender.NATIVE, 1_100, Contender.PYTHON, 2_000);
    var report =
        new BenchReport(
            List.of(Contender.NATIVE, Contender.PYTHON),
            Map.of(
                Profile.PLAIN,
                plain,
                Profile.AWS_LIKE,
                share,
                Profile.TLS,
                plain,
                Profile.SHARES.getFirst(),
                share),
            15,
            13.5);

    assertThat(report.page())
        .contains("| cold start, Python's / ours | 10.0 | at least 9.00 | met |")
        .contains("| `function.zip`, MB | 13.5 | at most 17.0 | met |")
        .contains(
            "| Lambda's share at 512 MB, over the delays, ms | 70.0 | at most 60.0 | **missed** |")
        .contains("| no delays, cold start | 30.0 (30.0–30.0) | 300 (300–300) |")
        .doesNotContain("256 MB");
    assertThat(report.page().lines()).containsAll(report.summary().lines().toList());
  }

  @Test
  void holdsEachMeetingAgainstWhatEc2sTokensAndThePathsDelaysAllowIt() {
    assertThat(Result.limit(2)).isEqualTo(1.03, offset(1e-9));
    assertThat(Result.limit(200)).isEqualTo(197.5 + 1.03, offset(1e-9));

    assertThat(storm(200, 1.05).row())
        .isEqualTo("| ours, 200 meetings | all | 208 | 1.05 | 103 | 1.05 | 9.61 | 0 | 0 |");
    assertThat(storm(199, 1.05).row())
        .isEqualTo("| ours, 200 meetings | 199 (1 lost) |  |  | 103 | 1.05 | 9.61 | 0 | 0 |");
  }

  private static Measurements measured(String one, double its, String two, double others) {
    return new Measurements(
        Map.of(
            one, List.of(new ColdStart(its, its, its, 44)),
            two, List.of(new ColdStart(others, others, others, 66))));
  }

  /** So many of 200 meetings, each launched at so many times its limit. */
  private static Result storm(int launched, double ofLimit) {
    return new Result(
        new Storm(Storm.OURS, 200, Storm.UNLIMITED, Duration.ofMinutes(9)),
        IntStream.rangeClosed(1, launched).mapToObj(n -> ofLimit * Result.limit(n)).toList(),
        9.61,
        0,
        0);
  }
}
