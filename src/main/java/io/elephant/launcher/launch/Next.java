package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import java.util.List;
import java.util.function.Supplier;

/** What a delivery does next. */
sealed interface Next {

  /**
   * Does those of the actions whose pause is over, side by side; waits where there is none.
   *
   * @param otherwise what follows where there is time for none of them
   */
  record Do(List<? extends Action> actions, Supplier<Next> otherwise) implements Next {}

  /** Answers normally. */
  record Finish(Report report) implements Next {}

  /** Fails, so that Lambda delivers the event again. */
  record Fail(LaunchFailure failure) implements Next {}
}
