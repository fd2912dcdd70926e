package io.elephant.launcher.launch.simulation;

import static io.elephant.launcher.launch.simulation.Mistake.ALL;
import static io.elephant.launcher.launch.simulation.Mistake.onEc2;
import static io.elephant.launcher.launch.simulation.Mistake.onFind;
import static io.elephant.launcher.launch.simulation.Mistake.onNotice;
import static io.elephant.launcher.launch.simulation.Mistake.onRun;
import static io.elephant.launcher.launch.simulation.Mistake.onTable;
import static io.elephant.launcher.launch.simulation.Mistake.onTermination;
import static io.elephant.launcher.launch.simulation.Mistake.onTime;
import static io.elephant.launcher.launch.simulation.Mistake.onWrite;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.fake.RowWrite;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.Ec2Instance.State;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.launch.simulation.SimulatedProcess.Kind;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Mistakes that have been made with EC2 and DynamoDB, one by one. */
enum Planted {
  /** A token is thought to be good for the region, so after a time-out it goes to the next zone. */
  TOKEN_REUSED_IN_ANOTHER_ZONE(
      onRun((ec2, attempt, result, plan) ->
          is(result, Verdict.UNCLEAR)
              ? ec2.run(in(nextZone(attempt, plan), attempt, plan))
              : result)),

  /** After a time-out, a launch without a token that anybody knows. */
  NEW_TOKEN_FOR_AN_UNCLEAR_ANSWER(
      onRun((ec2, attempt, result, _) ->
          is(result, Verdict.UNCLEAR) ? ec2.run(again(attempt)) : result)),

  /** After a time-out, DescribeInstances is asked whether there is one. */
  EMPTY_DESCRIBE_BELIEVED(
      onRun((ec2, attempt, result, _) ->
          is(result, Verdict.UNCLEAR)
              ? shown(ec2, attempt)
                  .<RunResult>map(RunResult.Answered::new)
                  .orElseGet(() -> ec2.run(again(attempt)))
              : result)),

  /** That EC2 refuses a call for its rate is taken for a verdict on the attempt. */
  THROTTLING_TAKEN_FOR_A_REFUSAL(onVerdict(Verdict.THROTTLED, Verdict.NO_CAPACITY)),

  /** A repetition sends what is configured now. */
  TODAYS_CONFIGURATION_INSTEAD_OF_THE_FROZEN_REQUEST(
      onEc2((network, cloud, plan) ->
          new SimulatedInstances(network, cloud) {
            @Override
            public RunResult run(Attempt attempt) {
              return super.run(in(plan.zones().getFirst(), attempt, plan));
            }
          })),

  /** Any instance of the meeting will do. */
  WRONG_INSTANCE_ADOPTED(
      onRun((ec2, attempt, result, _) ->
          is(result, Verdict.UNCLEAR)
              ? ec2.ofStack().stream()
                  .filter(one -> one.owner().orElseThrow().meeting().equals(Scenario.MEETING))
                  .<RunResult>map(RunResult.Answered::new)
                  .findFirst()
                  .orElse(result)
              : result)),

  /** The ids are written into whatever row is there. */
  RECORD_WITHOUT_ITS_CONDITION(onWrite(ALL, "record", (write, row) -> row.map(write.change()))),

  /** UpdateItem makes a row where there is none. */
  ROW_REVIVED_BY_AN_UPDATE(
      onWrite(
          ALL,
          "record",
          (write, row) ->
              row.isPresent()
                  ? row.flatMap(write::to)
                  : Optional.of(write.change().apply(empty(Scenario.MEETING))))),

  /** LAUNCHED goes with the first id. */
  STATUS_SET_AFTER_THE_FIRST_ROLE(
      onWrite(
          ALL,
          "record",
          (write, row) -> row.flatMap(write::to).map(one -> RowWrite.with(one, Status.LAUNCHED)))),

  /** The state is turned, whatever it says by then. */
  STATE_WITHOUT_COMPARE_AND_SET(onWrite(ALL, "put", (write, row) -> row.map(write.change()))),

  /** InsufficientInstanceCapacity is an HTTP 500, and those are repeated. */
  SDK_RETRY_OF_A_FULL_ZONE(onVerdict(Verdict.NO_CAPACITY, Verdict.UNCLEAR)),

  /** InvalidInstanceID.NotFound is taken for an instance that is gone, seconds after its start. */
  UNKNOWN_ID_TAKEN_FOR_TERMINATED(
      onTermination(
          result -> is(result, Verdict.UNKNOWN_ID) ? new Termination.Terminated() : result)),

