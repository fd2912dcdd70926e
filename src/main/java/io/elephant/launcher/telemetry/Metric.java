package io.elephant.launcher.telemetry;

/** The metrics. The runbook says what each counts, and by which dimensions. */
public enum Metric {
  LAUNCHED("Launched"),
  ALREADY_LAUNCHED("AlreadyLaunched"),
  SKIPPED("Skipped", true),
  LAUNCH_FAILED("LaunchFailed", true),
  RUN_FAILED("RunFailed", true),
  CAPACITY_REFUSED("CapacityRefused", true),
  THROTTLED("Throttled", true),
  FELL_BACK("FellBack"),
  ADOPTED("Adopted"),
  SUPERSEDED("Superseded"),
  SWEEP_STRAY("SweepStray"),
  SWEEP_OVERDUE("SweepOverdue"),
  TOO_EARLY("TooEarly"),
  INSTANCE_LOST("MachineLost", true),
  INSTANCE_MISSING("MachineMissing"),
  LAUNCH_LATENCY("LaunchLatency"),
  LAUNCHED_LATE("LaunchedLate"),
  COLD_START("ColdStart");

  private final String text;
  private final boolean divided;

  Metric(String text) {
    this(text, false);
  }

  Metric(String text, boolean divided) {
    this.text = text;
    this.divided = divided;
  }

  /** Whether it is counted by more dimensions than the stack, too. */
  boolean isDivided() {
    return divided;
  }

  /** CloudWatch's unit. */
  String unit() {
    return this == LAUNCH_LATENCY ? "Milliseconds" : "Count";
  }

  /** The metric's name in CloudWatch. */
  @Override
  public String toString() {
    return text;
  }
}
