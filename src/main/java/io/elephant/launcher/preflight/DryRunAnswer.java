package io.elephant.launcher.preflight;

import io.elephant.launcher.failure.Refusal;

/** What EC2 says of a launch that it is not to carry out. */
public sealed interface DryRunAnswer {

  /** It would launch. */
  record WouldLaunch() implements DryRunAnswer {}

  /** The function's role may not launch this. */
  record NotPermitted(Refusal refusal) implements DryRunAnswer {}

  /** It would refuse for another reason. */
  record WouldRefuse(Refusal refusal) implements DryRunAnswer {}

  /** It did not look at it: the account has made too many calls. */
  record Throttled(Refusal refusal) implements DryRunAnswer {}
}
