package io.elephant.launcher.launch.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two deliveries, one role, and every order of their calls with at most so many mishaps, all of
 * them explored.
 */
class ExhaustiveSimulationTest {

  @ParameterizedTest
  @MethodSource
  void noOrderOfTwoDeliveriesBreaksARule(
      String name, Story story, int mishaps, TestReporter reporter) {
    search(name, story, mishaps, reporter);
  }

  static Stream<Arguments> noOrderOfTwoDeliveriesBreaksARule() {
    return Stream.of(
        Arguments.of("the same configuration", Story.ofTwoDeliveries(false), 2),
        Arguments.of("another configuration", Story.ofTwoDeliveries(true), 1),
        Arguments.of("the first choice is full", Story.ofTwoDeliveriesThatFallBack(), 0),
        Arguments.of(
            "the status moves on", Story.ofTwoDeliveries(false, Outsider.MOVES_THE_STATUS_ON), 1));
  }

  private static void search(String name, Story story, int mishaps, TestReporter reporter) {
    Search.Result result = new Search(story, mishaps, Mistake.NONE).run();
    reporter.publishEntry(name, result.toString());
    assertThat(result.broken()).isEmpty();
  }
}
