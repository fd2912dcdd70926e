package io.elephant.launcher.launch;

/** What a delivery that came to its end has come to. */
public enum Outcome {
  /** It said that the meeting is launched. */
  LAUNCHED,
  /** Every instance was recorded already. */
  ALREADY_LAUNCHED,
  /** Nothing was to be launched: the meeting is cancelled or over. */
  CANCELLED,
  /** Nothing was to be launched: the status is none from which a meeting is launched. */
  OTHER_STATUS,
  /** Nothing was to be launched: the meeting begins too long from now. */
  TOO_EARLY,
  /** Nothing was to be launched: the meeting began too long ago. */
  TOO_LATE,
  /** A launch had begun, and now it is too late for what is missing. */
  GIVEN_UP
}
