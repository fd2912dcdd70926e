package io.elephant.launcher.fake;

import io.elephant.launcher.failure.Refusal;

/** What EC2 answers to RunInstances. */
public sealed interface StartAnswer {

  /**
   * The token's instance, in whichever state it is by now.
   *
   * @param isNew whether this very call started it
   */
  record Started(Ec2Instance instance, boolean isNew) implements StartAnswer {}

  record Refused(Refusal error) implements StartAnswer {}
}
