package io.elephant.launcher.launch;

import static io.elephant.launcher.failure.Verdict.CANDIDATE_REFUSED;
import static io.elephant.launcher.failure.Verdict.EXPIRED;
import static io.elephant.launcher.failure.Verdict.NO_CAPACITY;
import static io.elephant.launcher.failure.Verdict.OVER_QUOTA;
import static io.elephant.launcher.failure.Verdict.PARAMETER_MISMATCH;
import static io.elephant.launcher.failure.Verdict.REQUEST_REFUSED;
import static io.elephant.launcher.failure.Verdict.TERMINATED;
import static io.elephant.launcher.failure.Verdict.THROTTLED;
import static io.elephant.launcher.failure.Verdict.UNCLEAR;
import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.Ec2Instance.Owner;
import io.elephant.launcher.instance.Ec2Instance.State;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Placement;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.LaunchState.Left;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The protocol's rules in their order: what is known, and what is decided. */
class DecisionsTest {

  private static final Instant NOW = Instant.parse("2026-11-22T09:55:00Z");
  private static final Instant MEET_TIME = Instant.parse("2026-11-22T10:00:00Z");
  private static final MeetingId ID = new MeetingId("m-1");
  private static final Role ROLE = Plans.TEACHER;
  private static final Refusal WHY = new Refusal("Code", "why");
  private static final Refusal ENDED = new Refusal("Server.InternalError", "it ended");
  private static final Refusal BY_A_USER = new Refusal("Client.UserInitiatedShutdown", "wanted");

  /** Two candidates, which EC2 need not be asked for. */
  private static final LaunchPlan PLAN =
      Plans.of(
          List.of(ROLE),
          List.of("t3.large"),
          new Placement.InSubnets(List.of(subnet("us-west-2a"), subnet("us-west-2b"))),
          Plans.template("ami-0e7fd79d17e852d18"));

  private static final LaunchState FIRST = LaunchState.claim(attempt(0), NOW);
  private static final LaunchState SECOND = moved(FIRST, 1, Left.NOTHING_STARTED);
  private static final LaunchState TWICE_REPLACED =
      moved(moved(FIRST, 1, Left.REPLACED), 2, Left.REPLACED);
  private static final LaunchState OVER = FIRST.with(new InstanceId("i-1"), false);

  private static final Meeting BOOKED = row("SCHEDULED", null, null);
  private static final Meeting CLAIMED = row("SCHEDULED", null, FIRST);
  private static final Meeting LAUNCHED = row("LAUNCHED", "i-1", OVER);
  private static final Meeting OPENED = row("SCHEDULED", null, OVER);
  private static final Meeting MOVED_ON = row("SCHEDULED", null, SECOND);
  private static final Meeting CANCELLED = row("CANCELLED", null, FIRST);
  private static final Meeting HEALTHY = row("HEALTHY", "i-1", OVER);
  private static final Meeting HEALTHY_WITHOUT = row("HEALTHY", null, OVER);
  private static final Meeting NAMES_OTHER = row("LAUNCHED", "i-7", FIRST);

  private static final Ec2Instance OWN = instance("i-1", 0, 1, new State.Running());
  private static final Ec2Instance OWN_ENDED = instance("i-1", 0, 1, new State.Terminated(ENDED));
  private static final Ec2Instance OWN_STOPPED = instance("i-1", 0, 1, new State.Stopped(ENDED));
  private static final Ec2Instance OLDER = instance("i-9", 3, -7_200, new State.Running());
  private static final Ec2Instance OLDER_ENDED =
      instance("i-9", 0, -7_200, new State.Terminated(ENDED));
  private static final Ec2Instance OTHER = instance("i-7", 7, 1, new State.Running());

