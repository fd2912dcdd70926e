package io.elephant.launcher.telemetry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.launch.Report;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.sweep.Sweep;
import io.elephant.launcher.telemetry.InvocationOutcome.Answered;
import io.elephant.launcher.telemetry.InvocationOutcome.Delivered;
import io.elephant.launcher.telemetry.InvocationOutcome.Failed;
import io.elephant.launcher.telemetry.InvocationOutcome.Swept;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
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
    log.found().ifPresent(meeting -> fields.set("found", found(meeting)));
    switch (outcome) {
      case Delivered(Report report) -> {
        log.notice()
            .ifPresent(instance ->
                fields
                    .put("instance", instance.value())
                    .put("meetingId", report.meeting().map(MeetingId::value).orElse(null))
                    .put("why", report.why()));
        fields
            .put("status", report.status().map(Status::value).orElse(null))
            .put("missing", report.missing().orElse(null))
            .set("instances", instances(report.instances()));
      }
      case Swept(Sweep.Found found) -> {
        fields
            .putArray("strays")
            .addAll(found.strays().stream().map(InvocationSummary::stray).toList());
        fields
            .putArray("overdue")
            .addAll(found.overdue().stream().map(InvocationSummary::stray).toList());
      }
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
    String subject =
        outcome instanceof Delivered
            ? log.notice().map(instance -> instance + " is ").orElse("")
            : "";
    return new InvocationSummary(
        level(outcome), about + ": " + subject + outcome.sentence(), fields);
  }

  private static Level level(InvocationOutcome outcome) {
    if (outcome instanceof Failed || outcome.metric().equals(Optional.of(Metric.LAUNCH_FAILED))) {
      return Level.ERROR;
    }
    boolean isWarning =
        switch (outcome) {
          case Swept(Sweep.Found found) -> !found.strays().isEmpty() || !found.overdue().isEmpty();
          case Delivered(Report report) ->
              report.lost().isPresent() || report.missing().isPresent();
          case Answered _, Failed _ -> false;
        };
    return isWarning ? Level.WARN : Level.INFO;
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
        .put("meetingId", stray.owner().meeting().value())
        .put("role", stray.owner().role().value())
        .put("why", stray.why())
        .put("terminated", stray.terminated());
  }

  private static void latest(String name, List<ObjectNode> all, ObjectNode fields) {
    fields.putArray(name).addAll(all.subList(Math.max(0, all.size() - MAX_ENTRIES), all.size()));
    fields.put(name + "InAll", all.size());
  }
}