  /** It is taken for a refusal, which no repetition helps. */
  UNKNOWN_ID_TAKEN_FOR_A_REFUSAL(
      onTermination(result ->
          is(result, Verdict.UNKNOWN_ID)
              ? new Termination.NotTerminated(
                  Verdict.CANDIDATE_REFUSED, new Refusal("UnauthorizedOperation", "unknown"))
              : result)),

  /** A termination that was throttled or not answered is left at that. */
  UNCLEAR_TERMINATION_TAKEN_FOR_DONE(
      onTermination(result ->
          is(result, Verdict.UNCLEAR) || is(result, Verdict.THROTTLED)
              ? new Termination.Terminated()
              : result)),

  /** A refusal that is judged before the token is taken for proof that nothing was started. */
  REFUSAL_TAKEN_FOR_PROOF(
      onEc2(
          (_, _, result, _) ->
              result instanceof RunResult.Refused(Verdict verdict, Refusal why)
                      && (verdict == Verdict.CANDIDATE_REFUSED
                          || verdict == Verdict.REQUEST_REFUSED)
                  ? new RunResult.Refused(Verdict.NO_CAPACITY, why)
                  : result,
          _ -> List.of())),

  /** An instance that its token calls dead is taken, because DescribeInstances still shows it. */
  STALE_VIEW_BELIEVED(
      onRun((ec2, attempt, result, _) -> {
        boolean isDead =
            is(result, Verdict.TERMINATED)
                || (result instanceof RunResult.Answered(Ec2Instance one) && one.isTerminated());
        return isDead
            ? shown(ec2, attempt).<RunResult>map(RunResult.Answered::new).orElse(result)
            : result;
      })),

  /** Nobody looks at the tags, neither beside the requests nor before answering. */
  TAGS_NOT_LOOKED_AT(onEc2((_, _, result, _) -> result, _ -> List.of())),

  /** Whatever ended an instance, it is replaced. */
  HEALS_WHAT_WAS_ENDED_ON_PURPOSE(
      onNotice(shown ->
          shown.runs()
              ? shown
              : with(shown, new State.Terminated(new Refusal("Server.InternalError", "unread"))))),

  /** A stopped instance counts as one that is terminated already. */
  STOPPED_TAKEN_FOR_TERMINATED(
      onNotice(shown ->
          shown.state() instanceof State.Stopped(Refusal why)
              ? with(shown, new State.Terminated(why))
              : shown)),

  /** The id is taken out, whatever the row says by then. */
  HEALS_TWICE(onWrite(Set.of(Kind.RECOVERY), "lose", (write, row) -> row.map(write.change()))),

  /** A row whose address others hold counts as one that is launched. */
  HEALS_AFTER_DNS_WRITTEN(
      onTable(
          Set.of(Kind.RECOVERY),
          (_, found) ->
              found.map(row ->
                  row.launchable() || row.cancelled() ? row : RowWrite.with(row, Status.LAUNCHED)),
          "lose",
          (write, row) -> row.filter(write.condition()).map(write.change()))),

  /** The id is taken out, and the row still says LAUNCHED. */
  LAUNCHED_WHILE_A_ROLE_HAS_NO_ID(
      onWrite(
          ALL,
          "lose",
          (write, row) -> row.flatMap(write::to).map(one -> RowWrite.with(one, Status.LAUNCHED)))),

  /** What ended after the record is not counted with what ended before it. */
  FORGETS_THE_BOUND(
      onWrite(
          ALL, "lose", (write, row) -> row.flatMap(write::to).map(Planted::withNothingReplaced))),

  /** A clock that is off makes each instance one from before the launch. */
  EVERY_INSTANCE_TAKEN_FOR_OLDER(
      onRun((_, _, result, _) ->
          result instanceof RunResult.Answered(Ec2Instance instance)
              ? new RunResult.Answered(launched(instance, Instant.EPOCH))
              : result)),

  /** A row that is not there says that its meeting is over, although the table was emptied. */
  MISSING_ROW_TAKEN_FOR_THE_END(
      onFind(
          Set.of(Kind.SWEEP),
          (id, row) ->
              row.or(() -> Optional.of(RowWrite.with(empty(id), new Status("TERMINATED")))))),

  /** What a later status does not mention is ended by the sweep. */
  SILENCE_TAKEN_FOR_THE_END(
      onFind(
          Set.of(Kind.SWEEP),
          (_, found) ->
              found.map(row ->
                  row.launchable() || !row.instances().isEmpty()
                      ? row
                      : RowWrite.with(row, new Status("TERMINATED"))))),