  static Stream<Arguments> rules() {
    return Stream.of(
        rule("the credentials have expired", known().failed(EXPIRED), "fail Code"),
        rule("the row is unknown", known(), "read"),
        rule("the table does not answer", known().failed(UNCLEAR), "read"),
        rule("a write's condition did not hold", known().row(BOOKED).notWritten(), "read"),
        rule("a look shows one that the row does not name", claimed().shown(OTHER), "read"),
        rule("there is no row", known().noRow(), "fail MeetingNotFound"),
        rule("the row is deleted meanwhile", started().noRow(), "end i-1"),

        // An instance was lost: a notice tells of it.
        rule("it may be replaced", ended().row(LAUNCHED), "lose for 1, replaced 1"),
        rule("it still runs", interrupted().row(LAUNCHED), "end i-1"),
        rule("it was replaced twice", ended().row(twiceReplaced()), "lose for 2, replaced 2"),
        rule("on purpose", endedOnPurpose().row(LAUNCHED), "finish REPORTED, missing"),
        rule("stopped by a user", lost(BY_A_USER, false).row(LAUNCHED), "finish REPORTED, missing"),
        rule("on purpose, past launching", endedOnPurpose().row(HEALTHY), "finish REPORTED"),
        rule(
            "on purpose, too late",
            endedOnPurpose().later(7_200).row(LAUNCHED),
            "finish NOT_NEEDED"),
        rule(
            "its meeting is over",
            ended().row(row("TERMINATED", "i-1", null)),
            "finish NOT_NEEDED"),
        rule("its meeting has no row", ended().noRow(), "finish NOT_NEEDED"),
        rule("past launching", ended().row(HEALTHY), "finish REPORTED, missing"),
        rule(
            "past launching while it was replaced",
            ended()
                .row(MOVED_ON)
                .ran(SECOND, instance("i-2", 1, 1, new State.Running()))
                .row(HEALTHY_WITHOUT),
            "end i-2"),
        rule("too late", ended().later(7_200).row(LAUNCHED), "finish REPORTED, missing"),
        rule("not named, past launching", ended().row(HEALTHY_WITHOUT), "finish REPORTED, missing"),
        rule("not named", ended().row(row("LAUNCHED", "i-2", OVER)), "finish NOT_NEEDED"),
        rule("another delivery replaces it", ended().row(MOVED_ON), "run 1 + look"),

        // Nothing is to be launched.
        rule("cancelled", known().row(row("CANCELLED", null, null)), "finish CANCELLED"),
        rule("cancelled after its launch began", known().row(CANCELLED), "look"),
        rule(
            "cancelled, and one runs", known().row(CANCELLED).shown(OWN).row(CANCELLED), "end i-1"),
        rule("cancelled meanwhile", started().row(CANCELLED), "end i-1"),
        rule("a later status", known().row(HEALTHY), "finish ALREADY_LAUNCHED"),
        rule(
            "a later status without an id",
            known().row(row("HEALTHY", null, null)),
            "finish OTHER_STATUS, missing"),
        rule("no role is open", known().row(row("SCHEDULED", "i-1", OVER)), "complete"),
        rule("no role is open, and it says so", known().row(LAUNCHED), "finish ALREADY_LAUNCHED"),
        rule("too early", known().later(-7_200).row(BOOKED), "finish TOO_EARLY"),
        rule("too late", known().later(7_200).row(BOOKED), "finish TOO_LATE"),
        rule("too late for a launch that began", known().later(7_200).row(CLAIMED), "look"),
        rule(
            "too late, and one runs",
            known().later(7_200).row(CLAIMED).shown(OWN).row(CLAIMED),
            "record i-1"),
        rule(
            "too early, and one runs",
            known().later(-7_200).row(CLAIMED).shown(OWN).row(CLAIMED),
            "record i-1"),
        rule("too late, and none runs", known().later(7_200).row(CLAIMED).shown(), "say failed"),

        // The role is open.
        rule("without a state", known().row(BOOKED), "put 0"),
        rule("its launch is over", known().row(OPENED), "put 1"),
        rule("not asked yet", claimed(), "run 0 + look"),
        rule("an older one was seen once", claimed().shown(OLDER).row(CLAIMED), "look again"),
        rule(
            "an older one was seen twice",
            claimed().shown(OLDER).later(10).shown(OLDER).row(CLAIMED),
            "record i-9, unlooked"),
        rule("its own runs", started().shown(), "record i-1"),
        rule("its own runs, and no look was answered", started(), "look + wait"),
        rule("and half a minute later", started().later(30).row(CLAIMED), "record i-1, unlooked"),
        rule("no verdict", looked().ran(FIRST, UNCLEAR), "run 0"),
        rule("throttled", looked().ran(FIRST, THROTTLED), "run 0"),
        rule("full", looked().ran(FIRST, NO_CAPACITY), "put 1"),
        rule("over quota, whatever the zone", looked().ran(FIRST, OVER_QUOTA), "run 0"),
        rule(
            "every candidate is full",
            looked().ran(FIRST, NO_CAPACITY).row(MOVED_ON).ran(SECOND, NO_CAPACITY),
            "run 1"),
        rule(
            "it ended, bought by this launch", looked().ran(FIRST, OWN_ENDED), "put 1, replaced 1"),
        rule("it is stopped", looked().ran(FIRST, OWN_STOPPED), "put 1, replaced 1"),
        rule(
            "it ended for the third time",
            known()
                .row(row("SCHEDULED", null, TWICE_REPLACED))
                .shown()
                .ran(TWICE_REPLACED, instance("i-1", 2, 1, new State.Terminated(ENDED))),
            "say failed"),
        rule("it ended before the launch", looked().ran(FIRST, OLDER_ENDED), "put 1"),
        rule(
            "its token calls it ended, and a look shows why",
            claimed().shown(OWN_ENDED).ran(FIRST, TERMINATED),
            "put 1, replaced 1"),
        rule("other parameters", looked().ran(FIRST, PARAMETER_MISMATCH), "look again"),
        rule(
            "other parameters, and not shown in two looks",
            claimed().ran(FIRST, PARAMETER_MISMATCH).shown().later(10).shown().row(CLAIMED),
            "put 1, unseen 1"),
        rule(
            "refused where others may have asked",
            looked().ran(FIRST, CANDIDATE_REFUSED),
            "look again"),
        rule(
            "refused, and not shown in two looks",
            claimed().ran(FIRST, CANDIDATE_REFUSED).shown().later(10).shown().row(CLAIMED),
            "put 1, unseen 1"),
        rule(
            "refused, and only throttled before",
            looked().ran(FIRST, THROTTLED).ran(FIRST, REQUEST_REFUSED),
            "say failed"),
        rule("every candidate's is refused", looked().ran(FIRST, REQUEST_REFUSED), "say failed"),

        // Its own instance is not the row's.
        rule(
            "the row names another that lives",
            started().shown(OWN, OTHER).row(NAMES_OTHER),
            "end i-1"),
        rule(
            "the row names one that nobody has seen",
            started().shown(OWN).row(NAMES_OTHER),
            "look again"),
        rule("the launch has left its attempt", started().row(MOVED_ON), "run 1 + look + end i-1"),
        rule("the table refuses to record it", started().refusedToRecord().row(CLAIMED), "end i-1"),
        rule("it was ended", started().row(CANCELLED).ended("i-1"), "read"));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("rules")
  void decidesByTheFirstRuleThatApplies(String rule, Known known, String decided) {
    assertThat(words(known.decide())).isEqualTo(decided);
  }

  private static Arguments rule(String name, Known known, String decided) {
    return Arguments.of(name, known, decided);
  }

  private static String words(Next next) {
    return switch (next) {
      case Next.Do(List<? extends Action> actions, var _) ->
          actions.stream().map(DecisionsTest::words).collect(Collectors.joining(" + "));
      case Next.Finish(Report report) ->
          "finish " + report.outcome() + (report.missing().isPresent() ? ", missing" : "");
      case Next.Fail(var failure) -> "fail " + failure.reason();
    };
  }

  private static String words(Action action) {
    return switch (action) {
      case Action.Read() -> "read";
      case Action.Put(var _, var states) -> "put " + words(states.values().iterator().next());
      case Action.RecordInstances(var _, var recordings) ->
          recordings.values().stream()
              .map(one -> "record " + one.instance() + (one.unlooked() ? ", unlooked" : ""))
              .findFirst()
              .orElse("complete");
      case Action.Lose(var _, var _, LaunchState state) -> "lose for " + words(state);
      case Action.SayFailed _ -> "say failed";
      case Action.FindCandidates() -> "find candidates";
      case Action.Run(var _, Attempt attempt) -> "run " + attempt.number();
      case Action.Look(boolean again) -> again ? "look again" : "look";
      case Action.Terminate(var _, InstanceId instance, boolean _) -> "end " + instance;
      case Action.Wait _ -> "wait";
    };
  }

  private static String words(LaunchState state) {
    return state.attempt().number()
        + (state.replaced() > 0 ? ", replaced " + state.replaced() : "")
        + (state.unseen() > 0 ? ", unseen " + state.unseen() : "");
  }

  /** What a delivery has learned, in its order. */
  static final class Known {

    private final Knowledge knowledge;
    private Instant now = NOW;

    Known(Optional<Loss> lost) {
      knowledge = new Knowledge(ID, PLAN, "delivery", lost);
    }

    Next decide() {
      return new Decisions(knowledge, Recovery.REPLACE, now).next();
    }

    private Known learn(Action action, Answer answer) {
      knowledge.learn(action, answer, now);
      return this;
    }

    Known later(int seconds) {
      now = now.plusSeconds(seconds);
      knowledge.learnWaited(now);
      return this;
    }

    Known row(Meeting row) {
      return learn(new Action.Read(), new Answer.Found(Optional.of(row)));
    }

    Known noRow() {
      return learn(new Action.Read(), new Answer.Found(Optional.empty()));
    }

    Known failed(Verdict verdict) {
      return learn(new Action.Read(), failure(verdict));
    }

    Known notWritten() {
      return learn(
          new Action.Put(BOOKED, Map.of(ROLE, FIRST)), new Answer.NotWritten(Optional.empty()));
    }

    Known refusedToRecord() {
      return learn(new Action.RecordInstances(CLAIMED, Map.of()), failure(CANDIDATE_REFUSED));
    }

    private static Answer failure(Verdict verdict) {
      return new Answer.Failed(new CallFailed("A call", verdict, WHY, null));
    }

    Known ran(LaunchState state, Ec2Instance instance) {
      return ran(state, new RunResult.Answered(instance));
    }

    Known ran(LaunchState state, Verdict verdict) {
      return ran(state, new RunResult.Refused(verdict, WHY));
    }

    private Known ran(LaunchState state, RunResult result) {
      return learn(new Action.Run(ROLE, state.attempt()), new Answer.Ran(result));
    }

    Known shown(Ec2Instance... instances) {
      return learn(new Action.Look(false), new Answer.Shown(List.of(instances)));
    }

    Known ended(String instance) {
      return learn(
          new Action.Terminate(ROLE, new InstanceId(instance), true),
          new Answer.Ended(new Termination.Terminated()));
    }
  }

  private static Known known() {
    return new Known(Optional.empty());
  }

  /** The role was claimed, and nothing asked yet. */
  private static Known claimed() {
    return known().row(CLAIMED);
  }

  /** EC2 has shown that nothing runs. */
  private static Known looked() {
    return claimed().shown();
  }

  private static Known started() {
    return claimed().ran(FIRST, OWN);
  }

  /** A notice tells that i-1 has ended. */
  private static Known ended() {
    return lost(ENDED, true);
  }

  private static Known endedOnPurpose() {
    return lost(BY_A_USER, true);
  }

  /** A notice tells that EC2 takes i-1 back. */
  private static Known interrupted() {
    return lost(ENDED, false);
  }

  private static Known lost(Refusal why, boolean isTerminated) {
    InstanceId lost = new InstanceId("i-1");
    return new Known(Optional.of(new Loss(lost, ROLE, why, isTerminated, false)));
  }

  private static Subnet subnet(String zone) {
    return new Subnet("subnet-" + zone, new Zone(zone));
  }

  /** The attempts take turns with the candidates. */
  private static Attempt attempt(int number) {
    Candidate candidate = PLAN.knownCandidates().orElseThrow().get(number % 2);
    return Attempt.of(
        new ClaimId("delivery-0/0"), ID, ROLE, number, PLAN.request(ID, ROLE, candidate));
  }

  private static LaunchState moved(LaunchState from, int number, Left left) {
    return from.movedTo(attempt(number), left, WHY);
  }

  private static Meeting twiceReplaced() {
    return row("LAUNCHED", "i-1", TWICE_REPLACED.with(new InstanceId("i-1"), false));
  }

  private static Meeting row(String status, String instance, LaunchState state) {
    return new Meeting(
        ID,
        Optional.of(new Status(status)),
        Optional.of(MEET_TIME),
        instance == null ? Map.of() : Map.of(ROLE, new InstanceId(instance)),
        Optional.ofNullable(state).map(one -> new LaunchRecord(Map.of(ROLE, one))));
  }

  /** An instance that an attempt of this number has started. */
  private static Ec2Instance instance(String id, int number, int seconds, State state) {
    Attempt attempt = attempt(number);
    return new Ec2Instance(
        new InstanceId(id),
        Optional.of(new Owner(ID, ROLE)),
        Optional.of(attempt.token()),
        Optional.of(attempt.zone()),
        NOW.plusSeconds(seconds),
        state);
  }
}
