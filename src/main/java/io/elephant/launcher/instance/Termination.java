package io.elephant.launcher.instance;

import io.elephant.launcher.failure.Refusal;

/** What came of terminating one instance. */
public sealed interface Termination {

  /** EC2 says that it is terminated, or shutting down. */
  record Terminated() implements Termination {}

  /**
   * EC2 does not know the id: it was forgotten long ago, or RunInstances gave it a moment ago.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html">Eventual
   *     consistency in the Amazon EC2 API</a>
   */
  record UnknownId(Refusal refusal) implements Termination {}

  /** It may or may not be terminated; a repetition may help. */
  record Unclear(Refusal refusal) implements Termination {}

  /** EC2 will not, such as for an instance with termination protection. */
  record Refused(Refusal refusal) implements Termination {}
}
