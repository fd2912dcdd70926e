package io.elephant.launcher.telemetry;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.launch.LaunchReport;
import java.util.Optional;

/**
 * What an invocation has come to, in a word.
 *
 * @param metric what it counts as, if it was about a meeting or failed
 * @param reason why nothing was launched: a condition of this function's, or AWS's error code
 */
record Result(String word, Optional<Metric> metric, Optional<String> reason) {

  static Result of(Ending ending) {
    return switch (ending) {
      case Ending.Delivered(LaunchReport report) ->
          switch (report.outcome()) {
            case LAUNCHED -> of(Metric.LAUNCHED);
            case ALREADY_LAUNCHED -> of(Metric.ALREADY_LAUNCHED);
            case CANCELLED -> of(Metric.SKIPPED, "CalledOff");
            case OTHER_STATUS -> of(Metric.SKIPPED, "OtherStatus");
            case TOO_LATE -> of(Metric.SKIPPED, "TooLate");
            case GIVEN_UP -> of(Metric.LAUNCH_FAILED, "TooLate");
          };
      case Ending.Swept _ -> new Result("Swept", Optional.empty(), Optional.empty());
      case Ending.Answered _ -> new Result("Answered", Optional.empty(), Optional.empty());
      case Ending.Failed(LaunchFailure failure) -> of(Metric.LAUNCH_FAILED, failure.reason());
      case Ending.Failed(Throwable failure) ->
          of(Metric.LAUNCH_FAILED, failure.getClass().getSimpleName());
    };
  }

  private static Result of(Metric metric) {
    return new Result(metric.toString(), Optional.of(metric), Optional.empty());
  }

  private static Result of(Metric metric, String reason) {
    return new Result(metric.toString(), Optional.of(metric), Optional.of(reason));
  }
}
