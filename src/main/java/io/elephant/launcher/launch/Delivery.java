package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchIncomplete;
import io.elephant.launcher.failure.MeetingNotFound;
import io.elephant.launcher.failure.MeetingsRefused;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.launch.Decision.Fail;
import io.elephant.launcher.launch.Decision.NextAttempt;
import io.elephant.launcher.launch.Decision.RecordInstance;
import io.elephant.launcher.launch.Decision.Retry;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One delivery of a meeting's event: the loop of the protocol. */
final class Delivery {

  private final MeetingId id;
  private final LaunchPlan plan;
  private final Invocation invocation;
  private final RowAccess rows;
  private final Cleanup cleanup;
  private final LaunchProgress progress = new LaunchProgress();
  private final Requests requests;
  private final RowWrites writes;
  private final Cancellation cancellation;
  private Optional<Meeting> wanted = Optional.empty();

  Delivery(MeetingId id, Meetings meetings, Instances ec2, LaunchPlan plan, Invocation invocation) {
    LateAnswers late = new LateAnswers(id, meetings, ec2, plan.roles(), invocation);
    this.id = id;
    this.plan = plan;
    this.invocation = invocation;
    this.rows = new RowAccess(id, meetings, invocation);
    this.cleanup = new Cleanup(id, ec2, plan.roles(), invocation, rows);
    this.requests = new Requests(id, ec2, plan, invocation, progress, cleanup, late);
    this.writes = new RowWrites(id, meetings, plan.roles(), invocation, rows, requests, progress);
    this.cancellation = new Cancellation(progress, cleanup);
  }

  LaunchReport run() {
    try {
      Optional<Meeting> row = rows.read();
      row.ifPresent(meeting -> invocation.tell(new Step.Found(meeting)));
      row.filter(Meeting::isPastFirstAttempts).ifPresent(_ -> cleanup.mustLook());
      LaunchReport report = launch(row);
      while (!cleanup.finish(report)) {
        report = launch(rows.read());
      }
      return report;
    } catch (LaunchFailure e) {
      leave(e);
      throw e;
    }
  }

  private LaunchReport launch(Optional<Meeting> found) {
    Optional<Meeting> row = found;
    while (true) {
      Meeting meeting = row.orElseThrow(() -> new MeetingNotFound(id));
      if (!meeting.launchable()) {
        return notLaunchable(meeting);
      }
      wanted = row;
      cancellation.endSuperseded(meeting);
      Set<Role> open = meeting.without(plan.roles());
      if (open.isEmpty() && !meeting.beforeLaunched()) {
        return report(meeting, allRecorded(meeting));
      }
      Optional<Outcome> untimely = Timeliness.untimely(meeting, open, plan, invocation.now());
      if (open.isEmpty() || untimely.isEmpty()) {
        row = advance(meeting, open);
      } else if (progress.hasInstanceFor(meeting, open) || findsInstanceFor(meeting, open)) {
        row = act(meeting, open);
      } else {
        if (untimely.get() != Outcome.GIVEN_UP || writes.hasSaidFailure()) {
          cancellation.endUnnamed(row);
          return report(meeting, untimely.get());
        }
        row =
            writes.fail(
                meeting, open, "the meeting began more than " + plan.maxLateness() + " ago");
      }
    }
  }

  /** Brings the row as far as one write does, after a round of requests to EC2 where needed. */
  private Optional<Meeting> advance(Meeting meeting, Set<Role> open) {
    Set<Role> unclaimed = new LinkedHashSet<>(open);
    unclaimed.removeIf(role -> meeting.state(role).isPresent());
    if (!unclaimed.isEmpty()) {
      return writes.claim(meeting, unclaimed);
    }
    for (Role role : open) {
      LaunchState state = meeting.state(role).orElseThrow();
      if (state.isOver()) {
        return writes.launchAgain(role, state);
      }
    }
    requests.ask(meeting, open);
    return act(meeting, open);
  }