  /** A launch record is this row's, whosever tokens are in it. */
  COPIED_RECORD_BELIEVED(
      onFind(
          ALL,
          (_, found) ->
              found.map(row ->
                  row.copied().isEmpty()
                      ? row
                      : new Meeting(
                          row.id(),
                          row.status(),
                          row.meetTime(),
                          row.instances(),
                          row.copied(),
                          Optional.empty())))),

  /** A row that was read once is compared for ever. */
  ROW_READ_ONCE(
      onTable(
          Set.of(Kind.DELIVERY),
          (network, table) ->
              new SimulatedMeetings(network, table) {
                private final Map<MeetingId, Optional<Meeting>> read = new HashMap<>();

                @Override
                public Optional<Meeting> find(MeetingId id) {
                  if (!read.containsKey(id)) {
                    read.put(id, super.find(id));
                  }
                  return read.getOrDefault(id, Optional.empty());
                }
              })),

  /** No pause is kept. */
  NO_PAUSES(
      onTime(network ->
          new SimulatedInvocation(network) {
            @Override
            public void sleep(Duration pause) {}

            @Override
            public Duration vary(Duration limit) {
              return Duration.ZERO;
            }
          })),

  /** An id that EC2 does not show yet is taken for another's. */
  UNSHOWN_NOTICE_TAKEN_FOR_NOT_OURS(
      onEc2((network, cloud, _) ->
          new SimulatedInstances(network, cloud) {
            @Override
            public Optional<Ec2Instance> find(InstanceId instance) {
              try {
                return super.find(instance);
              } catch (CallFailed e) {
                return Optional.empty();
              }
            }
          }));

  @SuppressWarnings("ImmutableEnumChecker") // A lambda that keeps nothing.
  private final Mistake mistake;

  Planted(Mistake mistake) {
    this.mistake = mistake;
  }

  Mistake mistake() {
    return mistake;
  }

  private static boolean is(RunResult result, Verdict wanted) {
    return result instanceof RunResult.Refused(Verdict verdict, _) && verdict == wanted;
  }

  private static boolean is(Termination result, Verdict wanted) {
    return result instanceof Termination.NotTerminated(Verdict verdict, _) && verdict == wanted;
  }

  private static Mistake onVerdict(Verdict from, Verdict to) {
    return onRun((_, _, result, _) ->
        result instanceof RunResult.Refused(Verdict verdict, Refusal why) && verdict == from
            ? new RunResult.Refused(to, why)
            : result);
  }

  private static Optional<Ec2Instance> shown(Instances ec2, Attempt attempt) {
    return ec2.ofStack().stream().filter(one -> one.runs() && one.isOf(attempt)).findFirst();
  }

  private static Ec2Instance with(Ec2Instance one, State state) {
    return new Ec2Instance(one.id(), one.owner(), one.token(), one.zone(), one.launched(), state);
  }

  private static Ec2Instance launched(Ec2Instance one, Instant time) {
    return new Ec2Instance(one.id(), one.owner(), one.token(), one.zone(), time, one.state());
  }

  private static Meeting withNothingReplaced(Meeting row) {
    Map<Role, LaunchState> states = new HashMap<>();
    RowWrite.states(row)
        .forEach((role, state) ->
            states.put(
                role,
                new LaunchState(
                    state.attempt(),
                    state.firstAttempt(),
                    state.claimed(),
                    0,
                    state.unseen(),
                    state.recorded(),
                    state.unlooked(),
                    state.takenOut(),
                    state.reason())));
    return RowWrite.with(row, states);
  }

  private static Attempt again(Attempt attempt) {
    return new Attempt(
        attempt.claim(),
        attempt.number(),
        new ClientToken(attempt.token() + "-again"),
        attempt.request());
  }

  private static Zone nextZone(Attempt attempt, LaunchPlan plan) {
    int place = plan.zones().indexOf(attempt.zone());
    return plan.zones().get((place + 1) % plan.zones().size());
  }

  /** The attempt with what is configured today. */
  private static Attempt in(Zone zone, Attempt attempt, LaunchPlan plan) {
    Candidate candidate =
        new Candidate(
            attempt.request().candidate().market(),
            attempt.request().candidate().instanceType(),
            Scenario.subnet(zone));
    Role role = new Role(attempt.request().tags().get("Role"));
    return new Attempt(
        attempt.claim(),
        attempt.number(),
        attempt.token(),
        plan.request(Scenario.MEETING, role, candidate));
  }

  private static Meeting empty(MeetingId id) {
    return new Meeting(id, Optional.empty(), Optional.empty(), Map.of(), Optional.empty());
  }
}
