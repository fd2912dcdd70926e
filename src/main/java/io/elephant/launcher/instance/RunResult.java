package io.elephant.launcher.instance;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;

/** What came of one RunInstances call. */
public sealed interface RunResult {

  /**
   * The token's instance, started now or by an earlier call with the same token, and then in the
   * state that it has come to since.
   */
  record Answered(Ec2Instance instance) implements RunResult {}

  /** EC2 has refused, or has not answered. */
  record Refused(Verdict verdict, Refusal refusal) implements RunResult {}
}
