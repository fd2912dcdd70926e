package io.elephant.launcher.telemetry;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.launch.LaunchReport;
import io.elephant.launcher.launch.Step;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.sweep.Sweep;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger.Level;

/**
 * The whole story of an invocation in one line: what was asked, what was found, every attempt and
 * every call, how long they took, and what came of it.
 */
record InvocationSummary(Level level, String message, Fields fields) {

  /** More would only make the line too long to read: the latest tell why it ended as it did. */
  private static final int MOST = 100;

  static InvocationSummary of(InvocationLog journal, Ending ending) {
    Result result = Result.of(ending);
    Fields fields =
        new Fields()
            .with("event", journal.action())
            .with("coldStart", journal.coldStart())
            .with("outcome", result.word())
            .with("reason", result.reason());
    journal.steps().stream()
        .filter(Step.Found.class::isInstance)
        .map(Step.Found.class::cast)
        .findFirst()
        .ifPresent(found -> fields.with("found", found(found.meeting())));
    List<Fields> attempts = journal.attempts();
    List<Fields> calls =
        journal.calls().stream()
            .sorted(Comparator.comparing(Call::after))
            .map(Call::fields)
            .toList();
    switch (ending) {
      case Ending.Delivered(LaunchReport report) ->
          fields
              .with("status", report.status().map(Status::value))
              .with("instances", instances(report.instances()));
      case Ending.Swept(List<Sweep.Stray> strays) ->
          fields.with("strays", strays.stream().map(InvocationSummary::stray).toList());
      case Ending.Failed(LaunchFailure failure) -> fields.with("errorCode", failure.errorCode());
      case Ending.Answered _, Ending.Failed _ -> {}
    }
    fields
        .with("attempts", latest(attempts))
        .with("attemptsInAll", attempts.size())
        .with("calls", latest(calls))
        .with("callsInAll", calls.size())
        .with("durationMs", journal.age().toMillis());
    String about = journal.meeting().map(MeetingId::value).or(journal::action).orElse("An event");
    return new InvocationSummary(level(ending, result), about + ": " + sentence(ending), fields);
  }

  private static Level level(Ending ending, Result result) {
    if (ending instanceof Ending.Failed
        || result.metric().equals(Optional.of(Metric.LAUNCH_FAILED))) {
      return Level.ERROR;
    }
    return ending instanceof Ending.Swept(List<Sweep.Stray> strays) && !strays.isEmpty()
        ? Level.WARN
        : Level.INFO;
  }

  private static String sentence(Ending ending) {
    return switch (ending) {
      case Ending.Delivered(LaunchReport report) ->
          switch (report.outcome()) {
            case LAUNCHED -> "launched";
            case ALREADY_LAUNCHED -> "was launched before";
            case CANCELLED -> "is called off, so nothing runs for it";
            case OTHER_STATUS -> "has a status from which nothing is launched";
            case TOO_LATE -> "began too long ago, so nothing is launched";
            case GIVEN_UP -> "began too long ago, and not every machine was launched by then";
          };
      case Ending.Swept(List<Sweep.Stray> strays) -> strays.size() + " stray machines";
      case Ending.Answered(String gist) -> gist;
      case Ending.Failed(LaunchFailure failure) -> "failed: " + failure.getMessage();
      case Ending.Failed(Throwable failure) -> "failed: " + failure;
    };
  }

  private static Fields found(Meeting meeting) {
    Fields states = new Fields();
    meeting
        .launchRecord()
        .map(LaunchRecord::states)
        .orElse(Map.of())
        .forEach((role, state) ->
            states.with(
                role.value(),
                new Fields()
                    .with("attempt", state.attempt().number())
                    .with(InvocationLog.candidate(state.attempt().request().candidate()))
                    .with("replaced", state.replaced())));
    return new Fields()
        .with("status", meeting.status().map(Status::value))
        .with("meetTime", meeting.meetTime().map(Instant::toString))
        .with("instances", instances(meeting.instances()))
        .with("launch", states);
  }

  private static Fields instances(Map<Role, InstanceId> instances) {
    Fields fields = new Fields();
    instances.forEach((role, instance) -> fields.with(role.value(), instance.value()));
    return fields;
  }

  private static Fields stray(Sweep.Stray stray) {
    return new Fields()
        .with("instance", stray.machine().id().value())
        .with("meetingId", stray.machine().meeting().value())
        .with("role", stray.machine().role().value())
        .with("why", stray.why())
        .with("terminated", stray.terminated());
  }

  private static List<Fields> latest(List<Fields> all) {
    return all.subList(Math.max(0, all.size() - MOST), all.size());
  }
}
