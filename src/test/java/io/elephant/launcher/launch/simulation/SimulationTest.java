package io.elephant.launcher.launch.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Seeded runs: {@code -Dsimulation.seeds=n} says how many, {@code -Dsimulation.seed=n} replays one
 * with its trace.
 */
class SimulationTest {

  private static final long SEEDS = Long.getLong("simulation.seeds", 50_000);
  private static final int SOME = 2_000;

  private final Seeds seeds = new Seeds(Mistake.NONE);

  @Test
  void noSeedBreaksARule(TestReporter reporter) {
    Long replayed = Long.getLong("simulation.seed");
    if (replayed != null) {
      Simulation.Verdict verdict = seeds.run(replayed);
      reporter.publishEntry("seed " + replayed, "\n" + verdict.trace());
      assertThat(verdict.broken()).as(verdict.trace()).isEmpty();
      return;
    }
    Seeds.Result result = seeds.run(0, SEEDS);
    reporter.publishEntry("seeds", result.toString());
    assertThat(result.broken()).isEmpty();
  }

  @Test
  void theSameSeedIsTheSameRun() {
    for (long seed = 0; seed < SOME; seed++) {
      assertThat(seeds.run(seed)).isEqualTo(seeds.run(seed));
    }
  }

  /** A simulation in which nothing goes wrong proves nothing. */
  @Test
  void everythingThatCanGoWrongGoesWrong() {
    String traces =
        LongStream.range(0, SOME)
            .mapToObj(seed -> seeds.run(seed).trace())
            .collect(Collectors.joining("\n"));

    assertThat(traces)
        .contains(
            Arrays.stream(Mishap.values())
                .filter(mishap -> mishap != Mishap.NONE)
                .map(mishap -> "<- " + mishap)
                .toList())
        .contains(
            Arrays.stream(OutsideChange.values()).map(change -> "somebody " + change).toList())
        .contains(
            Stream.of(
                    " Terminated",
                    "PARAMETER_MISMATCH",
                    "TerminateInstances",
                    "its time is over",
                    "is not launched",
                    "there is no meeting")
                .toList());
  }
}
