package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Recording;
import io.elephant.launcher.meeting.WriteResult;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Does what was decided: each action is one call to a port. */
record Actions(MeetingId id, Meetings meetings, Instances ec2, LaunchPlan plan, String delivery) {

  /** The action's answer. One action's failure must not lose what another has started. */
  Answer perform(Action action) {
    try {
      return switch (action) {
        case Action.Read() -> new Answer.Found(meetings.find(id));
        case Action.Put(Meeting seen, Map<Role, LaunchState> states) ->
            written(meetings.put(seen, states));
        case Action.RecordInstances(Meeting seen, Map<Role, Recording> recordings) ->
            written(meetings.record(seen, recordings, Set.copyOf(plan.roles()), delivery));
        case Action.Lose(Meeting seen, Role role, LaunchState next) ->
            written(meetings.lose(seen, role, next));
        case Action.SayFailed(Meeting seen, Set<Role> open, String why) ->
            written(meetings.fail(seen, open, why));
        case Action.FindCandidates() -> new Answer.Candidates(plan.candidates(ec2::subnets));
        case Action.Run(_, Attempt attempt) -> new Answer.Ran(ec2.run(attempt));
        case Action.Look _ -> new Answer.Shown(ec2.ofMeeting(id));
        case Action.Terminate(_, InstanceId instance, _) ->
            new Answer.Ended(ec2.terminate(instance));
        case Action.Wait _ -> new Answer.Waited();
      };
    } catch (LaunchFailure e) {
      return failed(action, e);
    } catch (RuntimeException e) {
      Refusal refusal = new Refusal(e.getClass().getSimpleName(), String.valueOf(e.getMessage()));
      return failed(action, new CallFailed("A call", Verdict.UNCLEAR, refusal, e));
    }
  }

  private static Answer written(WriteResult result) {
    return switch (result) {
      case WriteResult.Written(Meeting row) -> new Answer.Written(row);
      case WriteResult.NotWritten(Optional<Meeting> row) -> new Answer.NotWritten(row);
    };
  }

  /** The answer of an action that failed with this. */
  static Answer failed(Action action, LaunchFailure failure) {
    Verdict verdict = failure instanceof CallFailed call ? call.verdict() : Verdict.REQUEST_REFUSED;
    return switch (action) {
      case Action.Run _ when verdict != Verdict.EXPIRED ->
          new Answer.Ran(new RunResult.Refused(verdict, failure.refusal()));
      case Action.Terminate _ when verdict != Verdict.EXPIRED ->
          new Answer.Ended(new Termination.NotTerminated(verdict, failure.refusal()));
      default -> new Answer.Failed(failure);
    };
  }
}
