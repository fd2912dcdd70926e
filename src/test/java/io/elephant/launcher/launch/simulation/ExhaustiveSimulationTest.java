package io.elephant.launcher.launch.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Two deliveries, one role, and every order of their calls with at most so many mishaps, all of
 * them explored.
 */
class ExhaustiveSimulationTest {

  /** Two take more states than there is memory for. */
  private static final int MISHAPS = Integer.getInteger("simulation.mishaps", 1);

  private record Exploration(String name, Story story, int mishaps) {

    Search.Result explore() {
      return new Search(story, mishaps, Mistake.NONE).run();
    }
  }

  @Test
  void noOrderOfTwoDeliveriesBreaksARule(TestReporter reporter) {
    List<Exploration> explorations =
        List.of(
            new Exploration("the same configuration", Story.ofTwoDeliveries(false), MISHAPS),
            new Exploration("another configuration", Story.ofTwoDeliveries(true), 0),
            new Exploration("the first choice is full", Story.ofTwoDeliveriesThatFallBack(), 0),
            new Exploration(
                "the status moves on",
                Story.ofTwoDeliveries(false, Outsider.MOVES_THE_STATUS_ON),
                0));

    explorations.parallelStream()
        .forEach(exploration -> {
          Search.Result result = exploration.explore();
          reporter.publishEntry(exploration.name(), result.toString());
          assertThat(result.broken()).isEmpty();
        });
  }
}
