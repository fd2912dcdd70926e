package io.elephant.launcher.telemetry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.launch.LaunchReport;
import io.elephant.launcher.launch.RecoveryReport;
import io.elephant.launcher.launch.Step;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.sweep.Sweep;
import io.elephant.launcher.telemetry.InvocationOutcome.Answered;
import io.elephant.launcher.telemetry.InvocationOutcome.Delivered;
import io.elephant.launcher.telemetry.InvocationOutcome.Failed;
import io.elephant.launcher.telemetry.InvocationOutcome.Recovered;
import io.elephant.launcher.telemetry.InvocationOutcome.Swept;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger.Level;

/**
 * An invocation in one line: what was asked, what was found, every attempt and every call, how long
 * they took, and the outcome.
 */
record InvocationSummary(Level level, String message, ObjectNode fields) {

  /** The most attempts and calls in a line; the latest show why it ended as it did. */
  private static final int MAX_ENTRIES = 100;

  static InvocationSummary of(InvocationLog log, InvocationOutcome outcome) {
    ObjectNode fields =
        LogLines.fields()
            .put("event", log.action().orElse(null))
            .put("coldStart", log.coldStart())
            .put("outcome", outcome.word())
            .put("reason", outcome.reason().orElse(null));
    log.steps().stream()
        .filter(Step.Found.class::isInstance)
        .map(Step.Found.class::cast)
        .findFirst()
        .ifPresent(found -> fields.set("found", found(found.meeting())));
    switch (outcome) {
      case Delivered(LaunchReport report) ->
          fields
              .put("status", report.status().map(Status::value).orElse(null))
              .set("instances", instances(report.instances()));
      case Swept(List<Sweep.Stray> strays) ->
          fields.putArray("strays").addAll(strays.stream().map(InvocationSummary::stray).toList());
      case Recovered(RecoveryReport report) ->
          fields
              .put("instance", report.instance().value())
              .put("meetingId", report.meeting().map(MeetingId::value).orElse(null))
              .put("why", report.why())
              .set("instances", instances(report.instances()));
      case Failed(LaunchFailure failure, _) ->
          fields.put("errorCode", failure.errorCode().orElse(null));
      case Answered _, Failed _ -> {}
    }
    latest("attempts", log.attempts(), fields);
    latest(
        "calls",
        log.calls().stream().sorted(Comparator.comparing(Call::after)).map(Call::fields).toList(),
        fields);
    fields.put("durationMs", log.age().toMillis());
    String about = log.meeting().map(MeetingId::value).or(log::action).orElse("An event");
    return new InvocationSummary(level(outcome), about + ": " + sentence(outcome), fields);
  }

  private static Level level(InvocationOutcome outcome) {
    if (outcome instanceof Failed || outcome.metric().equals(Optional.of(Metric.LAUNCH_FAILED))) {
      return Level.ERROR;
    }
    boolean isWarning =
        switch (outcome) {
          case Swept(List<Sweep.Stray> strays) -> !strays.isEmpty();
          case Recovered(RecoveryReport report) -> report.lost().isPresent();
          case Delivered _, Answered _, Failed _ -> false;
        };
    return isWarning ? Level.WARN : Level.INFO;
  }

  private static String sentence(InvocationOutcome outcome) {
    return switch (outcome) {
      case Delivered(LaunchReport report) ->
          switch (report.outcome()) {
            case LAUNCHED -> "launched";
            case ALREADY_LAUNCHED -> "was launched before";
            case CANCELLED -> "is cancelled, so nothing runs for it";
            case OTHER_STATUS -> "has a status from which nothing is launched";
            case TOO_EARLY -> "begins too long from now, so nothing is launched yet";
            case TOO_LATE -> "began too long ago, so nothing is launched";
            case GIVEN_UP -> "began too long ago, and not every instance was launched by then";
          };
      case Swept(List<Sweep.Stray> strays) -> strays.size() + " stray instances";
      case Recovered(RecoveryReport report) ->
          "%s is %s: %s"
              .formatted(
                  report.instance(),
                  report.result().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                  report.why());
      case Answered(String summary) -> summary;
      case Failed(LaunchFailure failure, _) -> "failed: " + failure.getMessage();
      case Failed(Throwable failure, _) -> "failed: " + failure;
    };
  }

  private static ObjectNode found(Meeting meeting) {
    ObjectNode states = LogLines.fields();
    meeting
        .launchRecord()
        .map(LaunchRecord::states)
        .orElse(Map.of())
        .forEach((role, state) ->
            states
                .putObject(role.value())
                .put("attempt", state.attempt().number())
                .<ObjectNode>setAll(InvocationLog.candidate(state.attempt().request().candidate()))
                .put("replaced", state.replaced()));
    return LogLines.fields()
        .put("status", meeting.status().map(Status::value).orElse(null))
        .put("meetTime", meeting.meetTime().map(Instant::toString).orElse(null))
        .<ObjectNode>set("instances", instances(meeting.instances()))
        .set("launch", states);
  }

  private static ObjectNode instances(Map<Role, InstanceId> instances) {
    ObjectNode fields = LogLines.fields();
    instances.forEach((role, instance) -> fields.put(role.value(), instance.value()));
    return fields;
  }

  private static ObjectNode stray(Sweep.Stray stray) {
    return LogLines.fields()
        .put("instance", stray.instance().id().value())
        .put("meetingId", stray.instance().meeting().value())
        .put("role", stray.instance().role().value())
        .put("why", stray.why())
        .put("terminated", stray.terminated());
  }

  private static void latest(String name, List<ObjectNode> all, ObjectNode fields) {
    fields.putArray(name).addAll(all.subList(Math.max(0, all.size() - MAX_ENTRIES), all.size()));
    fields.put(name + "InAll", all.size());
  }
}
