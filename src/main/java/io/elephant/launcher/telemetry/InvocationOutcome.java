package io.elephant.launcher.telemetry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.NotKnown;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.launch.Notice;
import io.elephant.launcher.launch.Outcome;
import io.elephant.launcher.launch.Report;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.sweep.Sweep;
import java.util.EnumMap;
import java.util.Map;
import org.jboss.logging.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * What an invocation has come to.
 *
 * @param word its name in the last line: its metric's, where it has one
 * @param reason why nothing was launched: a condition of this function, or AWS's error code
 * @param fields what else the last line says about it
 */
public record InvocationOutcome(
    Level level,
    String word,
    String sentence,
    @Nullable String reason,
    Map<Metric, Long> counts,
    ObjectNode fields,
    @Nullable Throwable failure) {

  /** What a delivery's outcome is to the metrics and the log. */
  private record Meaning(@Nullable Metric metric, @Nullable String reason, String words) {

    static Meaning of(Outcome outcome) {
      return switch (outcome) {
        case LAUNCHED -> new Meaning(Metric.LAUNCHED, null, "launched");
        case ALREADY_LAUNCHED -> new Meaning(Metric.ALREADY_LAUNCHED, null, "was launched before");
        case CANCELLED -> skipped("CalledOff", "is cancelled, so nothing runs for it");
        case OTHER_STATUS -> skipped("OtherStatus", "has a status from which nothing is launched");
        case TOO_EARLY ->
            skipped("TooEarly", "begins too long from now, so nothing is launched yet");
        case TOO_LATE -> skipped("TooLate", "began too long ago, so nothing is launched");
        case GIVEN_UP ->
            new Meaning(
                Metric.LAUNCH_FAILED,
                "TooLate",
                "began too long ago, and not every instance was launched by then");
        case REPLACED -> new Meaning(null, null, "replaced");
        case NOT_OURS -> new Meaning(null, null, "not ours");
        case NOT_NEEDED -> new Meaning(null, null, "not needed");
        case REPORTED -> new Meaning(null, null, "reported");
      };
    }

    private static Meaning skipped(String reason, String words) {
      return new Meaning(Metric.SKIPPED, reason, words);
    }
  }

  /** Of a delivery. */
  public static InvocationOutcome of(Report report) {
    return of(report, "", Fields.none());
  }

  /** Of a notice about an instance. */
  public static InvocationOutcome of(Notice notice, Report report) {
    String instance = notice.instance().value();
    ObjectNode fields =
        Fields.none()
            .put("instance", instance)
            .put("meetingId", report.meeting().map(MeetingId::value).orElse(null))
            .put("why", report.why());
    return of(report, instance + " is ", fields);
  }

  private static InvocationOutcome of(Report report, String subject, ObjectNode fields) {
    Meaning meaning = Meaning.of(report.outcome());
    Metric metric = report.lost().isPresent() ? Metric.INSTANCE_LOST : meaning.metric;
    Map<Metric, Long> counts = new EnumMap<>(Metric.class);
    if (metric != null) {
      counts.put(metric, 1L);
    }
    if (report.outcome() == Outcome.TOO_EARLY) {
      counts.put(Metric.TOO_EARLY, 1L);
    }
    report.missing().ifPresent(_ -> counts.put(Metric.INSTANCE_MISSING, 1L));
    boolean rings = report.lost().isPresent() || report.missing().isPresent();
    fields
        .put("status", report.status().map(Status::value).orElse(null))
        .put("missing", report.missing().orElse(null))
        .set("instances", Fields.of(report.instances()));
    return new InvocationOutcome(
        metric == Metric.LAUNCH_FAILED ? Level.ERROR : rings ? Level.WARN : Level.INFO,
        metric == null ? "Delivered" : metric.toString(),
        subject + meaning.words + (report.why().isEmpty() ? "" : ": " + report.why()),
        report.lost().map(loss -> loss.why().code()).orElse(meaning.reason),
        counts,
        fields,
        null);
  }

  /** Of a sweep. */
  public static InvocationOutcome of(Sweep.Found found) {
    Map<Metric, Long> counts = new EnumMap<>(Metric.class);
    counts.put(Metric.SWEEP_STRAY, (long) found.strays().size());
    counts.put(Metric.SWEEP_OVERDUE, (long) found.overdue().size());
    counts.values().removeIf(count -> count == 0);
    ObjectNode fields = Fields.none();
    found.strays().stream().map(Fields::of).forEach(fields.putArray("strays")::add);
    found.overdue().stream().map(Fields::of).forEach(fields.putArray("overdue")::add);
    String sentence = found.strays().size() + " stray instances";
    Level level = counts.isEmpty() ? Level.INFO : Level.WARN;
    return new InvocationOutcome(level, "Swept", sentence, null, counts, fields, null);
  }

  /** Of a dry run or a preflight, which change nothing. */
  public static InvocationOutcome answered(String sentence) {
    return new InvocationOutcome(
        Level.INFO, "Answered", sentence, null, Map.of(), Fields.none(), null);
  }

  /**
   * Of an invocation that fails.
   *
   * @param isOfLaunch whether a launch may be lost by it, and not only a sweep, a preflight or a
   *     dry run
   */
  public static InvocationOutcome failed(Throwable failure, boolean isOfLaunch) {
    Metric metric = isOfLaunch ? Metric.LAUNCH_FAILED : Metric.RUN_FAILED;
    boolean counts = !(failure instanceof NotKnown);
    String words = failure.toString();
    String reason = failure.getClass().getSimpleName();
    ObjectNode fields = Fields.none();
    if (failure instanceof LaunchFailure known) {
      words = String.valueOf(known.getMessage());
      reason = known.reason();
      known.errorCode().ifPresent(code -> fields.put("errorCode", code));
    }
    return new InvocationOutcome(
        Level.ERROR,
        counts ? metric.toString() : "Failed",
        "failed: " + words,
        reason,
        counts ? Map.of(metric, 1L) : Map.of(),
        fields,
        failure);
  }
}
