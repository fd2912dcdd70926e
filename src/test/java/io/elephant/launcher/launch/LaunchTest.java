package io.elephant.launcher.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.LaunchFailure.LaunchIncomplete;
import io.elephant.launcher.failure.LaunchFailure.NoSubnet;
import io.elephant.launcher.failure.LaunchFailure.NotTerminated;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.fake.RowWrite;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.InstanceTemplate.LaunchTemplate;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class LaunchTest extends OneMeeting {

  @Test
  void startsOneInstancePerRoleAndNamesBothInTheRow() {
    Report report = deliver();

    assertLaunched(report);
    assertThat(report.outcome()).isEqualTo(Outcome.LAUNCHED);
    assertThat(report.instances().keySet()).containsExactly(TEACHER, STUDENT);
    assertThat(ec2.tokens()).containsExactly("m-1-teacher", "m-1-student");
    assertThat(invocation.steps())
        .containsExactly(
            new Step.Found(scheduled()),
            new Step.Asked(TEACHER, ec2.runs.getFirst(), ec2.run(ec2.runs.getFirst())),
            new Step.Asked(STUDENT, ec2.runs.get(1), ec2.run(ec2.runs.get(1))),
            new Step.Launched(Optional.of(state(TEACHER).claimed())));
    assertThat(ec2.requestOf(recorded(TEACHER)).tags())
        .containsOnly(
            Map.entry("Name", "m-1_teacher"),
            Map.entry("MeetingID", "m-1"),
            Map.entry("Role", "teacher"),
            Map.entry("Project", "Elephant"),
            Map.entry("LaunchedBy", Plans.STACK));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void usesTheFirstConfiguredZoneThatHasASubnetInWhateverOrderTheyAreListed(int turn) {
    Collections.rotate(ec2.subnets, turn);
    assertThat(ec2.placesOf(deliver().instances().values())).containsOnly("t3.large us-west-2a");

    meetings.put(scheduled());
    ec2.live().forEach(ec2::kill);
    ec2.subnets.removeIf(subnet -> subnet.zone().name().equals("us-west-2a"));
    assertThat(ec2.placesOf(deliver().instances().values())).containsOnly("t3.large us-west-2b");
  }

  @Test
  void saysInTheRowThatNoZoneHasADefaultSubnet() {
    ec2.subnets.clear();

    assertFails(NoSubnet.class);
    assertFailed("subnet");
    assertThat(ec2.runs).isEmpty();
  }

  @Test
  void doesNothingMoreHoweverOftenItIsDelivered() {
    Report first = deliver();

    for (int again = 0; again < 10; again++) {
      assertThat(deliver()).isEqualTo(first.because(Outcome.ALREADY_LAUNCHED, ""));
    }
    assertThat(ec2.live()).hasSize(2);
    assertThat(ec2.runs).hasSize(2);
  }

  @Test
  void launchesNothingMoreThanAnHourBeforeTheMeeting() {
    Instant early = MEET_TIME.minus(Duration.ofHours(1));

    assertThat(deliverAt(early.minusMillis(1)).outcome()).isEqualTo(Outcome.TOO_EARLY);
    assertThat(ec2.runs).isEmpty();
    assertThat(row()).isEqualTo(scheduled());
    assertLaunched(deliverAt(early));
  }

  @Test
  void saysThatALaunchFailedWhenItBecomesTooLateForIt() {
    ec2.full = _ -> true;
    assertFails(LaunchIncomplete.class);

    Report report = deliverAt(MEET_TIME.plus(Duration.ofHours(1)));

    assertThat(report.outcome()).isEqualTo(Outcome.GIVEN_UP);
    assertFailed("PT1H");
  }

  @Test
  void completesTheStatusWhereItsWriterDiedAfterTheIds() {
    meetings.put(
        meeting(
            Status.SCHEDULED,
            Map.of(TEACHER, new InstanceId("i-a"), STUDENT, new InstanceId("i-b"))));

    Report report = deliver();

    assertThat(report.status()).contains(Status.LAUNCHED);
    assertThat(report.outcome()).isEqualTo(Outcome.LAUNCHED);
    assertThat(ec2.runs).isEmpty();
  }

  @Test
  void failsWhenNoAnswerComesInTimeAndTheNextDeliveryFindsTheSameInstance() {
    ec2.setShown(false);
    ec2.loseAnswers(TEACHER, 1_000);

    assertFails(LaunchIncomplete.class).withMessageContaining("teacher: NoAnswer");
    assertThat(row().instances()).containsOnlyKeys(STUDENT);
    assertFailed("NoAnswer");
    ec2.forgetAnswers();

    assertLaunched(deliver());
  }

  @Test
  void repeatsTheFrozenRequestWhateverIsConfiguredByThen() {
    ec2.refuse(STUDENT, 1, Verdict.REQUEST_REFUSED, "InvalidKeyPair.NotFound", "not yet");
    assertFails(LaunchIncomplete.class);
    plan = plan(OTHER_IMAGE);

    assertLaunched(deliver());
    assertThat(row().instances().values())
        .extracting(instance -> ec2.requestOf(instance).template().imageId())
        .containsOnly(IMAGE);
  }

  @Test
  void repeatsTheVersionOfTheLaunchTemplateThatIsInTheRow() {
    plan = byTemplate(7);
    ec2.refuse(STUDENT, 1, Verdict.REQUEST_REFUSED, "InvalidKeyPair.NotFound", "not yet");
    assertFails(LaunchIncomplete.class);
    plan = byTemplate(8);

    assertThat(deliver().instances().values())
        .extracting(instance -> ec2.requestOf(instance).template().launchTemplate())
        .containsExactly(Optional.of(version(7)), Optional.of(version(7)));
  }

  private static LaunchTemplate version(int number) {
    return new LaunchTemplate("lt-0e1efa27000000001", number);
  }

  private static LaunchPlan byTemplate(int number) {
    return Plans.of(
        List.of(TEACHER, STUDENT),
        List.of("t3.large"),
        Plans.zones("us-west-2a"),
        Plans.template(IMAGE, Optional.of(version(number))));
  }

  @Test
  void givesUpARefusedRequestForTodaysConfiguration() {
    for (Role role : plan.roles()) {
      ec2.refuse(role, 2, Verdict.REQUEST_REFUSED, "InvalidAMIID.NotFound", "gone");
    }
    assertFails(LaunchIncomplete.class).returns("InvalidAMIID.NotFound", LaunchIncomplete::reason);
    plan = plan(OTHER_IMAGE);

    assertLaunched(deliver());
    assertThat(row().instances().values())
        .extracting(instance -> ec2.requestOf(instance).template().imageId())
        .containsOnly(OTHER_IMAGE);
    assertThat(invocation.steps())
        .filteredOn(Step.Renewed.class::isInstance)
        .hasSize(2)
        .contains(new Step.Renewed(STUDENT, ec2.runs.getLast()));
    assertThat(ec2.tokens().getLast()).endsWith("-1");
  }

  @Test
  void recordsTheRoleThatStartedWhereTheOthersRequestThrows() {
    ec2.answer(
        TEACHER,
        _ -> {
          throw new IllegalStateException("broken");
        });

    assertLaunched(deliver());
  }

  @Test
  void saysInTheRowThatEverythingIsFullWithTheTimeForOneRequestLeftAndTheNextDeliveryGoesOn() {
    ec2.full = _ -> true;

    assertFails(LaunchIncomplete.class)
        .withMessageContaining("teacher: InsufficientInstanceCapacity")
        .returns("InsufficientInstanceCapacity", LaunchIncomplete::reason);
    assertThat(invocation.remaining()).isBetween(Duration.ofSeconds(14), Duration.ofSeconds(16));
    assertFailed(
        "on-demand t3.large in us-west-2a: InsufficientInstanceCapacity",
        "on-demand t3a.large in us-west-2c: InsufficientInstanceCapacity");

    ec2.full = _ -> false;
    assertLaunched(deliver());
  }

  @Test
  void goesToTheNextTypeAndNotRoundTheZonesWhereAQuotaIsReached() {
    ec2.model.setOverQuota("t3.large", true);

    assertThat(ec2.placesOf(deliver().instances().values())).containsOnly("t3a.large us-west-2a");
    assertThat(ec2.runs).hasSize(4);
    Refusal why = new Refusal("VcpuLimitExceeded", "no more of t3.large");
    Candidate from = ec2.runs.getFirst().request().candidate();
    Candidate to = ec2.requestOf(recorded(TEACHER)).candidate();
    assertThat(invocation.steps())
        .contains(
            new Step.Asked(
                TEACHER, ec2.runs.getFirst(), new RunResult.Refused(Verdict.OVER_QUOTA, why)),
            new Step.FellBack(TEACHER, from, to));
  }

  @Test
  void goesOnToTheNextCandidateWhateverRefusesOneUntilAllHave() {
    ec2.refuse(TEACHER, 6, Verdict.CANDIDATE_REFUSED, "UnauthorizedOperation", "denied");

    assertFails(LaunchIncomplete.class);

    assertThat(ec2.runs.stream().filter(run -> run.token().value().contains("teacher")))
        .extracting(run -> run.request().candidate())
        .hasSize(6)
        .doesNotHaveDuplicates();
    assertFailed(
        "t3.large in us-west-2a: UnauthorizedOperation: denied",
        "t3a.large in us-west-2c: UnauthorizedOperation: denied");
  }

  @Test
  void takesWhatALostAnswerHasStartedBeforeItLeavesARefusedAttempt() {
    ec2.loseAnswers(TEACHER, 1);
    ec2.answer(
        TEACHER,
        _ -> new RunResult.Refused(Verdict.CANDIDATE_REFUSED, new Refusal("Denied", "denied")));

    assertLaunched(deliver());
    assertThat(ec2.tokens()).doesNotContain("m-1-teacher-1");
    assertThat(invocation.steps()).contains(new Step.Adopted(TEACHER, recorded(TEACHER)));
  }

  @Test
  void replacesAnInstanceThatDiedBeforeItWasRecordedAtMostTwice() {
    letEveryInstanceEndUnheard(TEACHER);

    assertFails(LaunchIncomplete.class).withMessageContaining("3 instances ended");
    assertThat(row().status()).contains(Status.LAUNCH_FAILED);
    assertThat(row().instances()).containsOnlyKeys(STUDENT);
    assertThat(ec2.live()).hasSize(1);

    int runs = ec2.runs.size();
    assertFails(LaunchIncomplete.class);
    assertThat(ec2.runs).hasSize(runs + 1);
    assertThat(ec2.live()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recordsNoInstanceThatItsTokenCallsDeadThoughEc2StillShowsItRunning(boolean byToken) {
    ec2.bringsDeadBack = byToken;
    ec2.setShown(false);
    ec2.loseAnswers(TEACHER, 1_000);
    assertFails(LaunchIncomplete.class);
    ec2.forgetAnswers();
    ec2.setShown(true);
    ec2.showsDeadAsRunning = true;
    ec2.live().stream().filter(one -> !row().instances().containsValue(one)).forEach(ec2::kill);

    assertLaunched(deliver());
    assertThat(state(TEACHER).replaced()).isEqualTo(1);
  }

  @Test
  void launchesAgainOnceAnOperatorHasRemovedTheLaunchRecord() {
    letEveryInstanceEndUnheard(TEACHER);
    assertFails(LaunchIncomplete.class);
    ec2.forgetAnswers();
    meetings.put(
        new Meeting(ID, row().status(), row().meetTime(), row().instances(), Optional.empty()));

    assertLaunched(deliverAt(NOW.plusSeconds(600)));
  }

  /** The attempt's token answers what is stopped: it is ended, and another one is launched. */
  @Test
  void replacesATokensInstanceThatIsStopped() {
    ec2.answer(
        TEACHER,
        result -> {
          ec2.stop(((RunResult.Answered) result).instance().id(), WHY);
          return FakeInstances.lost();
        });

    assertLaunched(deliver());
    assertThat(state(TEACHER).replaced()).isEqualTo(1);
    assertThat(invocation.steps())
        .filteredOn(Step.Replaced.class::isInstance)
        .containsExactly(new Step.Replaced(TEACHER, ec2.runs.getLast()));
  }

  @Test
  void terminatesItsOwnInstanceWhereTheRowNamesAnother() {
    InstanceId other = start(TEACHER, 7);
    ec2.afterRun = () -> change("SCHEDULED", Map.of(TEACHER, other));

    Report report = deliver();

    assertLaunched(report);
    assertThat(report.instances()).containsEntry(TEACHER, other);
    InstanceId own = new InstanceId("i-00000000000000002");
    assertThat(invocation.steps()).contains(new Step.Superseded(TEACHER, own));
  }

  /** A stale copy of the row can name one that is long dead. */
  @ParameterizedTest
  @ValueSource(ints = {60, 3_660})
  void saysThatAnInstanceIsMissingWhereTheRowNamesOneThatHasEnded(int secondsAgo) {
    InstanceId other = start(TEACHER, 7);
    ec2.kill(other);
    ec2.afterRun = () -> change("SCHEDULED", Map.of(TEACHER, other));

    Report report = deliverAt(NOW.plusSeconds(secondsAgo));

    assertThat(report.missing().orElseThrow()).contains(other.value());
  }

  @Test
  void keepsTryingToTerminateAnInstanceThatEc2DoesNotKnowYet() {
    ec2.afterRun =
        () -> {
          change("CANCELLED", Map.of());
          ec2.live().forEach(instance -> ec2.unknownFor(instance, Duration.ofSeconds(20)));
        };

    assertThat(deliver().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(ec2.live()).isEmpty();
    InstanceId first = new InstanceId("i-00000000000000001");
    assertThat(invocation.steps()).contains(new Step.Cancelled(TEACHER, first));
  }

  @Test
  void failsWhereAnInstanceCannotBeTerminatedAndEndsTheOthersAllTheSame() {
    ec2.afterRun =
        () -> {
          change("CANCELLED", Map.of());
          ec2.instance(new InstanceId("i-00000000000000001")).protect(true);
        };

    assertFails(NotTerminated.class).withMessageContaining("OperationNotPermitted");
    assertThat(ec2.live()).hasSize(1);
  }

  @Test
  void endsWhatAnEarlierDeliveryLeftOfAnAttemptThatTheLaunchHasLeft() {
    deliver();
    InstanceId left = recorded(TEACHER);
    InstanceId recorded = start(TEACHER, 1);
    LaunchState moved = left(state(TEACHER)).with(recorded, false);
    meetings.put(RowWrite.with(row(), Map.of(TEACHER, moved)));
    change("LAUNCHED", Map.of(TEACHER, recorded, STUDENT, recorded(STUDENT)));

    assertThat(deliver().outcome()).isEqualTo(Outcome.ALREADY_LAUNCHED);
    assertThat(ec2.live()).contains(recorded).doesNotContain(left).hasSize(2);
  }

  /** Whoever moves a meeting takes its ids out; the instances are ended by then, or later. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void launchesAMovedMeetingHoweverOftenItIsMoved(boolean endedLater) {
    deliver();

    for (int moved = 1; moved <= 6; moved++) {
      List<InstanceId> old = List.copyOf(ec2.live());
      change("SCHEDULED", Map.of());
      if (!endedLater) {
        old.forEach(ec2::kill);
      }
      Report report = deliver();
      old.forEach(ec2::kill);

      assertThat(report.outcome()).isEqualTo(Outcome.LAUNCHED);
      assertLaunched(report);
    }
  }

  @Test
  void launchesACopiedRowAnewAndNeverTouchesTheInstancesOfTheFirstMeeting() {
    Report first = deliver();
    MeetingId copy = new MeetingId("m-2");
    Meeting row = row();
    meetings.put(copyOf(row, copy, Status.SCHEDULED));

    Report second = launch().launch(copy, at(NOW.plusSeconds(60)));

    assertThat(second.outcome()).isEqualTo(Outcome.LAUNCHED);
    assertThat(second.instances().values())
        .hasSize(2)
        .doesNotContainAnyElementsOf(first.instances().values());
    meetings.put(copyOf(row, copy, new Status("CANCELLED")));
    launch().launch(copy, at(NOW.plusSeconds(60)));
    assertThat(ec2.live()).containsAll(first.instances().values());
  }

  private static Meeting copyOf(Meeting row, MeetingId copy, Status status) {
    return new Meeting(
        copy, Optional.of(status), row.meetTime(), row.instances(), row.launchRecord());
  }

  @Test
  void keepsTheInstanceInUseWhereTheRowHasLostItsRecord() {
    ec2.full = candidate -> candidate.subnet().zone().name().equals("us-west-2a");
    Report first = deliver();
    ec2.full = _ -> false;
    meetings.put(scheduled());

    assertLaunched(deliver());
    assertThat(row().instances()).isEqualTo(first.instances());
  }

  @Test
  void writesNoDeadInstanceIntoARowThatWasBookedAgain() {
    ec2.afterRun =
        () -> {
          if (ec2.runs.size() == 2) {
            ec2.live().forEach(ec2::kill);
            meetings.put(scheduled());
          }
        };

    assertLaunched(deliver());
  }

  @Test
  void endsAtOnceWhereItsCredentialsHaveExpired() {
    ec2.answer(
        TEACHER,
        _ -> {
          throw new CallFailed("RunInstances", Verdict.EXPIRED, WHY, null);
        });

    assertFails(CallFailed.class).returns(Verdict.EXPIRED, CallFailed::verdict);
    assertThat(invocation.remaining()).isEqualTo(Duration.ofMinutes(9));
    assertLaunched(deliver());
  }

  /** From now on the role's instances end before EC2's answer comes, which it never does. */
  private void letEveryInstanceEndUnheard(Role role) {
    for (int i = 0; i < 100; i++) {
      ec2.answer(
          role,
          result -> {
            if (result instanceof RunResult.Answered(var instance) && instance.runs()) {
              ec2.kill(instance.id());
              return FakeInstances.lost();
            }
            return result;
          });
    }
  }
}
