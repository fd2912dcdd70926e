package io.elephant.launcher.telemetry;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.launch.LaunchReport;
import io.elephant.launcher.launch.RecoveryReport;
import io.elephant.launcher.sweep.Sweep;
import java.util.List;
import java.util.Optional;

/** What an invocation has come to. */
public sealed interface InvocationOutcome {

  /** A delivery was worked through. */
  record Delivered(LaunchReport report) implements InvocationOutcome {}

  /** A sweep has looked at every instance. */
  record Swept(List<Sweep.Stray> strays) implements InvocationOutcome {
    public Swept {
      strays = List.copyOf(strays);
    }
  }

  /** Something was done about an instance that ended, or nothing was to be done. */
  record Recovered(RecoveryReport report) implements InvocationOutcome {}

  /** A dry run or a preflight was answered; nothing was changed. */
  record Answered(String summary) implements InvocationOutcome {}

  /**
   * The invocation fails with this.
   *
   * @param launch whether a launch may be lost by it, and not only a sweep, a preflight or a dry
   *     run
   */
  record Failed(Throwable failure, boolean launch) implements InvocationOutcome {}

  /** The summary's field {@code outcome}: the metric's name, or that of the record. */
  default String word() {
    return metric().map(Metric::toString).orElse(getClass().getSimpleName());
  }

  /** What it counts as, if it was about a launch or failed. */
  default Optional<Metric> metric() {
    return switch (this) {
      case Delivered(LaunchReport report) ->
          Optional.of(
              switch (report.outcome()) {
                case LAUNCHED -> Metric.LAUNCHED;
                case ALREADY_LAUNCHED -> Metric.ALREADY_LAUNCHED;
                case CANCELLED, OTHER_STATUS, TOO_EARLY, TOO_LATE -> Metric.SKIPPED;
                case GIVEN_UP -> Metric.LAUNCH_FAILED;
              });
      case Failed failed -> Optional.of(failed.launch() ? Metric.LAUNCH_FAILED : Metric.RUN_FAILED);
      case Recovered(RecoveryReport report) -> report.lost().map(_ -> Metric.MACHINE_LOST);
      case Swept _, Answered _ -> Optional.empty();
    };
  }

  /** Why nothing was launched: a condition of this function, or AWS's error code. */
  default Optional<String> reason() {
    return switch (this) {
      case Delivered(LaunchReport report) ->
          switch (report.outcome()) {
            case LAUNCHED, ALREADY_LAUNCHED -> Optional.empty();
            case CANCELLED -> Optional.of("CalledOff");
            case OTHER_STATUS -> Optional.of("OtherStatus");
            case TOO_EARLY -> Optional.of("TooEarly");
            case TOO_LATE, GIVEN_UP -> Optional.of("TooLate");
          };
      case Failed(LaunchFailure failure, _) -> Optional.of(failure.reason());
      case Failed(Throwable failure, _) -> Optional.of(failure.getClass().getSimpleName());
      case Recovered(RecoveryReport report) -> report.lost().map(Refusal::code);
      case Swept _, Answered _ -> Optional.empty();
    };
  }
}
