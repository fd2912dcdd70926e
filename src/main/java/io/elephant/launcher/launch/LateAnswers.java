package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.WriteResult;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of an instance that EC2 names after the delivery that asked for it has stopped
 * waiting: whoever receives an answer has the duty to record the instance or to end it, as long as
 * the process lives.
 */
final class LateAnswers {

  private static final int TRIES = 20;
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final MeetingId id;
  private final Meetings meetings;
  private final Instances ec2;
  private final Collection<Role> roles;
  private final Invocation invocation;

  LateAnswers(
      MeetingId id,
      Meetings meetings,
      Instances ec2,
      Collection<Role> roles,
      Invocation invocation) {
    this.id = id;
    this.meetings = meetings;
    this.ec2 = ec2;
    this.roles = roles;
    this.invocation = invocation;
  }

  /** Records or ends what the attempt has started. */
  void settle(Role role, Attempt attempt, RunResult result) {
    if (!(result instanceof RunResult.Started(InstanceId instance))) {
      return;
    }
    StartedInstance started = new StartedInstance(role, attempt, instance);
    for (int tried = 0; tried < TRIES; tried++) {
      try {
        if (isSettled(started)) {
          return;
        }
      } catch (LaunchFailure e) {
        // The table does not answer; the next try may find it well.
      }
      invocation.pause(PAUSE);
    }
  }

  private boolean isSettled(StartedInstance started) {
    Optional<Meeting> row = meetings.find(id);
    Optional<Meeting> wants =
        row.filter(meeting ->
            meeting.names(started) || (meeting.launchable() && meeting.mayHold(started)));
    if (wants.isEmpty()) {
      return isTerminated(started);
    }
    return wants.get().names(started) || isRecorded(wants.get(), started);
  }

  /** Where the row has another claim by now, the next delivery gets the instance by its token. */
  private boolean isRecorded(Meeting row, StartedInstance started) {
    boolean counts =
        row.state(started.role())
            .filter(state -> state.attempt().isSameAs(started.attempt()))
            .isPresent();
    if (!counts) {
      return true;
    }
    Map<Role, StartedInstance> one = Map.of(started.role(), started);
    WriteResult result =
        row.without(roles).equals(one.keySet())
            ? meetings.complete(row, one, Set.copyOf(roles), invocation.id())
            : meetings.record(id, one);
    return result instanceof WriteResult.Written;
  }

  private boolean isTerminated(StartedInstance started) {
    return switch (ec2.terminate(started.instance())) {
      case Termination.Terminated() -> {
        invocation.tell(new Step.Superseded(started.role(), started.instance()));
        yield true;
      }
      case Termination.Refused _ -> true;
      case Termination.UnknownId _, Termination.Unclear _ -> false;
    };
  }
}
