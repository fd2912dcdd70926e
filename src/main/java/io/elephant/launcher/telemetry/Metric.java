package io.elephant.launcher.telemetry;

/**
 * The metrics in CloudWatch's namespace {@link EmbeddedMetrics#NAMESPACE}. Each has the dimension
 * Stack, and some have one more set of dimensions.
 */
public enum Metric {
  /** Meetings that a delivery has brought to LAUNCHED. */
  LAUNCHED("Launched", Unit.COUNT),
  /** Deliveries for meetings all of whose instances were recorded already. */
  ALREADY_LAUNCHED("AlreadyLaunched", Unit.COUNT),
  /** Deliveries for meetings that were not to be launched. */
  SKIPPED("Skipped", Unit.COUNT),
  /** Invocations for a launch that failed, or that gave it up for good. */
  LAUNCH_FAILED("LaunchFailed", Unit.COUNT),
  /** Sweeps, preflights and dry runs that failed: no launch is lost by it. */
  RUN_FAILED("RunFailed", Unit.COUNT),
  /** Requests that EC2 refused for lack of capacity. */
  CAPACITY_REFUSED("CapacityRefused", Unit.COUNT),
  /** Calls that AWS refused because the account makes too many. */
  THROTTLED("Throttled", Unit.COUNT),
  /** Times that a role continued with another zone, type or market. */
  FELL_BACK("FellBack", Unit.COUNT),
  /** Instances that another request under the same token had started, and that were recorded. */
  ADOPTED("Adopted", Unit.COUNT),
  /** Instances that were terminated because the row names others. */
  SUPERSEDED("Superseded", Unit.COUNT),
  /** Stray instances that a sweep has found. */
  SWEEP_STRAY("SweepStray", Unit.COUNT),
  /** Instances that their rows have named for more than a day. */
  SWEEP_OVERDUE("SweepOverdue", Unit.COUNT),
  /** Events that came more than MAX_EARLINESS before their meetings: a wrong time zone, often. */
  TOO_EARLY("TooEarly", Unit.COUNT),
  /** Instances that EC2 ended although a meeting's row counted on them. */
  MACHINE_LOST("MachineLost", Unit.COUNT),
  /** Of these, those on which the row still counts: nobody replaces them. */
  MACHINE_MISSING("MachineMissing", Unit.COUNT),
  /**
   * From the first claim, in whichever delivery, to LAUNCHED, where this delivery launched; from
   * the arrival of its event where nobody wrote the claim down.
   */
  LAUNCH_LATENCY("LaunchLatency", Unit.MILLISECONDS),
  /** Launches of which the last instance was recorded after its meeting's begin. */
  LAUNCHED_LATE("LaunchedLate", Unit.COUNT),
  /** Processes that have got their first event. */
  COLD_START("ColdStart", Unit.COUNT);

  /** CloudWatch's units. */
  enum Unit {
    COUNT("Count"),
    MILLISECONDS("Milliseconds");

    private final String text;

    Unit(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private final String text;
  private final Unit unit;

  Metric(String text, Unit unit) {
    this.text = text;
    this.unit = unit;
  }

  Unit unit() {
    return unit;
  }

  /** The metric's name in CloudWatch. */
  @Override
  public String toString() {
    return text;
  }
}