  /** Does what was decided for each role. */
  private Optional<Meeting> act(Meeting meeting, Set<Role> open) {
    Map<Role, StartedInstance> started = new LinkedHashMap<>();
    Map<Role, NextAttempt> moves = new LinkedHashMap<>();
    boolean mayRetry = false;
    for (Role role : open) {
      switch (progress.decision(meeting, role)) {
        case RecordInstance(StartedInstance instance) -> started.put(role, instance);
        case NextAttempt move -> moves.put(role, move);
        case Retry _ -> mayRetry = true;
        case Fail _ -> {}
      }
    }
    if (started.keySet().equals(open)) {
      return writes.complete(meeting, started);
    }
    if (started.isEmpty() && moves.isEmpty()) {
      // Meanwhile the meeting may have been cancelled, or launched by another delivery.
      return mayRetry && requests.pause() ? rows.read() : giveUp(meeting, open);
    }
    Optional<Meeting> row = started.isEmpty() ? Optional.of(meeting) : writes.record(started);
    for (Map.Entry<Role, NextAttempt> move : moves.entrySet()) {
      LaunchState from = move.getValue().from();
      LaunchState to = move.getValue().to();
      if (to.replaced() > from.replaced() && !requests.pause()) {
        return giveUp(meeting, open);
      }
      row = row.flatMap(_ -> writes.advance(move.getKey(), from, to));
    }
    return row;
  }

  private Optional<Meeting> giveUp(Meeting meeting, Set<Role> open) {
    LaunchIncomplete why = new LaunchIncomplete(id, progress.refusals(open));
    if (writes.hasSaidFailure() || !meeting.beforeLaunched()) {
      throw why;
    }
    return writes.fail(meeting, open, why.reasons());
  }

  /** What was started before it became too late, or was moved, is recorded all the same. */
  private boolean findsInstanceFor(Meeting meeting, Set<Role> open) {
    if (!meeting.hasBegun(open)) {
      return false;
    }
    cleanup.mustLook();
    requests.findStarted(meeting, open);
    return progress.hasInstanceFor(meeting, open);
  }

  /**
   * The row is not for launching: what it does not name is ended, and all where it is cancelled.
   */
  private LaunchReport notLaunchable(Meeting meeting) {
    if (meeting.cancelled()) {
      cancellation.endAll(meeting, wanted.isPresent());
      return report(meeting, Outcome.CANCELLED);
    }
    cancellation.endUnnamed(Optional.of(meeting));
    boolean recorded = meeting.without(plan.roles()).isEmpty();
    return report(meeting, recorded ? allRecorded(meeting) : Outcome.OTHER_STATUS);
  }

  /**
   * The delivery fails. The row says why where it can, what is running and can never be recorded is
   * ended, and everything else is left to the next delivery.
   */
  private void leave(LaunchFailure failure) {
    attempt(
        failure,
        () -> {
          switch (failure) {
            case MeetingNotFound _ ->
                wanted.ifPresent(meeting -> cancellation.endAll(meeting, true));
            case MeetingsRefused _ -> cancellation.endUnnamed(rows.read());
            default -> sayFailure(failure);
          }
        });
    attempt(failure, () -> cleanup.finishFailed(wanted.isPresent()));
  }

  /** Nothing that goes wrong here is a better reason than the one that there is. */
  private static void attempt(LaunchFailure failure, Runnable work) {
    try {
      work.run();
    } catch (LaunchFailure e) {
      failure.addSuppressed(e);
    }
  }

  /** What was started is ended where the row turns out to be another by now. */
  private void sayFailure(LaunchFailure failure) {
    wanted
        .filter(meeting -> meeting.beforeLaunched() && !writes.hasSaidFailure())
        .ifPresent(meeting -> {
          Set<Role> open = meeting.without(plan.roles());
          if (!open.isEmpty()) {
            Optional<Meeting> row =
                writes.fail(meeting, open, String.valueOf(failure.getMessage()));
            row.filter(seen -> !seen.cancelled())
                .ifPresentOrElse(
                    cancellation::endSuperseded,
                    () -> cancellation.endAll(row.orElse(meeting), true));
          }
        });
  }

  private Outcome allRecorded(Meeting meeting) {
    return writes.hasCompleted(meeting) ? Outcome.LAUNCHED : Outcome.ALREADY_LAUNCHED;
  }

  private LaunchReport report(Meeting meeting, Outcome outcome) {
    if (outcome == Outcome.LAUNCHED) {
      invocation.tell(new Step.Launched(meeting.claimed()));
    }
    Map<Role, InstanceId> instances = new LinkedHashMap<>();
    for (Role role : plan.roles()) {
      InstanceId instance = meeting.instances().get(role);
      if (instance != null) {
        instances.put(role, instance);
      }
    }
    return new LaunchReport(id, meeting.status(), instances, outcome);
  }
}
