package io.elephant.launcher.launch.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Two deliveries, one role, and every order of their calls. */
class ExhaustiveSimulationTest {

  @ParameterizedTest
  @MethodSource
  void noOrderOfTwoDeliveriesWithTwoMishapsBreaksARule(
      String name, Story story, TestReporter reporter) {
    search(name, story, 2, reporter);
  }

  static Stream<Arguments> noOrderOfTwoDeliveriesWithTwoMishapsBreaksARule() {
    return Stream.of(
        Arguments.of("the same configuration", Story.ofTwoDeliveries(false)),
        Arguments.of("another configuration", Story.ofTwoDeliveries(true)),
        Arguments.of("the first choice is full", Story.ofTwoDeliveriesThatFallBack()));
  }

  @ParameterizedTest
  @EnumSource(
      names = {"DELETES_THE_ROW", "CALLS_OFF", "MOVES_THE_STATUS_ON", "TERMINATES_A_MACHINE"})
  void norDoesAnOutsiderWithOneMishap(Outsider outsider, TestReporter reporter) {
    search(outsider.name(), Story.ofTwoDeliveries(false, outsider), 1, reporter);
  }

  private static void search(String name, Story story, int mishaps, TestReporter reporter) {
    Search.Result result = new Search(story, mishaps, Mistake.NONE).run();
    reporter.publishEntry(name, result.toString());
    assertThat(result.broken()).isEmpty();
  }
}
