package io.elephant.launcher.recovery;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchIncomplete;
import io.elephant.launcher.failure.MeetingsUnclear;
import io.elephant.launcher.failure.NotTerminated;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.StackInstance;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.launch.Backoff;
import io.elephant.launcher.launch.CandidateSource;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.launch.Launch;
import io.elephant.launcher.launch.LaunchReport;
import io.elephant.launcher.launch.Outcome;
import io.elephant.launcher.launch.Step;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.meeting.WriteResult;
import io.elephant.launcher.plan.Decision;
import io.elephant.launcher.plan.LaunchPlan;
import io.elephant.launcher.plan.RoleDecisions;
import io.elephant.launcher.plan.RoleProgress;
import io.elephant.launcher.recovery.Notice.Kind;
import io.elephant.launcher.recovery.RecoveryReport.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Replaces an instance that EC2 ended after it was recorded, until others hold its address: one
 * conditional write takes its id out of the row and turns to the role's next attempt, and the
 * launch goes on by the same code as ever. Whoever is second finds the id gone and helps along.
 */
public final class Recovery {

  /** What is done about an instance that died. */
  public enum Mode {
    REPLACE,
    REPORT
  }

  /** What a replacement takes at least: to look, to write and to launch. */
  private static final Duration RESERVE = Duration.ofSeconds(20);

  /** EC2 tells of an instance's end before DescribeInstances shows it. */
  private static final Duration SHOWN_WITHIN = Duration.ofMinutes(1);

  private static final Refusal INTERRUPTED =
      new Refusal("Server.SpotInstanceTermination", "EC2 takes the spot instance back");

  private final Meetings meetings;
  private final Instances ec2;
  private final LaunchPlan plan;
  private final Launch launch;
  private final Mode mode;

  public Recovery(Meetings meetings, Instances ec2, LaunchPlan plan, Mode mode) {
    this.meetings = meetings;
    this.ec2 = ec2;
    this.plan = plan;
    this.launch = new Launch(meetings, ec2, plan);
    this.mode = mode;
  }

  /**
   * Does what is to be done about the instance.
   *
   * @throws LaunchFailure if EC2 or the table does not answer in time, if the meeting is not
   *     launched again, or if too many instances have died for it
   */
  public RecoveryReport recover(Notice notice, Invocation invocation) {
    if (notice.kind() == Kind.OTHER_STATE) {
      return RecoveryReport.notNeeded(
          notice.instance(), "it has not come to an end", Optional.empty());
    }
    Optional<StackInstance> shown = look(notice, invocation);
    if (shown.isEmpty()) {
      return RecoveryReport.notOurs(notice.instance());
    }
    StackInstance instance = shown.get();
    Refusal why = notice.kind() == Kind.INTERRUPTED ? INTERRUPTED : instance.ended().orElseThrow();
    Backoff betweenWrites = new Backoff(invocation, RESERVE);
    while (true) {
      Optional<RecoveryReport> done = decide(notice, instance, why, invocation, betweenWrites);
      if (done.isPresent()) {
        return done.get();
      }
    }
  }

  /** The instance with the reason for its end, which EC2 may show only a little later. */
  private Optional<StackInstance> look(Notice notice, Invocation invocation) {
    Backoff backoff = new Backoff(invocation, RESERVE);
    Instant begun = invocation.now();
    while (true) {
      Optional<StackInstance> shown =
          new Backoff(invocation, RESERVE).repeat(() -> ec2.ofStack(notice.instance()));
      if (notice.kind() == Kind.INTERRUPTED || shown.isEmpty() || shown.get().ended().isPresent()) {
        return shown;
      }
      if (invocation.now().isAfter(begun.plus(SHOWN_WITHIN)) || !backoff.pause()) {
        throw new InstancesFailed(
            "DescribeInstances",
            new Refusal("NotYetShown", notice.instance() + " is still shown as running"),
            true,
            new IllegalStateException("the event is ahead of DescribeInstances"));
      }
    }
  }

  /** Reads the row and does what follows; nothing, where the row has changed meanwhile. */
  private Optional<RecoveryReport> decide(
      Notice notice,
      StackInstance instance,
      Refusal why,
      Invocation invocation,
      Backoff betweenWrites) {
    Optional<Meeting> row =
        new Backoff(invocation, RESERVE).repeat(() -> meetings.find(instance.meeting()));
    if (row.isEmpty()) {
      return notNeeded(instance, "its meeting has no row", row);
    }
    Meeting meeting = row.get();
    invocation.tell(new Step.Found(meeting));
    if (meeting.cancelled()) {
      return notNeeded(instance, "its meeting is " + status(meeting), row);
    }
    if (!instance.id().equals(meeting.instances().get(instance.role()))) {
      return isBeingReplaced(instance, why, meeting, invocation)
          ? goOn(instance, why, invocation)
          : notNeeded(instance, "its meeting's row does not name it", row);
    }
    if (meeting.isLate(invocation.now(), plan.maxLateness())) {
      return notNeeded(instance, "its meeting began too long ago", row);
    }
    Optional<String> obstacle = obstacle(instance, why, meeting, invocation);
    if (obstacle.isPresent()) {
      return Optional.of(report(instance, why, meeting, obstacle.get()));
    }
    return replace(notice, instance, why, meeting, invocation, betweenWrites)
        ? goOn(instance, why, invocation)
        : Optional.empty();
  }

