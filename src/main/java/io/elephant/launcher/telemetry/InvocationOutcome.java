package io.elephant.launcher.telemetry;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.NotKnown;
import io.elephant.launcher.launch.Outcome;
import io.elephant.launcher.launch.Report;
import io.elephant.launcher.sweep.Sweep;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an invocation has come to. */
public sealed interface InvocationOutcome {

  /** A delivery or a notice was worked through. */
  record Delivered(Report report) implements InvocationOutcome {}

  /** A sweep has looked at every instance. */
  record Swept(Sweep.Found found) implements InvocationOutcome {}

  /** A dry run or a preflight was answered; nothing was changed. */
  record Answered(String summary) implements InvocationOutcome {}

  /**
   * The invocation fails with this.
   *
   * @param launch whether a launch may be lost by it, and not only a sweep, a preflight or a dry
   *     run
   */
  record Failed(Throwable failure, boolean launch) implements InvocationOutcome {}

  /** What a delivery's outcome is to the metrics and the log. */
  enum Meaning {
    LAUNCHED(Metric.LAUNCHED, null, "launched"),
    ALREADY_LAUNCHED(Metric.ALREADY_LAUNCHED, null, "was launched before"),
    CANCELLED(Metric.SKIPPED, "CalledOff", "is cancelled, so nothing runs for it"),
    OTHER_STATUS(Metric.SKIPPED, "OtherStatus", "has a status from which nothing is launched"),
    TOO_EARLY(Metric.SKIPPED, "TooEarly", "begins too long from now, so nothing is launched yet"),
    TOO_LATE(Metric.SKIPPED, "TooLate", "began too long ago, so nothing is launched"),
    GIVEN_UP(
        Metric.LAUNCH_FAILED,
        "TooLate",
        "began too long ago, and not every instance was launched by then"),
    REPLACED(null, null, "replaced"),
    NOT_OURS(null, null, "not ours"),
    NOT_NEEDED(null, null, "not needed"),
    REPORTED(null, null, "reported");

    private final @Nullable Metric metric;
    private final @Nullable String reason;
    private final String words;

    Meaning(@Nullable Metric metric, @Nullable String reason, String words) {
      this.metric = metric;
      this.reason = reason;
      this.words = words;
    }

    static Meaning of(Outcome outcome) {
      return valueOf(outcome.name());
    }

    String words() {
      return words;
    }
  }

  /** The summary's field {@code outcome}: the metric's name, or that of the record. */
  default String word() {
    return metric().map(Metric::toString).orElse(getClass().getSimpleName());
  }

  /** What it counts as, if it was about a launch or failed. */
  default Optional<Metric> metric() {
    return switch (this) {
      case Delivered(Report report) when report.lost().isPresent() ->
          Optional.of(Metric.MACHINE_LOST);
      case Delivered(Report report) -> Optional.ofNullable(Meaning.of(report.outcome()).metric);
      case Failed(NotKnown _, _) -> Optional.empty();
      case Failed failed -> Optional.of(failed.launch() ? Metric.LAUNCH_FAILED : Metric.RUN_FAILED);
      case Swept _, Answered _ -> Optional.empty();
    };
  }

  /** Why nothing was launched: a condition of this function, or AWS's error code. */
  default Optional<String> reason() {
    return switch (this) {
      case Delivered(Report report) ->
          report
              .lost()
              .map(loss -> loss.why().code())
              .or(() -> Optional.ofNullable(Meaning.of(report.outcome()).reason));
      case Failed(LaunchFailure failure, _) -> Optional.of(failure.reason());
      case Failed(Throwable failure, _) -> Optional.of(failure.getClass().getSimpleName());
      case Swept _, Answered _ -> Optional.empty();
    };
  }

  /** What it has come to, in words. */
  default String sentence() {
    return switch (this) {
      case Delivered(Report report) -> {
        String words = Meaning.of(report.outcome()).words();
        yield report.why().isEmpty() ? words : words + ": " + report.why();
      }
      case Swept(Sweep.Found found) -> found.strays().size() + " stray instances";
      case Answered(String summary) -> summary;
      case Failed(LaunchFailure failure, _) -> "failed: " + failure.getMessage();
      case Failed(Throwable failure, _) -> "failed: " + failure;
    };
  }
}
