package io.elephant.launcher.preflight;

import io.elephant.launcher.launch.Refusal;

/** What EC2 says of a launch that it is not to carry out. */
public sealed interface DryRun {

  /** It would launch. */
  record WouldLaunch() implements DryRun {}

  /** The function's role may not launch this. */
  record NotPermitted(Refusal refusal) implements DryRun {}

  /** It would refuse for another reason. */
  record WouldRefuse(Refusal refusal) implements DryRun {}
}
