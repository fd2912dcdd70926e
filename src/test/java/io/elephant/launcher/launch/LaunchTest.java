package io.elephant.launcher.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.failure.CredentialsExpired;
import io.elephant.launcher.failure.LaunchIncomplete;
import io.elephant.launcher.failure.MeetingNotFound;
import io.elephant.launcher.failure.NoSubnet;
import io.elephant.launcher.failure.NotTerminated;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.LaunchRequest.LaunchTemplate;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult.CandidateRefused;
import io.elephant.launcher.instance.RunResult.Dead;
import io.elephant.launcher.instance.RunResult.OverQuota;
import io.elephant.launcher.instance.RunResult.RequestRefused;
import io.elephant.launcher.instance.RunResult.Started;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class LaunchTest {

  private static final Instant NOW = Instant.parse("2026-11-22T09:55:00Z");
  private static final Instant MEET_TIME = Instant.parse("2026-11-22T10:00:00Z");
  private static final MeetingId ID = new MeetingId("m-1");
  private static final Role TEACHER = new Role("teacher");
  private static final Role STUDENT = new Role("student");

  private final FakeInstances ec2 = new FakeInstances("us-west-2a", "us-west-2b", "us-west-2c");
  private final FakeMeetings meetings = new FakeMeetings();
  private final InstanceTemplate template = Plans.template("ami-0e7fd79d17e852d18");

  @BeforeEach
  void setTheClock() {
    ec2.setClock(() -> NOW);
  }

  @Test
  void startsOneInstancePerRoleAndNamesBothInTheRow() {
    meetings.put(scheduled());

    LaunchReport report = deliver();

    assertThat(report.status()).contains(Status.LAUNCHED);
    assertThat(report.instances().keySet()).containsExactly(TEACHER, STUDENT);
    assertThat(report.instances()).isEqualTo(meetings.row(ID).instances());
    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void usesTheFirstConfiguredZoneInWhateverOrderSubnetsAreListed(int turn) {
    meetings.put(scheduled());
    Collections.rotate(ec2.subnets, turn);

    LaunchReport report = deliver();

    assertThat(report.instances().values())
        .extracting(instance -> ec2.requestOf(instance).candidate().subnet().zone().name())
        .containsExactly("us-west-2a", "us-west-2a");
  }

  @Test
  void usesTheNextZoneWhereTheFirstHasNoDefaultSubnet() {
    meetings.put(scheduled());
    ec2.subnets.removeIf(subnet -> subnet.zone().name().equals("us-west-2a"));

    LaunchReport report = deliver();

    assertThat(report.instances().values())
        .extracting(instance -> ec2.requestOf(instance).candidate().subnet().zone().name())
        .containsOnly("us-west-2b");
  }

  @Test
  void saysInTheRowThatNoZoneHasADefaultSubnet() {
    meetings.put(scheduled());
    ec2.subnets.clear();

    assertThatExceptionOfType(NoSubnet.class).isThrownBy(this::deliver);
    assertThat(meetings.row(ID).status()).contains(Status.LAUNCH_FAILED);
    assertThat(meetings.failure(ID)).hasValueSatisfying(why -> assertThat(why).contains("subnet"));
    assertThat(ec2.runs).isEmpty();
  }

  @Test
  void tagsEachInstanceWithItsMeetingAndRole() {
    meetings.put(scheduled());

    InstanceId teacher = deliver().instances().get(TEACHER);

    assertThat(ec2.requestOf(teacher).tags())
        .containsOnly(
            Map.entry("Name", "m-1_teacher"),
            Map.entry("MeetingID", "m-1"),
            Map.entry("Role", "teacher"),
            Map.entry("Project", "Elephant"),
            Map.entry("LaunchedBy", "elephant-launch-ec2"));
  }

  @Test
  void callsTheFirstTokenOfARoleByMeetingAndRole() {
    meetings.put(scheduled());

    deliver();

    assertThat(ec2.runs)
        .extracting(attempt -> attempt.token().value())
        .containsExactly("m-1-teacher", "m-1-student");
  }

  @Test
  void doesNothingMoreHoweverOftenItIsDelivered() {
    meetings.put(scheduled());
    LaunchReport first = deliver();
    assertThat(first.outcome()).isEqualTo(Outcome.LAUNCHED);

    for (int again = 0; again < 10; again++) {
      assertThat(deliver())
          .isEqualTo(
              new LaunchReport(ID, first.status(), first.instances(), Outcome.ALREADY_LAUNCHED));
    }
    assertThat(ec2.live()).hasSize(2);
    assertThat(ec2.runs).hasSize(2);
  }

  @Test
  void startsOnlyTheRoleThatHasNoInstance() {
    InstanceId recorded = new InstanceId("i-0aaaaaaaaaaaaaaaa");
    meetings.put(meeting(Status.LAUNCHED, Map.of(TEACHER, recorded)));

    LaunchReport report = deliver();

    assertThat(report.instances()).containsEntry(TEACHER, recorded).containsKey(STUDENT);
    assertThat(ec2.live()).containsExactly(report.instances().get(STUDENT));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"DNS_WRITTEN", "HEALTHY", "IN_PROGRESS", "TERMINATED", "CANCELLED", "CANCELED"})
  void launchesNothingForAStatusThatIsNotToBeLaunched(String status) {
    Meeting row = meeting(new Status(status), Map.of());
    meetings.put(row);

    Outcome outcome =
        List.of("TERMINATED", "CANCELLED", "CANCELED").contains(status)
            ? Outcome.CANCELLED
            : Outcome.OTHER_STATUS;
    assertThat(deliver()).isEqualTo(new LaunchReport(ID, row.status(), Map.of(), outcome));
    assertThat(ec2.runs).isEmpty();
    assertThat(meetings.row(ID)).isEqualTo(row);
  }

  @Test
  void launchesAMeetingWithoutAStatusOrWhoseLastLaunchFailed() {
    meetings.put(new Meeting(ID, Optional.empty(), Optional.empty(), Map.of(), Optional.empty()));
    assertThat(deliver().status()).contains(Status.LAUNCHED);

    meetings.put(meeting(Status.LAUNCH_FAILED, Map.of()));
    assertThat(deliver().status()).contains(Status.LAUNCHED);
  }

  @Test
  void failsForAMeetingWithoutARowAndWritesNone() {
    assertThatExceptionOfType(MeetingNotFound.class)
        .isThrownBy(this::deliver)
        .withMessageContaining("m-1");
    assertThat(meetings.find(ID)).isEmpty();
    assertThat(ec2.runs).isEmpty();
  }

  @Test
  void launchesNothingOnceTheMeetingIsTooFarInThePast() {
    Meeting row = scheduled();
    meetings.put(row);

    LaunchReport report = deliverAt(MEET_TIME.plus(Duration.ofHours(1)));

    assertThat(report).isEqualTo(new LaunchReport(ID, row.status(), Map.of(), Outcome.TOO_LATE));
    assertThat(ec2.runs).isEmpty();
    assertThat(meetings.row(ID)).isEqualTo(row);
  }

  @Test
  void stillLaunchesJustBeforeItIsTooLate() {
    meetings.put(scheduled());

    assertThat(deliverAt(MEET_TIME.plus(Duration.ofHours(1)).minusMillis(1)).instances())
        .hasSize(2);
  }

  @Test
  void completesTheStatusWhereItsWriterDiedAfterTheIds() {
    InstanceId teacher = new InstanceId("i-0aaaaaaaaaaaaaaaa");
    InstanceId student = new InstanceId("i-0bbbbbbbbbbbbbbbb");
    meetings.put(meeting(Status.SCHEDULED, Map.of(TEACHER, teacher, STUDENT, student)));

    LaunchReport report = deliver();

    assertThat(report.status()).contains(Status.LAUNCHED);
    assertThat(report.outcome()).isEqualTo(Outcome.LAUNCHED);
    assertThat(ec2.runs).isEmpty();
  }

  @Test
  void repeatsTheSameRequestUntilEc2HasAnswered() {
    meetings.put(scheduled());
    ec2.answer(TEACHER, _ -> FakeInstances.lost());
    ec2.answer(TEACHER, _ -> FakeInstances.lost());

    LaunchReport report = deliver();

    assertThat(report.status()).contains(Status.LAUNCHED);
    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
  }

  @Test
  void failsWhenNoAnswerComesInTimeAndTheNextDeliveryFindsTheSameInstance() {
    meetings.put(scheduled());
    ec2.setShown(false);
    for (int lost = 0; lost < 1_000; lost++) {
      ec2.answer(TEACHER, _ -> FakeInstances.lost());
    }
    assertThatExceptionOfType(LaunchIncomplete.class)
        .isThrownBy(this::deliver)
        .withMessageContaining("teacher: NoAnswer");
    assertThat(meetings.row(ID).instances()).containsOnlyKeys(STUDENT);
    assertThat(meetings.row(ID).status()).contains(Status.LAUNCH_FAILED);
    assertThat(meetings.failure(ID))
        .hasValueSatisfying(why -> assertThat(why).contains("NoAnswer"));

    ec2.forgetAnswers();
    LaunchReport report = deliver();

    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
  }

  @Test
  void repeatsTheFrozenRequestWhateverIsConfiguredByThen() {
    meetings.put(scheduled());
    ec2.refuse(STUDENT, new RequestRefused(new Refusal("InvalidKeyPair.NotFound", "not yet")));
    assertThatExceptionOfType(LaunchIncomplete.class).isThrownBy(this::deliver);

    LaunchReport report =
        launch(List.of("us-west-2c"), Plans.template("ami-0ffffffffffffffff"))
            .launch(ID, invocation());

    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
    assertThat(report.instances().values())
        .extracting(instance -> ec2.requestOf(instance).imageId())
        .containsOnly("ami-0e7fd79d17e852d18");
  }

  @Test
  void repeatsTheVersionOfTheLaunchTemplateThatIsInTheRow() {
    String image = "ami-0e7fd79d17e852d18";
    LaunchTemplate seventh = new LaunchTemplate("lt-0e1efa27000000001", 7);
    LaunchTemplate eighth = new LaunchTemplate("lt-0e1efa27000000001", 8);
    meetings.put(scheduled());
    ec2.refuse(STUDENT, new RequestRefused(new Refusal("InvalidKeyPair.NotFound", "not yet")));
    assertThatExceptionOfType(LaunchIncomplete.class)
        .isThrownBy(() ->
            launch(List.of("us-west-2a"), Plans.template(image, Optional.of(seventh)))
                .launch(ID, invocation()));

    LaunchReport report =
        launch(List.of("us-west-2a"), Plans.template(image, Optional.of(eighth)))
            .launch(ID, invocation());

    assertThat(report.instances().values())
        .extracting(instance -> ec2.requestOf(instance).launchTemplate())
        .containsExactly(Optional.of(seventh), Optional.of(seventh));
  }

  @Test
  void recordsTheRoleThatStartedAndSaysInTheRowWhyTheOtherWasRefused() {
    meetings.put(scheduled());
    ec2.refuse(STUDENT, new RequestRefused(new Refusal("InvalidKeyPair.NotFound", "no")));

    assertThatExceptionOfType(LaunchIncomplete.class)
        .isThrownBy(this::deliver)
        .withMessageContaining("student: InvalidKeyPair.NotFound: no");
    assertThat(meetings.row(ID).instances()).containsOnlyKeys(TEACHER);
    assertThat(meetings.row(ID).status()).contains(Status.LAUNCH_FAILED);
    assertThat(meetings.failure(ID)).contains("student: InvalidKeyPair.NotFound: no");
  }

  @Test
  void goesOnToTheNextZoneAndThenToTheNextTypeWhereThereIsNoCapacity() {
    meetings.put(scheduled());
    ec2.fill(candidate ->
        candidate.instanceType().equals("t3.large")
            || !candidate.subnet().zone().name().equals("us-west-2c"));

    LaunchReport report = deliver();

    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
    assertThat(report.instances().values())
        .allSatisfy(instance -> {
          Candidate candidate = ec2.requestOf(instance).candidate();
          assertThat(candidate.instanceType()).isEqualTo("t3a.large");
          assertThat(candidate.subnet().zone().name()).isEqualTo("us-west-2c");
        });
    assertThat(ec2.runs)
        .extracting(attempt -> attempt.token().value())
        .contains("m-1-teacher", "m-1-teacher-1", "m-1-teacher-5")
        .doesNotHaveDuplicates();
  }

  @Test
  void goesRoundAgainUntilAZoneHasCapacity() {
    meetings.put(scheduled());
    ec2.fill(_ -> ec2.runs.size() < 50);

    LaunchReport report = deliver();

    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
  }

  @Test
  void saysInTheRowThatEverythingIsFullWithTheTimeForOneRequestLeftAndTheNextDeliveryGoesOn() {
    meetings.put(scheduled());
    ec2.fill(_ -> true);
    FakeInvocation invocation = invocation();

    assertThatExceptionOfType(LaunchIncomplete.class)
        .isThrownBy(() -> launch().launch(ID, invocation))
        .withMessageContaining("teacher: InsufficientInstanceCapacity");
    assertThat(invocation.remaining()).isBetween(Duration.ofSeconds(14), Duration.ofSeconds(16));
    assertThat(meetings.row(ID).status()).contains(Status.LAUNCH_FAILED);
    assertThat(meetings.failure(ID))
        .hasValueSatisfying(why ->
            assertThat(why)
                .contains(
                    "on-demand t3.large in us-west-2a: InsufficientInstanceCapacity",
                    "on-demand t3a.large in us-west-2c: InsufficientInstanceCapacity"));

    ec2.fill(_ -> false);
    assertThat(deliver().status()).contains(Status.LAUNCHED);
  }

  @Test
  void goesToTheNextTypeAndNotRoundTheZonesWhereAQuotaIsReached() {
    meetings.put(scheduled());
    OverQuota quota = new OverQuota(new Refusal("VcpuLimitExceeded", "limit"));
    ec2.refuse(TEACHER, quota);

    InstanceId teacher = deliver().instances().get(TEACHER);

    assertThat(ec2.requestOf(teacher).candidate().instanceType()).isEqualTo("t3a.large");
    assertThat(ec2.requestOf(teacher).candidate().subnet().zone().name()).isEqualTo("us-west-2a");
  }

  @Test
  void replacesAnInstanceThatDiedBeforeItWasRecordedAtMostTwice() {
    meetings.put(scheduled());
    letEveryInstanceDieUnheard(TEACHER);

    assertThatExceptionOfType(LaunchIncomplete.class)
        .isThrownBy(this::deliver)
        .withMessageContaining("3 instances died");
    assertThat(meetings.row(ID).status()).contains(Status.LAUNCH_FAILED);
    assertThat(meetings.row(ID).instances()).containsOnlyKeys(STUDENT);
    assertThat(ec2.live()).hasSize(1);

    int runs = ec2.runs.size();
    assertThatExceptionOfType(LaunchIncomplete.class).isThrownBy(this::deliver);
    assertThat(ec2.runs).hasSize(runs + 1);
    assertThat(ec2.live()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recordsNoInstanceThatItsTokenCallsDeadThoughEc2StillShowsItRunning(boolean byToken) {
    meetings.put(scheduled());
    ec2.setShowsDeadByToken(byToken);
    ec2.setShowsDeadAsRunning(true);
    for (int lost = 0; lost < 100; lost++) {
      ec2.answer(TEACHER, _ -> FakeInstances.lost());
    }
    assertThatExceptionOfType(LaunchIncomplete.class).isThrownBy(this::deliver);
    ec2.forgetAnswers();
    ec2.live().stream()
        .filter(instance -> !meetings.row(ID).instances().containsValue(instance))
        .forEach(ec2::kill);

    LaunchReport report = deliver();

    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
    assertThat(meetings.row(ID).state(TEACHER).orElseThrow().replaced()).isEqualTo(1);
  }

  @Test
  void launchesAgainOnceAnOperatorHasRemovedTheLaunchRecord() {
    meetings.put(scheduled());
    letEveryInstanceDieUnheard(TEACHER);
    assertThatExceptionOfType(LaunchIncomplete.class).isThrownBy(this::deliver);
    ec2.forgetAnswers();
    meetings.change(
        ID,
        row -> new Meeting(ID, row.status(), row.meetTime(), row.instances(), Optional.empty()));

    LaunchReport report = deliverAt(NOW.plusSeconds(60));

    assertThat(report.status()).contains(Status.LAUNCHED);
    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
  }

  @Test
  void givesUpARefusedRequestForTodaysConfiguration() {
    meetings.put(scheduled());
    ec2.refuse(TEACHER, new RequestRefused(new Refusal("InvalidAMIID.NotFound", "gone")));
    ec2.refuse(STUDENT, new RequestRefused(new Refusal("InvalidAMIID.NotFound", "gone")));
    assertThatExceptionOfType(LaunchIncomplete.class).isThrownBy(this::deliver);
    ec2.refuse(TEACHER, new RequestRefused(new Refusal("InvalidAMIID.NotFound", "gone")));
    ec2.refuse(STUDENT, new RequestRefused(new Refusal("InvalidAMIID.NotFound", "gone")));

    LaunchReport report =
        launch(List.of("us-west-2a"), Plans.template("ami-0ffffffffffffffff"))
            .launch(ID, new FakeInvocation(NOW.plusSeconds(70), Duration.ofMinutes(5)));

    assertThat(report.status()).contains(Status.LAUNCHED);
    assertThat(report.instances().values())
        .extracting(instance -> ec2.requestOf(instance).imageId())
        .containsOnly("ami-0ffffffffffffffff");
    assertThat(ec2.runs.getLast().token().value()).endsWith("-1");
  }

  @Test
  void saysThatALaunchFailedWhenItBecomesTooLateForIt() {
    meetings.put(scheduled());
    ec2.fill(_ -> true);
    assertThatExceptionOfType(LaunchIncomplete.class).isThrownBy(this::deliver);

    LaunchReport report = deliverAt(MEET_TIME.plus(Duration.ofHours(1)));

    assertThat(report.status()).contains(Status.LAUNCH_FAILED);
    assertThat(meetings.failure(ID)).hasValueSatisfying(why -> assertThat(why).contains("PT1H"));
  }

  @Test
  void takesTheInstanceThatItsTokenStartedWithAnotherRequest() {
    meetings.put(scheduled());
    LaunchReport first = deliver();
    meetings.put(scheduled());

    LaunchReport report =
        launch(List.of("us-west-2a"), Plans.template("ami-0ffffffffffffffff"))
            .launch(ID, invocation());

    assertThat(report.instances()).isEqualTo(first.instances());
    assertThat(ec2.live()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERMINATED", "CANCELLED"})
  void endsWithNoInstanceWhereTheMeetingIsCancelledMeanwhile(String cancelled) {
    meetings.put(scheduled());
    ec2.afterRun(() -> change(new Status(cancelled), Map.of()));

    LaunchReport report = deliver();

    assertThat(report.status()).contains(new Status(cancelled));
    assertThat(report.instances()).isEmpty();
    assertThat(ec2.live()).isEmpty();
  }

  @Test
  void endsWithNoInstanceAndNoRowWhereTheRowIsDeletedMeanwhile() {
    meetings.put(scheduled());
    ec2.afterRun(() -> meetings.delete(ID));

    assertThatExceptionOfType(MeetingNotFound.class).isThrownBy(this::deliver);
    assertThat(ec2.live()).isEmpty();
    assertThat(meetings.find(ID)).isEmpty();
  }

  @Test
  void terminatesItsOwnInstanceWhereTheRowNamesAnother() {
    InstanceId other = new InstanceId("i-0cccccccccccccccc");
    meetings.put(scheduled());
    ec2.afterRun(() -> change(Status.SCHEDULED, Map.of(TEACHER, other)));

    LaunchReport report = deliver();

    assertThat(report.instances()).containsEntry(TEACHER, other);
    assertThat(ec2.live()).containsExactly(report.instances().get(STUDENT));
  }

  @Test
  void leavesALaterStatusAloneAndKeepsNoInstanceThatTheRowDoesNotName() {
    meetings.put(scheduled());
    ec2.afterRun(() -> change(new Status("HEALTHY"), Map.of()));

    assertThat(deliver().status()).contains(new Status("HEALTHY"));
    assertThat(ec2.live()).isEmpty();
  }

  @Test
  void keepsTryingToTerminateAnInstanceThatEc2DoesNotKnowYet() {
    meetings.put(scheduled());
    ec2.afterRun(() -> {
      change(new Status("CANCELLED"), Map.of());
      ec2.live().forEach(ec2::notYetKnown);
    });

    assertThat(deliver().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(ec2.live()).isEmpty();
  }

  @Test
  void failsWhereAnInstanceCannotBeTerminatedAndEndsTheOthersAllTheSame() {
    meetings.put(scheduled());
    ec2.afterRun(() -> {
      change(new Status("CANCELLED"), Map.of());
      ec2.protect(ec2.live().iterator().next());
    });

    assertThatExceptionOfType(NotTerminated.class)
        .isThrownBy(this::deliver)
        .withMessageContaining("OperationNotPermitted");
    assertThat(ec2.live()).hasSize(1);
  }

  @Test
  void endsWhatAnEarlierDeliveryLeftOfAnAttemptThatTheLaunchHasLeft() {
    meetings.put(scheduled());
    InstanceId teacher = deliver().instances().get(TEACHER);
    LaunchState first = meetings.row(ID).state(TEACHER).orElseThrow();
    Attempt next = Attempt.of(first.attempt().claim(), ID, TEACHER, 1, first.attempt().request());
    InstanceId left = ((Started) ec2.run(next)).instance();
    LaunchState moved =
        first
            .movedTo(next, NOW, new Refusal("InsufficientInstanceCapacity", "full"))
            .with(left, false);
    meetings.change(
        ID,
        row ->
            new Meeting(
                ID,
                row.status(),
                row.meetTime(),
                Map.of(TEACHER, left, STUDENT, row.instances().get(STUDENT)),
                Optional.of(
                    new LaunchRecord(
                        Map.of(TEACHER, moved, STUDENT, row.state(STUDENT).orElseThrow())))));

    assertThat(deliver().outcome()).isEqualTo(Outcome.ALREADY_LAUNCHED);
    assertThat(ec2.live()).contains(left).doesNotContain(teacher).hasSize(2);
  }

  @Test
  void recordsAnAnswerThatComesAfterItsInvocationHasEnded() {
    meetings.put(scheduled());
    ec2.setShown(false);
    SlowInvocation slow = new SlowInvocation();

    assertThatExceptionOfType(LaunchIncomplete.class).isThrownBy(() -> launch().launch(ID, slow));
    assertThat(meetings.row(ID).instances()).isEmpty();
    slow.answerLate();

    assertThat(meetings.row(ID).instances().values())
        .containsExactlyInAnyOrderElementsOf(ec2.live())
        .hasSize(2);
  }

  @Test
  void endsWhatALateAnswerNamesWhereTheMeetingIsCancelledByThen() {
    meetings.put(scheduled());
    ec2.setShown(false);
    SlowInvocation slow = new SlowInvocation();
    assertThatExceptionOfType(LaunchIncomplete.class).isThrownBy(() -> launch().launch(ID, slow));
    change(new Status("CANCELLED"), Map.of());

    slow.answerLate();

    assertThat(ec2.live()).isEmpty();
  }

  @Test
  void sendsNoRequestForWhoseAnswerThereIsNoTime() {
    meetings.put(scheduled());

    assertThatExceptionOfType(LaunchIncomplete.class)
        .isThrownBy(() -> launch().launch(ID, new FakeInvocation(NOW, Duration.ofSeconds(14))));
    assertThat(ec2.runs).isEmpty();
  }

  @Test
  void goesOnToTheNextCandidateWhateverRefusesOneUntilAllHave() {
    meetings.put(scheduled());
    for (int refused = 0; refused < 6; refused++) {
      ec2.refuse(TEACHER, new CandidateRefused(new Refusal("UnauthorizedOperation", "denied")));
    }

    assertThatExceptionOfType(LaunchIncomplete.class).isThrownBy(this::deliver);

    assertThat(ec2.runs.stream().filter(run -> run.token().value().contains("teacher")))
        .extracting(run -> run.request().candidate())
        .hasSize(6)
        .doesNotHaveDuplicates();
    assertThat(meetings.row(ID).status()).contains(Status.LAUNCH_FAILED);
    assertThat(meetings.failure(ID))
        .hasValueSatisfying(why ->
            assertThat(why)
                .contains(
                    "t3.large in us-west-2a: UnauthorizedOperation: denied",
                    "t3a.large in us-west-2c: UnauthorizedOperation: denied"));
  }

  @Test
  void takesWhatALostAnswerHasStartedBeforeItLeavesARefusedAttempt() {
    meetings.put(scheduled());
    ec2.answer(TEACHER, _ -> FakeInstances.lost());
    ec2.answer(TEACHER, _ -> new CandidateRefused(new Refusal("UnauthorizedOperation", "denied")));

    LaunchReport report = deliver();

    assertThat(report.status()).contains(Status.LAUNCHED);
    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
    assertThat(ec2.runs).extracting(run -> run.token().value()).doesNotContain("m-1-teacher-1");
  }

  @Test
  void buysThreeInstancesOfALaunchAtTheMostOverAllDeliveries() {
    meetings.put(scheduled());
    for (int i = 0; i < 100; i++) {
      ec2.answer(
          TEACHER,
          result -> {
            if (result instanceof Started(InstanceId instance)) {
              ec2.kill(instance);
              return new Dead(FakeInstances.HOST_FAILED, Optional.of(NOW));
            }
            return result;
          });
    }

    for (int delivery = 0; delivery < 3; delivery++) {
      assertThatExceptionOfType(LaunchIncomplete.class)
          .isThrownBy(this::deliver)
          .withMessageContaining(FakeInstances.HOST_FAILED.code());
    }
    assertThat(
            ec2.runs.stream()
                .map(run -> run.token().value())
                .filter(token -> token.contains("teacher"))
                .distinct())
        .containsExactly("m-1-teacher", "m-1-teacher-1", "m-1-teacher-2");
    assertThat(meetings.failure(ID))
        .hasValueSatisfying(why -> assertThat(why).contains(FakeInstances.HOST_FAILED.message()));
  }

  @Test
  void launchesAMovedMeetingHoweverOftenItIsMoved() {
    meetings.put(scheduled());
    deliver();

    for (int moved = 0; moved < 6; moved++) {
      ec2.live().forEach(ec2::kill);
      change(Status.SCHEDULED, Map.of());
      LaunchReport report = deliver();

      assertThat(report.outcome()).isEqualTo(Outcome.LAUNCHED);
      assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
    }
  }

  @Test
  void launchesUnderTheNextTokenWhereTheConfigurationHasChangedSinceTheTokensInstanceDied() {
    meetings.put(scheduled());
    deliver();
    ec2.live().forEach(ec2::kill);
    meetings.put(scheduled());

    LaunchReport report =
        launch(List.of("us-west-2a"), Plans.template("ami-0ffffffffffffffff"))
            .launch(ID, new FakeInvocation(NOW.plusSeconds(60), Duration.ofMinutes(5)));

    assertThat(report.outcome()).isEqualTo(Outcome.LAUNCHED);
    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
    assertThat(report.instances().values())
        .extracting(instance -> ec2.requestOf(instance).imageId())
        .containsOnly("ami-0ffffffffffffffff");
  }

  @Test
  void launchesACopiedRowAnewAndNeverTouchesTheInstancesOfTheFirstMeeting() {
    meetings.put(scheduled());
    LaunchReport first = deliver();
    MeetingId copy = new MeetingId("m-2");
    Meeting row = meetings.row(ID);
    meetings.put(
        new Meeting(
            copy,
            Optional.of(Status.SCHEDULED),
            row.meetTime(),
            row.instances(),
            row.launchRecord()));

    LaunchReport second = launch().launch(copy, invocation());

    assertThat(second.outcome()).isEqualTo(Outcome.LAUNCHED);
    assertThat(second.instances().values())
        .hasSize(2)
        .doesNotContainAnyElementsOf(first.instances().values());
    meetings.change(
        copy,
        meeting ->
            new Meeting(
                copy,
                Optional.of(new Status("CANCELLED")),
                meeting.meetTime(),
                row.instances(),
                row.launchRecord()));
    launch().launch(copy, invocation());
    assertThat(ec2.live()).containsAll(first.instances().values());
  }

  @Test
  void keepsTheInstanceInUseWhereTheRowHasLostItsRecord() {
    meetings.put(scheduled());
    ec2.fill(candidate -> candidate.subnet().zone().name().equals("us-west-2a"));
    LaunchReport first = deliver();
    ec2.fill(_ -> false);
    meetings.put(scheduled());

    LaunchReport report =
        launch().launch(ID, new FakeInvocation(NOW.plusSeconds(600), Duration.ofMinutes(5)));

    assertThat(report.instances()).isEqualTo(first.instances());
    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(first.instances().values());
  }

  @Test
  void writesNoDeadInstanceIntoARowThatWasBookedAgain() {
    meetings.put(scheduled());
    ec2.afterRun(() -> {
      if (ec2.runs.size() == 2) {
        ec2.live().forEach(ec2::kill);
        meetings.put(scheduled());
      }
    });

    LaunchReport report = deliver();

    assertThat(report.outcome()).isEqualTo(Outcome.LAUNCHED);
    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
  }

  @Test
  void replacesATokensInstanceThatIsStopped() {
    meetings.put(scheduled());
    ec2.answer(
        TEACHER,
        result -> {
          ec2.stop(((Started) result).instance());
          return FakeInstances.lost();
        });

    LaunchReport report = deliver();

    assertThat(report.outcome()).isEqualTo(Outcome.LAUNCHED);
    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
  }

  @Test
  void launchesNothingMoreThanAnHourBeforeTheMeeting() {
    Meeting row = scheduled();
    meetings.put(row);
    Instant early = MEET_TIME.minus(Duration.ofHours(1));

    assertThat(deliverAt(early.minusMillis(1)))
        .isEqualTo(new LaunchReport(ID, row.status(), Map.of(), Outcome.TOO_EARLY));
    assertThat(ec2.runs).isEmpty();
    assertThat(meetings.row(ID)).isEqualTo(row);
    assertThat(deliverAt(early).outcome()).isEqualTo(Outcome.LAUNCHED);
  }

  @Test
  void recordsTheRoleThatStartedWhereTheOthersRequestThrows() {
    meetings.put(scheduled());
    ec2.answer(
        TEACHER,
        _ -> {
          throw new IllegalStateException("broken");
        });

    LaunchReport report = deliver();

    assertThat(report.status()).contains(Status.LAUNCHED);
    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
  }

  @Test
  void endsAtOnceWhereItsCredentialsHaveExpired() {
    meetings.put(scheduled());
    ec2.answer(
        TEACHER,
        _ -> {
          throw new CredentialsExpired(
              "RunInstances", new Refusal("ExpiredToken", "expired"), new RuntimeException());
        });
    FakeInvocation invocation = invocation();

    assertThatExceptionOfType(CredentialsExpired.class)
        .isThrownBy(() -> launch().launch(ID, invocation));
    assertThat(invocation.remaining()).isEqualTo(Duration.ofMinutes(5));
    assertThat(deliver().outcome()).isEqualTo(Outcome.LAUNCHED);
  }

  /** From now on the role's instances die before EC2's answer comes, which it never does. */
  private void letEveryInstanceDieUnheard(Role role) {
    for (int i = 0; i < 100; i++) {
      ec2.answer(
          role,
          result -> {
            if (result instanceof Started(InstanceId instance)) {
              ec2.kill(instance);
              return FakeInstances.lost();
            }
            return result;
          });
    }
  }

  private void change(Status status, Map<Role, InstanceId> instances) {
    meetings.change(
        ID,
        row -> new Meeting(ID, Optional.of(status), row.meetTime(), instances, row.launchRecord()));
  }

  private LaunchReport deliver() {
    return launch().launch(ID, invocation());
  }

  private LaunchReport deliverAt(Instant now) {
    return launch().launch(ID, new FakeInvocation(now, Duration.ofMinutes(5)));
  }

  private Launch launch() {
    return launch(List.of("us-west-2a", "us-west-2b", "us-west-2c"), template);
  }

  private Launch launch(List<String> zones, InstanceTemplate template) {
    return new Launch(
        meetings,
        ec2,
        Plans.of(
            List.of(TEACHER, STUDENT),
            List.of("t3.large", "t3a.large"),
            Plans.zones(zones.toArray(String[]::new)),
            template));
  }

  private static FakeInvocation invocation() {
    return new FakeInvocation(NOW, Duration.ofMinutes(5));
  }

  private static Meeting scheduled() {
    return meeting(Status.SCHEDULED, Map.of());
  }

  private static Meeting meeting(Status status, Map<Role, InstanceId> instances) {
    return new Meeting(
        ID, Optional.of(status), Optional.of(MEET_TIME), instances, Optional.empty());
  }
}
