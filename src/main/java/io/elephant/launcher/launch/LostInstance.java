package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchIncomplete;
import io.elephant.launcher.failure.MeetingsUnclear;
import io.elephant.launcher.failure.NotTerminated;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.launch.Notice.Kind;
import io.elephant.launcher.launch.RecoveryReport.Result;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.meeting.WriteResult;
import java.util.Map;
import java.util.Optional;

/** An instance that ended, and what follows from its meeting's row. */
final class LostInstance {

  private final TaggedInstance instance;
  private final Kind kind;
  private final Refusal why;
  private final Meetings meetings;
  private final Instances ec2;
  private final LaunchPlan plan;
  private final Recovery.Mode mode;
  private final Invocation invocation;
  private final Backoff betweenWrites;

  LostInstance(
      TaggedInstance instance,
      Kind kind,
      Refusal why,
      Meetings meetings,
      Instances ec2,
      LaunchPlan plan,
      Recovery.Mode mode,
      Invocation invocation) {
    this.instance = instance;
    this.kind = kind;
    this.why = why;
    this.meetings = meetings;
    this.ec2 = ec2;
    this.plan = plan;
    this.mode = mode;
    this.invocation = invocation;
    this.betweenWrites = new Backoff(invocation, Recovery.RESERVE);
  }

  /** Reads the row and does what follows; nothing, where the row has changed meanwhile. */
  Optional<RecoveryReport> decide() {
    Optional<Meeting> row =
        new Backoff(invocation, Recovery.RESERVE).repeat(() -> meetings.find(instance.meeting()));
    if (row.isEmpty()) {
      return notNeeded("its meeting has no row", row);
    }
    Meeting meeting = row.get();
    invocation.tell(new Step.Found(meeting));
    if (meeting.cancelled()) {
      return notNeeded("its meeting is " + status(meeting), row);
    }
    if (!instance.id().equals(meeting.instances().get(instance.role()))) {
      return isBeingReplaced(meeting)
          ? goOn()
          : notNeeded("its meeting's row does not name it", row);
    }
    if (meeting.isLate(invocation.now(), plan.maxLateness())) {
      return notNeeded("its meeting began too long ago", row);
    }
    Optional<String> obstacle = obstacle(meeting);
    if (obstacle.isPresent()) {
      return Optional.of(report(meeting, obstacle.get()));
    }
    return replace(meeting) ? goOn() : Optional.empty();
  }

  /** Why the instance is not replaced, although its meeting counts on one. */
  private Optional<String> obstacle(Meeting meeting) {
    if (Recovery.isOnPurpose(why)) {
      return Optional.of("somebody ended it on purpose: " + why);
    }
    if (!meeting.launchable()) {
      return Optional.of(
          "its meeting is %s, so others hold its address: %s".formatted(status(meeting), why));
    }
    if (mode == Recovery.Mode.REPORT) {
      return Optional.of("RECOVERY_MODE is report: " + why);
    }
    if (!plan.roles().contains(instance.role())) {
      return Optional.of("its role %s is not one of ROLES: %s".formatted(instance.role(), why));
    }
    if (meeting.isEarly(invocation.now(), plan.maxEarliness())) {
      return Optional.of("its meeting begins too long from now: " + why);
    }
    return meeting.state(instance.role()).isEmpty()
        ? Optional.of("its meeting's row has no launch record of it: " + why)
        : Optional.empty();
  }

  /** Another delivery has taken the id out, and the launch goes on. */
  private boolean isBeingReplaced(Meeting meeting) {
    return !meeting.instances().containsKey(instance.role())
        && meeting.begun(instance.role()).isPresent()
        && !meeting.isLate(invocation.now(), plan.maxLateness())
        && obstacle(meeting).isEmpty();
  }

