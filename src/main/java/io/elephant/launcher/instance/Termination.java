package io.elephant.launcher.instance;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;

/** What came of one TerminateInstances call. */
public sealed interface Termination {

  /** EC2 says that it is terminated, or shutting down. */
  record Terminated() implements Termination {}

  /**
   * It may run. {@link Verdict#UNKNOWN_ID}: EC2 forgot it long ago, or gave it out a moment ago.
   */
  record NotTerminated(Verdict verdict, Refusal refusal) implements Termination {}
}
