package io.elephant.launcher.launch;

/** The result of a delivery that answers normally. */
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
  GIVEN_UP,
  /** Of a notice: another instance was launched for the one that ended. */
  REPLACED,
  /** Of a notice: it is no instance of this stack, or one that EC2 shows no more. */
  NOT_OURS,
  /** Of a notice: no row counts on the instance. */
  NOT_NEEDED,
  /** Of a notice: a row counts on the instance, and it is not replaced. */
  REPORTED
}
