package io.elephant.launcher.launch.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the simulation does not catch, it does not prove. */
class PlantedMistakesTest {

  private static final int ENOUGH = 50_000;

  @ParameterizedTest
  @EnumSource
  void catches(Planted mistake, TestReporter reporter) {
    Seeds.Result result = new Seeds(mistake.mistake()).run(0, ENOUGH);
    assertThat(result.broken()).as("a broken rule").isPresent();
    Seeds.Broken broken = result.broken().orElseThrow();
    reporter.publishEntry(
        mistake.name(), "caught after %,d runs: %s".formatted(broken.seed() + 1, broken.rule()));
  }
}
