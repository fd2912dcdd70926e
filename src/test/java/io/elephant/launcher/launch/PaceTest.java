package io.elephant.launcher.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PaceTest {

  private static final Instant NOW = Instant.parse("2026-11-22T09:55:00Z");
  private static final Meeting ROW =
      new Meeting(
          OneMeeting.ID,
          Optional.of(Status.SCHEDULED),
          Optional.empty(),
          Map.of(),
          Optional.empty());
  private static final Action ASK = run(Plans.TEACHER);
  private static final Action ASK_OTHER = run(Plans.STUDENT);
  private static final Action END =
      new Action.Terminate(Plans.TEACHER, new InstanceId("i-1"), false);
  private static final Refusal WHY = new Refusal("Code", "why");

  private final FakeInvocation invocation = new FakeInvocation(NOW, Duration.ofMinutes(9));
  private final Pace pace = new Pace(invocation);
  private final Knowledge known =
      new Knowledge(OneMeeting.ID, Plans.standard(), "delivery", Optional.empty());

  @Test
  void letsAFirstTryGoAtOnce() {
    for (Action action :
        List.of(
            new Action.Read(), new Action.Put(ROW, Map.of()), ASK, new Action.Look(true), END)) {
      assertThat(pause(action)).as(action.toString()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Verdict.class,
      names = {"UNCLEAR", "THROTTLED", "NOT_YET", "TERMINATED", "PARAMETER_MISMATCH"})
  void letsAPauseGrowAndShortensItOnlyAfterASuccess(Verdict verdict) {
    List<Duration> pauses = new ArrayList<>();
    for (int again = 0; again < 15; again++) {
      learn(ASK, new Answer.Ran(new RunResult.Refused(verdict, WHY)));
      pauses.add(pause(ASK));
      pace.await(pace.mayGo(ASK).orElseThrow());
      // What is learned of the table and of a look is no success of this kind.
      learn(new Action.Read(), new Answer.Found(Optional.of(ROW)));
      learn(new Action.Look(false), new Answer.Shown(List.of()));
    }

    assertThat(pauses).isSorted().first().matches(Duration::isPositive);
    assertThat(pauses.getLast()).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(45));
    learn(ASK, new Answer.Ran(new RunResult.Answered(instance())));
    assertThat(pause(ASK)).isZero();
  }

  @Test
  void letsTheTablesPausesGrowUntilItAnswers() {
    Action write = new Action.Put(ROW, Map.of());
    List<Duration> pauses = new ArrayList<>();
    for (int again = 0; again < 6; again++) {
      learn(write, new Answer.NotWritten(Optional.of(ROW)));
      learn(new Action.Read(), new Answer.Found(Optional.of(ROW)));
      pauses.add(pause(write));
    }

    assertThat(pauses).isSorted().doesNotHaveDuplicates();
    learn(write, new Answer.Written(ROW));
    assertThat(pause(write)).isZero();
  }

  /** Read at once, it would be too old for the next try and read again. */
  @Test
  void readsTheRowAgainNoSoonerThanAWriteMayGoWhoseAnswerWasLost() {
    Action write = new Action.Put(ROW, Map.of());
    for (int again = 0; again < 6; again++) {
      learn(write, failed(Verdict.UNCLEAR));

      assertThat(pause(new Action.Read())).isPositive().isEqualTo(pause(write));
      learn(new Action.Read(), new Answer.Found(Optional.of(ROW)));
    }
  }

  /** One lost answer is enough to bring them a round apart. */
  @Test
  void pausesBothRolesThoughTheyAreARoundApart() {
    Duration[] longest = {Duration.ZERO, Duration.ZERO};
    for (int round = 0; round < 30; round++) {
      int turn = round % 2;
      Action asks = turn == 0 ? ASK : ASK_OTHER;
      Verdict verdict = round == 0 ? Verdict.UNCLEAR : Verdict.THROTTLED;
      learn(asks, new Answer.Ran(new RunResult.Refused(verdict, WHY)));
      longest[0] = max(longest[0], pause(ASK));
      longest[1] = max(longest[1], pause(ASK_OTHER));
      pace.await(NOW.plusSeconds(round));
    }

    assertThat(longest).allMatch(pause -> pause.compareTo(Duration.ofSeconds(13)) >= 0);
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  @Test
  void looksAgainTenSecondsLater() {
    learn(new Action.Look(false), new Answer.Shown(List.of()));

    assertThat(pause(new Action.Look(true))).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void endsOneInstanceAtOnceThoughAnotherIsNotTerminated() {
    learn(END, new Answer.Ended(new Termination.NotTerminated(Verdict.UNKNOWN_ID, WHY)));

    assertThat(pause(END)).isPositive();
    assertThat(pause(new Action.Terminate(Plans.TEACHER, new InstanceId("i-2"), false))).isZero();
  }

  @Test
  void asksForNothingMoreThatWasRefusedForGood() {
    learn(new Action.Look(false), failed(Verdict.CANDIDATE_REFUSED));

    assertThat(pace.mayGo(new Action.Look(true))).isEmpty();
    assertThat(pace.mayGo(ASK)).isPresent();
  }

  private static Answer failed(Verdict verdict) {
    return new Answer.Failed(new CallFailed("A call", verdict, WHY, null));
  }

  /** To start an instance and to record it takes that long, seldom more. */
  @Test
  void asksForAnInstanceOnlyWithFifteenSecondsLeftAndWritesTillTheEnd() {
    pace.await(NOW.plus(Duration.ofMinutes(9)).minusSeconds(15));
    assertThat(pause(ASK)).isZero();

    pace.await(NOW.plus(Duration.ofMinutes(9)).minusMillis(14_500));
    assertThat(pace.mayGo(ASK)).isEmpty();
    assertThat(pause(new Action.Put(ROW, Map.of()))).isZero();
    assertThat(pause(END)).isZero();
  }

  @Test
  void waitsNoLongerThanThereIsTimeFor() {
    for (int again = 0; again < 12; again++) {
      learn(ASK, new Answer.Ran(new RunResult.Refused(Verdict.THROTTLED, WHY)));
    }
    pace.await(NOW.plus(Duration.ofMinutes(9)).minusSeconds(20));
    learn(ASK, new Answer.Ran(new RunResult.Refused(Verdict.THROTTLED, WHY)));

    assertThat(pause(ASK)).isEqualTo(Duration.ofSeconds(5));
  }

  private void learn(Action action, Answer answer) {
    known.learn(action, answer, pace.now());
    pace.learn(action, answer, known);
  }

  private Duration pause(Action action) {
    return Duration.between(pace.now(), pace.mayGo(action).orElseThrow());
  }

  private static Action run(Role role) {
    return new Action.Run(
        role,
        Attempt.of(
            new ClaimId("claim"),
            OneMeeting.ID,
            role,
            0,
            Plans.request(OneMeeting.ID, role, "t3.large")));
  }

  private static Ec2Instance instance() {
    return new Ec2Instance(
        new InstanceId("i-1"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        NOW,
        new Ec2Instance.State.Running());
  }
}
