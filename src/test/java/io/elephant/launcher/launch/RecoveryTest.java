package io.elephant.launcher.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.LaunchIncomplete;
import io.elephant.launcher.failure.NotTerminated;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.launch.Notice.Kind;
import io.elephant.launcher.launch.Recovery.Mode;
import io.elephant.launcher.launch.RecoveryReport.Result;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class RecoveryTest {

  private static final Instant NOW = Instant.parse("2026-11-22T09:55:00Z");
  private static final Instant MEET_TIME = Instant.parse("2026-11-22T10:00:00Z");
  private static final MeetingId ID = new MeetingId("m-1");
  private static final Role TEACHER = new Role("teacher");
  private static final Role STUDENT = new Role("student");
  private static final Refusal KEY =
      new Refusal("Client.InvalidKMSKey.InvalidState", "The KMS key may not be used");

  private final FakeInstances ec2 = new FakeInstances("us-west-2a", "us-west-2b", "us-west-2c");
  private final FakeMeetings meetings = new FakeMeetings();
  private final LaunchPlan plan = Plans.standard();

  @BeforeEach
  void launch() {
    ec2.setClock(() -> NOW);
    meetings.put(
        new Meeting(
            ID, Optional.of(Status.SCHEDULED), Optional.of(MEET_TIME), Map.of(), Optional.empty()));
    new Launch(meetings, ec2, plan).launch(ID, at(NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Server.SpotInstanceTermination",
        "Server.InternalError",
        "Client.InternalError",
        "Client.VolumeLimitExceeded",
        "Client.InvalidSnapshot.NotFound",
        "Client.InvalidKMSKey.InvalidState",
        "Client.SomethingNew"
      })
  void replacesAnInstanceThatEc2EndedByTheNextCandidate(String reason) {
    InstanceId lost = teacher();
    InstanceId student = meetings.row(ID).instances().get(STUDENT);
    ec2.kill(lost, new Refusal(reason, "it died"));

    RecoveryReport report = ended(lost);

    assertThat(report.result()).isEqualTo(Result.REPLACED);
    assertThat(report.why()).contains(reason);
    assertThat(report.instances()).isEqualTo(meetings.row(ID).instances());
    assertThat(meetings.row(ID).status()).contains(Status.LAUNCHED);
    assertThat(ec2.live()).containsExactlyInAnyOrder(teacher(), student);
    assertThat(ec2.requestOf(teacher()).candidate().subnet().zone())
        .isEqualTo(new Zone("us-west-2b"));
    assertThat(meetings.row(ID).state(TEACHER).orElseThrow().replaced()).isEqualTo(1);
    assertThat(report.missing()).isFalse();
  }

  @Test
  void findsNothingToDoWhereTheEventComesAgain() {
    InstanceId lost = teacher();
    ec2.kill(lost);
    ended(lost);
    int runs = ec2.runs.size();

    RecoveryReport again = ended(lost);

    assertThat(again.result()).isEqualTo(Result.NOT_NEEDED);
    assertThat(again.lost()).isEmpty();
    assertThat(ec2.runs).hasSize(runs);
  }

  @Test
  void goesOnWithAReplacementThatAnotherDeliveryHasBegun() {
    InstanceId lost = teacher();
    ec2.kill(lost);
    for (int unheard = 0; unheard < 1_000; unheard++) {
      ec2.answer(TEACHER, _ -> FakeInstances.lost());
    }
    ec2.setShown(true);
    assertThatExceptionOfType(LaunchIncomplete.class).isThrownBy(() -> ended(lost));
    assertThat(meetings.row(ID).instances()).doesNotContainKey(TEACHER);
    ec2.forgetAnswers();

    assertThat(ended(lost).result()).isEqualTo(Result.REPLACED);
    assertThat(ec2.live())
        .containsExactlyInAnyOrderElementsOf(meetings.row(ID).instances().values());
  }

  @Test
  void replacesTwoInstancesOfALaunchAndThenSaysLoudlyThatItStaysDead() {
    for (int death = 0; death < 2; death++) {
      InstanceId lost = teacher();
      ec2.kill(lost, KEY);
      assertThat(ended(lost).result()).isEqualTo(Result.REPLACED);
    }
    InstanceId last = teacher();
    ec2.kill(last, KEY);
    int runs = ec2.runs.size();

    for (int again = 0; again < 3; again++) {
      assertThatExceptionOfType(LaunchIncomplete.class)
          .isThrownBy(() -> ended(last))
          .withMessageContainingAll("3 instances died", KEY.code(), KEY.message());
    }

    assertThat(ec2.runs).hasSize(runs);
    assertThat(teacher()).isEqualTo(last);
    assertThat(meetings.row(ID).state(TEACHER).orElseThrow().reason())
        .hasValueSatisfying(why -> assertThat(why.code()).isEqualTo(KEY.code()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Client.UserInitiatedShutdown",
        "Client.InstanceInitiatedShutdown",
        "Client.UserInitiatedHibernate"
      })
  void reportsWhatSomebodyEndedOnPurpose(String reason) {
    InstanceId lost = teacher();
    Meeting before = meetings.row(ID);
    ec2.kill(lost, new Refusal(reason, "wanted"));

    RecoveryReport report = ended(lost);

    assertThat(report.result()).isEqualTo(Result.REPORTED);
    assertThat(report.why()).contains("on purpose");
    assertThat(report.missing()).isTrue();
    assertThat(meetings.row(ID)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"DNS_WRITTEN", "HEALTHY", "IN_PROGRESS"})
  void reportsALossOnceOthersHoldTheAddress(String status) {
    change(new Status(status));
    ec2.kill(teacher());

    RecoveryReport report = ended(teacher());

    assertThat(report.result()).isEqualTo(Result.REPORTED);
    assertThat(report.why()).contains(status);
    assertThat(report.missing()).isTrue();
  }

  @Test
  void reportsWithoutAnAlarmWhatIsEndedOnPurposeOnceOthersHoldTheAddress() {
    change(new Status("IN_PROGRESS"));
    ec2.kill(teacher(), new Refusal("Client.UserInitiatedShutdown", "the lesson is over"));

    assertThat(ended(teacher()).missing()).isFalse();
  }

  @Test
  void onlyReportsWhereItIsToldTo() {
    ec2.kill(teacher());
    Meeting before = meetings.row(ID);

    RecoveryReport report =
        new Recovery(meetings, ec2, plan, Mode.REPORT)
            .recover(new Notice(teacher(), Kind.ENDED), at(NOW));

    assertThat(report.result()).isEqualTo(Result.REPORTED);
    assertThat(report.missing()).isTrue();
    assertThat(meetings.row(ID)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CANCELLED", "CANCELED", "TERMINATED"})
  void doesNothingForAMeetingThatIsOver(String status) {
    change(new Status(status));
    ec2.kill(teacher());

    assertThat(ended(teacher()).result()).isEqualTo(Result.NOT_NEEDED);
  }

  @Test
  void doesNothingForAMeetingThatBeganTooLongAgoOrHasNoRow() {
    InstanceId lost = teacher();
    ec2.kill(lost);

    assertThat(
            recovery()
                .recover(new Notice(lost, Kind.ENDED), at(MEET_TIME.plusSeconds(3600)))
                .result())
        .isEqualTo(Result.NOT_NEEDED);
    meetings.delete(ID);
    assertThat(ended(lost).result()).isEqualTo(Result.NOT_NEEDED);
  }

  @Test
  void asksForNothingMoreWhereEc2ShowsNoSuchInstanceOfThisStack() {
    meetings.afterNextFind(() -> {
      throw new AssertionError("the row was read");
    });

    assertThat(ended(new InstanceId("i-0ffffffffffffffff")).result()).isEqualTo(Result.NOT_OURS);
  }

  @Test
  void doesNothingForAStateThatLosesNothing() {
    RecoveryReport report = recovery().recover(new Notice(teacher(), Kind.OTHER_STATE), at(NOW));

    assertThat(report.result()).isEqualTo(Result.NOT_NEEDED);
  }

  @Test
  void failsWhereDescribeInstancesStillShowsItRunningSoThatTheEventComesAgain() {
    assertThatExceptionOfType(InstancesFailed.class)
        .isThrownBy(() -> ended(teacher()))
        .withMessageContaining("NotYetShown");
    assertThat(ec2.live()).hasSize(2);
  }

  @Test
  void endsASpotInstanceThatIsTakenBackBeforeItIsReplaced() {
    InstanceId lost = teacher();
    ec2.notYetKnown(lost);

    RecoveryReport report = recovery().recover(new Notice(lost, Kind.INTERRUPTED), at(NOW));

    assertThat(report.result()).isEqualTo(Result.REPLACED);
    assertThat(report.why()).contains("Server.SpotInstanceTermination");
    assertThat(ec2.live()).doesNotContain(lost).hasSize(2);
  }

  @Test
  void replacesNoSpotInstanceThatCannotBeEnded() {
    InstanceId lost = teacher();
    ec2.protect(lost);

    assertThatExceptionOfType(NotTerminated.class)
        .isThrownBy(() -> recovery().recover(new Notice(lost, Kind.INTERRUPTED), at(NOW)));
    assertThat(teacher()).isEqualTo(lost);
    assertThat(ec2.live()).hasSize(2);
  }

  private InstanceId teacher() {
    return meetings.row(ID).instances().get(TEACHER);
  }

  private void change(Status status) {
    meetings.change(
        ID,
        row ->
            new Meeting(
                ID, Optional.of(status), row.meetTime(), row.instances(), row.launchRecord()));
  }

  private RecoveryReport ended(InstanceId instance) {
    return recovery().recover(new Notice(instance, Kind.ENDED), at(NOW.plusSeconds(30)));
  }

  private Recovery recovery() {
    return new Recovery(meetings, ec2, plan, Mode.REPLACE);
  }

  private static FakeInvocation at(Instant now) {
    return new FakeInvocation(now, Duration.ofMinutes(5));
  }
}
