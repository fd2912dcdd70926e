package io.elephant.launcher.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.LaunchFailure.LaunchIncomplete;
import io.elephant.launcher.failure.LaunchFailure.NotKnown;
import io.elephant.launcher.failure.LaunchFailure.NotTerminated;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.launch.Notice.Kind;
import io.elephant.launcher.meeting.Meeting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

public class RecoveryTest extends OneMeeting {

  private static final InstanceId NEVER_GIVEN = new InstanceId("i-0ffffffffffffffff");
  private static final Refusal KEY =
      new Refusal("Client.InvalidKMSKey.InvalidState", "The KMS key may not be used");

  @BeforeEach
  void launchTheMeeting() {
    deliver();
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
    InstanceId student = recorded(STUDENT);
    InstanceId lost = recorded(TEACHER);
    ec2.kill(lost, new Refusal(reason, "it died"));

    Report report = ended(lost);

    assertThat(report.outcome()).isEqualTo(Outcome.REPLACED);
    assertThat(report.why()).contains(reason);
    assertThat(report.lost()).map(Loss::instance).contains(lost);
    assertThat(report.missing()).isEmpty();
    assertLaunched(report);
    assertThat(report.instances()).containsEntry(STUDENT, student).doesNotContainValue(lost);
    assertThat(ec2.placesOf(List.of(recorded(TEACHER)))).containsExactly("t3.large us-west-2b");
    assertThat(state(TEACHER).replaced()).isEqualTo(1);
    assertThat(state(TEACHER).takenOut()).containsExactly(lost);
  }

  /** EC2 takes the tags off by and by; the token and the row still say whose it is. */
  @ParameterizedTest
  @CsvSource({"true, REPLACED", "false, NOT_OURS"})
  void knowsAnInstanceWithoutTagsByItsTokenWhereTheRowNamesIt(boolean named, Outcome outcome) {
    InstanceId lost = recorded(TEACHER);
    ec2.kill(lost);
    ec2.instance(lost).losesTagsAt(0);
    if (!named) {
      meetings.put(scheduled());
    }

    assertThat(ended(lost).outcome()).isEqualTo(outcome);
  }

  @Test
  void replacesTwoInstancesOfALaunchAndThenSaysLoudlyThatItStaysDead() {
    for (int death = 0; death < 2; death++) {
      InstanceId lost = recorded(TEACHER);
      ec2.kill(lost, KEY);
      assertThat(ended(lost).outcome()).isEqualTo(Outcome.REPLACED);
    }
    InstanceId last = recorded(TEACHER);
    ec2.kill(last, KEY);
    int runs = ec2.runs.size();

    for (int again = 0; again < 3; again++) {
      assertThatExceptionOfType(LaunchIncomplete.class)
          .isThrownBy(() -> ended(last))
          .withMessageContainingAll("3 instances ended", KEY.code(), KEY.message());
    }

    assertThat(ec2.runs).hasSize(runs);
    assertThat(recorded(TEACHER)).isEqualTo(last);
    assertThat(state(TEACHER).reason()).map(Refusal::code).contains(KEY.code());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Client.UserInitiatedShutdown",
        "Client.InstanceInitiatedShutdown",
        "Client.UserInitiatedHibernate"
      })
  void reportsWhatSomebodyEndedOnPurpose(String reason) {
    Meeting before = row();
    ec2.kill(recorded(TEACHER), new Refusal(reason, "wanted"));

    assertReported(ended(recorded(TEACHER)), "on purpose");
    assertThat(row()).isEqualTo(before);
  }

  @Test
  void onlyReportsWhereItIsToldTo() {
    InstanceId lost = recorded(TEACHER);
    ec2.kill(lost);
    Meeting before = row();

    assertReported(
        new Launch(meetings, ec2, plan, Recovery.REPORT)
            .recover(notice(lost, Kind.ENDED), at(NOW.plusSeconds(60))),
        "RECOVERY_MODE");
    assertThat(row()).isEqualTo(before);
  }

  @Test
  void doesNothingForAStateThatLosesNothing() {
    assertThat(told(recorded(TEACHER), Kind.OTHER_STATE).outcome()).isEqualTo(Outcome.NOT_NEEDED);
  }

  @Test
  void asksForNothingMoreWhereEc2ShowsNoSuchInstanceOfThisStack() {
    meetings.afterNextFind =
        () -> {
          throw new AssertionError("the row was read");
        };

    assertThat(
            launch()
                .recover(
                    new Notice(NEVER_GIVEN, Kind.ENDED, Optional.of(NOW.minusSeconds(600))),
                    at(NOW.plusSeconds(60)))
                .outcome())
        .isEqualTo(Outcome.NOT_OURS);
    assertThat(next().now()).as("after five seconds").isBefore(NOW.plusSeconds(70));
  }

  /** DescribeInstances lags behind the notice, which is delivered again. */
  @Test
  void failsWhereEc2DoesNotKnowYetWhoseTheInstanceIs() {
    Instant told = next().now();
    assertThatExceptionOfType(NotKnown.class).isThrownBy(() -> ended(NEVER_GIVEN));
    assertThat(next().now()).as("after half a minute").isBefore(told.plusSeconds(40));
  }

  @Test
  void failsWhereDescribeInstancesStillShowsItRunningSoThatTheEventComesAgain() {
    assertThatExceptionOfType(CallFailed.class)
        .isThrownBy(() -> ended(recorded(TEACHER)))
        .withMessageContaining("NotYetShown");
    assertThat(ec2.live()).hasSize(2);
  }

  /** EC2 takes a spot instance back, or retires the host of one, which stops it. */
  @ParameterizedTest
  @CsvSource({"INTERRUPTED, Server.SpotInstanceTermination", "STOPPED, Server.ScheduledStop"})
  void endsWhatIsStillThereBeforeItIsReplaced(Kind kind, String why) {
    InstanceId lost = recorded(TEACHER);
    if (kind == Kind.STOPPED) {
      ec2.stop(lost, new Refusal(why, "Stopped due to scheduled retirement"));
    }
    at(NOW.plusSeconds(60));
    ec2.unknownFor(lost, Duration.ofSeconds(20));

    Report report = told(lost, kind);

    assertThat(report.outcome()).isEqualTo(Outcome.REPLACED);
    assertThat(report.why()).contains(why);
    assertLaunched(report);
  }

  @Test
  void replacesNoSpotInstanceThatCannotBeEnded() {
    InstanceId lost = recorded(TEACHER);
    ec2.instance(lost).protect(true);

    assertThatExceptionOfType(NotTerminated.class).isThrownBy(() -> told(lost, Kind.INTERRUPTED));
    assertThat(recorded(TEACHER)).isEqualTo(lost);
    assertThat(ec2.live()).hasSize(2);
  }

  /** The meeting counts on it, and nobody replaces it. */
  private static void assertReported(Report report, String why) {
    assertThat(report.outcome()).isEqualTo(Outcome.REPORTED);
    assertThat(report.why()).contains(why);
    assertThat(report.lost()).isPresent();
    assertThat(report.missing()).isPresent();
  }

  private Report ended(InstanceId instance) {
    return told(instance, Kind.ENDED);
  }

  private Report told(InstanceId instance, Kind kind) {
    return launch().recover(notice(instance, kind), next());
  }

  private Notice notice(InstanceId instance, Kind kind) {
    return new Notice(instance, kind, Optional.of(next().now()));
  }
}