  /**
   * Takes the id out and turns to the next attempt.
   *
   * @return whether it is written; otherwise the row is another by now, or may be
   */
  private boolean replace(Meeting meeting) {
    LaunchState state = meeting.state(instance.role()).orElseThrow();
    CandidateSource source = new CandidateSource(ec2, plan, invocation);
    Decision decision =
        new RoleDecisions(
                meeting.id(), instance.role(), plan, source::candidates, new RoleProgress())
            .decide(
                state,
                new RunResult.Dead(why, Optional.of(instance.launched())),
                Optional.empty(),
                invocation.now());
    return switch (decision) {
      case Decision.NextAttempt(LaunchState from, LaunchState to) -> {
        if (kind == Kind.INTERRUPTED) {
          end(meeting);
        }
        yield isWritten(meeting, from, to);
      }
      case Decision.Fail(Refusal refusal) -> {
        if (!state.reason().equals(Optional.of(refusal))) {
          var _ = isWritten(meeting, state, state.staysDead(refusal));
        }
        throw new LaunchIncomplete(meeting.id(), Map.of(instance.role(), refusal));
      }
      case Decision.Retry _, Decision.RecordInstance _ ->
          throw new IllegalStateException("no decision about a dead instance: " + decision);
    };
  }

  private boolean isWritten(Meeting meeting, LaunchState from, LaunchState to) {
    try {
      boolean written =
          meetings.lose(meeting.id(), instance.role(), instance.id(), from, to)
              instanceof WriteResult.Written;
      if (written && to.recorded().isEmpty()) {
        invocation.tell(Step.of(instance.role(), from, to));
      }
      return written;
    } catch (MeetingsUnclear e) {
      if (!betweenWrites.pause()) {
        throw e;
      }
      return false;
    }
  }

  /** A spot instance that is taken back is ended first: two would run for two minutes. */
  private void end(Meeting meeting) {
    Backoff backoff = new Backoff(invocation, Recovery.RESERVE);
    while (instance.ended().isEmpty()) {
      switch (ec2.terminate(instance.id())) {
        case Termination.Terminated() -> {
          return;
        }
        case Termination.Refused(Refusal refusal) -> throw notEnded(meeting, refusal);
        case Termination.UnknownId(Refusal refusal) -> pauseOrFail(backoff, meeting, refusal);
        case Termination.Unclear(Refusal refusal) -> pauseOrFail(backoff, meeting, refusal);
      }
    }
  }

  private void pauseOrFail(Backoff backoff, Meeting meeting, Refusal refusal) {
    if (!backoff.pause()) {
      throw notEnded(meeting, refusal);
    }
  }

  private NotTerminated notEnded(Meeting meeting, Refusal refusal) {
    return new NotTerminated(meeting.id(), Map.of(instance.id(), refusal));
  }

  /** Where another delivery has recorded the dead instance meanwhile, it is to be replaced now. */
  private Optional<RecoveryReport> goOn() {
    LaunchReport report = new Launch(meetings, ec2, plan).launch(instance.meeting(), invocation);
    if (report.instances().containsValue(instance.id())) {
      return Optional.empty();
    }
    boolean launched =
        report.outcome() == Outcome.LAUNCHED || report.outcome() == Outcome.ALREADY_LAUNCHED;
    return Optional.of(
        new RecoveryReport(
            instance.id(),
            launched ? Result.REPLACED : Result.NOT_NEEDED,
            launched ? why.toString() : "nothing is to be launched any more: " + report.outcome(),
            Optional.of(report.meeting()),
            report.instances(),
            Optional.of(why),
            false));
  }

  private RecoveryReport report(Meeting meeting, String obstacle) {
    // Whoever ends a lesson may end its instances before the row says so.
    boolean missing = meeting.launchable() || !Recovery.isOnPurpose(why);
    return new RecoveryReport(
        instance.id(),
        Result.REPORTED,
        obstacle,
        Optional.of(meeting.id()),
        meeting.instances(),
        Optional.of(why),
        missing);
  }

  private Optional<RecoveryReport> notNeeded(String because, Optional<Meeting> row) {
    return Optional.of(RecoveryReport.notNeeded(instance.id(), because, row));
  }

  private static String status(Meeting meeting) {
    return meeting.status().map(Status::value).orElse("without a status");
  }
}
