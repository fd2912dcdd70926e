package io.elephant.launcher.launch;

import static io.elephant.launcher.launch.OneMeeting.NOW;
import static io.elephant.launcher.launch.OneMeeting.WHY;
import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {

  private static final Meeting ROW =
      new Meeting(
          OneMeeting.ID,
          Optional.of(Status.SCHEDULED),
          Optional.empty(),
          Map.of(),
          Optional.empty());
  private static final Action.Run ASK = run(Plans.TEACHER);
  private static final Action.Run ASK_OTHER = run(Plans.STUDENT);
  private static final Action WRITE = new Action.Put(ROW, Map.of());
  private static final Action END =
      new Action.Terminate(Plans.TEACHER, new InstanceId("i-1"), false);

  private final FakeInvocation invocation = new FakeInvocation(NOW, Duration.ofMinutes(9));
  private final Pace pace = new Pace(invocation);
  private final Knowledge known =
      new Knowledge(OneMeeting.ID, Plans.standard(), "delivery", Optional.empty());

  @Test
  void letsAFirstTryGoAtOnce() {
    for (Action action : List.of(new Action.Read(), WRITE, ASK, new Action.Look(true), END)) {
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
      learn(ASK, refused(verdict));
      pauses.add(pause(ASK));
      pace.await(pace.mayGo(ASK).orElseThrow());
      // What is learned of the table and of a look is no success of this kind.
      learn(new Action.Read(), new Answer.Found(Optional.of(ROW)));
      learn(new Action.Look(false), new Answer.Shown(List.of()));
    }

    assertThat(pauses).isSorted().first().matches(Duration::isPositive);
    assertThat(pauses.getLast()).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(45));
    learn(ASK, new Answer.Ran(new FakeInstances().run(ASK.attempt())));
    assertThat(pause(ASK)).isZero();
  }

  /** Read at once after a lost answer, the row would be too old for the next try. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void letsTheTablesPausesGrowUntilItAnswersAndReadsNoSooner(boolean isLost) {
    List<Duration> pauses = new ArrayList<>();
    for (int again = 0; again < 6; again++) {
      learn(WRITE, isLost ? failed(Verdict.UNCLEAR) : new Answer.NotWritten(Optional.of(ROW)));
      pauses.add(pause(WRITE));
      assertThat(pause(new Action.Read())).isEqualTo(isLost ? pause(WRITE) : Duration.ZERO);
      learn(new Action.Read(), new Answer.Found(Optional.of(ROW)));
    }

    assertThat(pauses).isSorted().doesNotHaveDuplicates().first().matches(Duration::isPositive);
    learn(WRITE, new Answer.Written(ROW));
    assertThat(pause(WRITE)).isZero();
  }

  /** One lost answer is enough to bring them a round apart. */
  @Test
  void pausesBothRolesThoughTheyAreARoundApart() {
    List<Duration> pauses = new ArrayList<>();
    List<Duration> pausesOfOther = new ArrayList<>();
    for (int round = 0; round < 30; round++) {
      Verdict verdict = round == 0 ? Verdict.UNCLEAR : Verdict.THROTTLED;
      learn(round % 2 == 0 ? ASK : ASK_OTHER, refused(verdict));
      pauses.add(pause(ASK));
      pausesOfOther.add(pause(ASK_OTHER));
      pace.await(NOW.plusSeconds(round));
    }

    assertThat(Collections.max(pauses)).isGreaterThanOrEqualTo(Duration.ofSeconds(13));
    assertThat(Collections.max(pausesOfOther)).isGreaterThanOrEqualTo(Duration.ofSeconds(13));
  }

  /** Half a launch helps nobody: whoever has one instance asks for the other more often. */
  @Test
  void pausesEverLongerAndMoreShortlyOnceItHasOneInstance() {
    assertThat(pausesWhileThrottled(9))
        .isSorted()
        .startsWith(Duration.ofSeconds(1))
        .endsWith(Duration.ofSeconds(26));

    learn(ASK_OTHER, new Answer.Ran(new FakeInstances().run(ASK_OTHER.attempt())));

    assertThat(pausesWhileThrottled(15))
        .isSorted()
        .allSatisfy(
            pause -> assertThat(pause).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(6)));
  }

  private List<Duration> pausesWhileThrottled(int times) {
    List<Duration> pauses = new ArrayList<>();
    for (int again = 0; again < times; again++) {
      learn(ASK, refused(Verdict.THROTTLED));
      pauses.add(pause(ASK));
      pace.await(pace.mayGo(ASK).orElseThrow());
    }
    return pauses;
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

  /** To start an instance and to record it takes that long, seldom more. */
  @Test
  void asksForAnInstanceOnlyWithFifteenSecondsLeftAndWritesTillTheEnd() {
    pace.await(NOW.plus(Duration.ofMinutes(9)).minusSeconds(15));
    assertThat(pause(ASK)).isZero();

    pace.await(NOW.plus(Duration.ofMinutes(9)).minusMillis(14_500));
    assertThat(pace.mayGo(ASK)).isEmpty();
    assertThat(pause(WRITE)).isZero();
    assertThat(pause(END)).isZero();
  }

  @Test
  void waitsNoLongerThanThereIsTimeFor() {
    for (int again = 0; again < 12; again++) {
      learn(ASK, refused(Verdict.THROTTLED));
    }
    pace.await(NOW.plus(Duration.ofMinutes(9)).minusSeconds(20));
    learn(ASK, refused(Verdict.THROTTLED));

    assertThat(pause(ASK)).isEqualTo(Duration.ofSeconds(5));
  }

  private static Answer failed(Verdict verdict) {
    return new Answer.Failed(new CallFailed("A call", verdict, WHY, null));
  }

  private static Answer refused(Verdict verdict) {
    return new Answer.Ran(new RunResult.Refused(verdict, WHY));
  }

  private void learn(Action action, Answer answer) {
    known.learn(action, answer, pace.now());
    pace.learn(action, answer, known);
  }

  private Duration pause(Action action) {
    return Duration.between(pace.now(), pace.mayGo(action).orElseThrow());
  }

  private static Action.Run run(Role role) {
    return new Action.Run(
        role,
        Attempt.of(
            new ClaimId("claim"),
            OneMeeting.ID,
            role,
            0,
            Plans.request(OneMeeting.ID, role, "t3.large")));
  }
}