  /** Why an instance that the row names is not replaced. */
  private Optional<String> obstacle(
      StackInstance instance, Refusal why, Meeting meeting, Invocation invocation) {
    if (StackInstance.isOnPurpose(why)) {
      return Optional.of("somebody ended it on purpose: " + why);
    }
    if (!meeting.launchable()) {
      return Optional.of(
          "its meeting is %s, so others hold its address: %s".formatted(status(meeting), why));
    }
    if (mode == Mode.REPORT) {
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

  private boolean isBeingReplaced(
      StackInstance instance, Refusal why, Meeting meeting, Invocation invocation) {
    return mode == Mode.REPLACE
        && !StackInstance.isOnPurpose(why)
        && meeting.launchable()
        && plan.roles().contains(instance.role())
        && !meeting.instances().containsKey(instance.role())
        && meeting.begun(instance.role()).isPresent()
        && !meeting.isLate(invocation.now(), plan.maxLateness())
        && !meeting.isEarly(invocation.now(), plan.maxEarliness());
  }

  /**
   * Takes the id out and turns to the next attempt.
   *
   * @return whether it is written; otherwise the row is another by now, or may be
   */
  private boolean replace(
      Notice notice,
      StackInstance instance,
      Refusal why,
      Meeting meeting,
      Invocation invocation,
      Backoff betweenWrites) {
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
        if (notice.kind() == Kind.INTERRUPTED) {
          end(instance, meeting, invocation);
        }
        yield isWritten(instance, meeting, from, to, invocation, betweenWrites);
      }
      case Decision.Fail(Refusal refusal) -> {
        if (!state.reason().equals(Optional.of(refusal))) {
          var _ =
              isWritten(
                  instance, meeting, state, state.staysDead(refusal), invocation, betweenWrites);
        }
        throw new LaunchIncomplete(meeting.id(), Map.of(instance.role(), refusal));
      }
      case Decision.Retry _, Decision.RecordInstance _ ->
          throw new IllegalStateException("no decision about a dead instance: " + decision);
    };
  }

  private boolean isWritten(
      StackInstance instance,
      Meeting meeting,
      LaunchState from,
      LaunchState to,
      Invocation invocation,
      Backoff betweenWrites) {
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
  private void end(StackInstance instance, Meeting meeting, Invocation invocation) {
    Backoff backoff = new Backoff(invocation, RESERVE);
    while (instance.ended().isEmpty()) {
      switch (ec2.terminate(instance.id())) {
        case Termination.Terminated() -> {
          return;
        }
        case Termination.Refused(Refusal refusal) -> throw notEnded(meeting, instance, refusal);
        case Termination.UnknownId(Refusal refusal) ->
            pauseOrFail(backoff, meeting, instance, refusal);
        case Termination.Unclear(Refusal refusal) ->
            pauseOrFail(backoff, meeting, instance, refusal);
      }
    }
  }

  private static void pauseOrFail(
      Backoff backoff, Meeting meeting, StackInstance instance, Refusal refusal) {
    if (!backoff.pause()) {
      throw notEnded(meeting, instance, refusal);
    }
  }

  private static NotTerminated notEnded(Meeting meeting, StackInstance instance, Refusal refusal) {
    return new NotTerminated(meeting.id(), Map.of(instance.id(), refusal));
  }

  /** Where another delivery has recorded the dead instance meanwhile, it is to be replaced now. */
  private Optional<RecoveryReport> goOn(
      StackInstance instance, Refusal why, Invocation invocation) {
    LaunchReport report = launch.launch(instance.meeting(), invocation);
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

  private static RecoveryReport report(
      StackInstance instance, Refusal why, Meeting meeting, String obstacle) {
    // Whoever ends a lesson may end its instances before the row says so.
    boolean missing = meeting.launchable() || !StackInstance.isOnPurpose(why);
    return new RecoveryReport(
        instance.id(),
        Result.REPORTED,
        obstacle,
        Optional.of(meeting.id()),
        meeting.instances(),
        Optional.of(why),
        missing);
  }

  private static Optional<RecoveryReport> notNeeded(
      StackInstance instance, String why, Optional<Meeting> row) {
    return Optional.of(RecoveryReport.notNeeded(instance.id(), why, row));
  }

  private static String status(Meeting meeting) {
    return meeting.status().map(Status::value).orElse("without a status");
  }
}
