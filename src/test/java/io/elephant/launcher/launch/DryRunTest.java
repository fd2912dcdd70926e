package io.elephant.launcher.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.LaunchFailure.LaunchIncomplete;
import io.elephant.launcher.failure.LaunchFailure.MeetingNotFound;
import io.elephant.launcher.failure.LaunchFailure.NoSubnet;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.fake.RowWrite;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.launch.DryRun.Part;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DryRunTest extends OneMeeting {

  private static final InstanceId RECORDED = new InstanceId("i-0aaaaaaaaaaaaaaaa");
  private static final Map<Role, InstanceId> NONE = Map.of();
  private static final Map<Role, InstanceId> BOTH =
      Map.of(TEACHER, RECORDED, STUDENT, new InstanceId("i-0bbbbbbbbbbbbbbbb"));

  @ParameterizedTest
  @ValueSource(
      strings = {"SCHEDULED", "LAUNCH_FAILED", "LAUNCHED", "HEALTHY", "CANCELLED", "CANCELED"})
  void foretellsWhatALaunchComesTo(String status) {
    for (Map<Role, InstanceId> instances : List.of(NONE, Map.of(TEACHER, RECORDED), BOTH)) {
      Meeting row = meeting(new Status(status), instances);
      for (Instant now : List.of(MEET_TIME, MEET_TIME.plus(Duration.ofHours(1)))) {
        assertForetold(row, now);
        assertForetold(RowWrite.with(row, Map.of()), now);
      }
    }
  }

  private void assertForetold(Meeting row, Instant now) {
    meetings.put(row);
    DryRun foretold = launch().dryRun(ID, at(now));

    assertThat(foretold.outcome()).as("%s at %s", row, now).isEqualTo(deliverAt(now).outcome());
    assertThat(foretold.status()).isEqualTo(row.status());
  }

  @Test
  void foretellsTheVeryRequestsOfALaunchAndSendsNone() {
    DryRun foretold = launch().dryRun(ID, next());

    assertThat(ec2.runs).isEmpty();
    assertThat(row()).isEqualTo(scheduled());
    deliver();
    assertThat(foretold.parts().keySet()).containsExactly(TEACHER, STUDENT);
    assertThat(foretold.parts().values())
        .map(part -> ((Part.First) part).attempt())
        .usingRecursiveFieldByFieldElementComparatorOnFields("number", "token", "request")
        .containsExactly(ec2.runs.toArray(Attempt[]::new));
    assertThat(foretold.candidates())
        .extracting(candidate -> candidate.instanceType() + " " + candidate.subnet().zone())
        .containsExactly(
            "t3.large us-west-2a",
            "t3.large us-west-2b",
            "t3.large us-west-2c",
            "t3a.large us-west-2a",
            "t3a.large us-west-2b",
            "t3a.large us-west-2c");
  }

  @Test
  void foretellsTheRepetitionOfTheRequestInTheRowAndWhatThatHasStarted() {
    ec2.setShown(false);
    ec2.loseAnswers(STUDENT, 1_000);
    assertFails(LaunchIncomplete.class);
    ec2.setShown(true);

    Map<Role, Part> parts = launch().dryRun(ID, next()).parts();

    assertThat(parts.get(TEACHER)).isEqualTo(new Part.Recorded(recorded(TEACHER)));
    assertThat(parts.get(STUDENT))
        .isInstanceOfSatisfying(
            Part.Repeat.class,
            repeat -> {
              assertThat(repeat.attempt().token()).isEqualTo(new ClientToken("m-1-student"));
              assertThat(ec2.live()).contains(repeat.running().orElseThrow());
            });
  }

  @Test
  void failsWhereALaunchWouldFailAtOnce() {
    ec2.subnets.clear();
    assertThatExceptionOfType(NoSubnet.class).isThrownBy(() -> launch().dryRun(ID, next()));
    meetings.rows.remove(ID);
    assertThatExceptionOfType(MeetingNotFound.class).isThrownBy(() -> launch().dryRun(ID, next()));
  }

  @Test
  void asksAgainWhereTheTableDoesNotAnswerAtOnce() {
    meetings.afterNextFind =
        () -> {
          throw new CallFailed("GetItem", Verdict.THROTTLED, WHY, null);
        };

    assertThat(launch().dryRun(ID, next()).outcome()).isEqualTo(Outcome.LAUNCHED);
  }
}
