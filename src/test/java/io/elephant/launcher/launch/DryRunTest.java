package io.elephant.launcher.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.elephant.launcher.failure.LaunchIncomplete;
import io.elephant.launcher.failure.MeetingNotFound;
import io.elephant.launcher.failure.MeetingsUnclear;
import io.elephant.launcher.failure.NoSubnet;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.launch.DryRunReport.Part;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DryRunTest {

  private static final Instant MEET_TIME = Instant.parse("2026-11-22T10:00:00Z");
  private static final Instant TOO_LATE = MEET_TIME.plus(Duration.ofHours(1));
  private static final MeetingId ID = new MeetingId("m-1");
  private static final Role TEACHER = new Role("teacher");
  private static final Role STUDENT = new Role("student");
  private static final InstanceId RECORDED = new InstanceId("i-0aaaaaaaaaaaaaaaa");
  private static final Map<Role, InstanceId> BOTH =
      Map.of(TEACHER, RECORDED, STUDENT, new InstanceId("i-0bbbbbbbbbbbbbbbb"));

  private final FakeInstances ec2 = new FakeInstances("us-west-2a", "us-west-2b");
  private final FakeMeetings meetings = new FakeMeetings();

  static Stream<Meeting> rows() {
    return Stream.of("SCHEDULED", "LAUNCH_FAILED", "LAUNCHED", "HEALTHY", "CANCELLED", "CANCELED")
        .map(Status::new)
        .flatMap(status ->
            Stream.of(Map.<Role, InstanceId>of(), Map.of(TEACHER, RECORDED), BOTH)
                .flatMap(instances ->
                    Stream.of(Optional.<LaunchRecord>empty(), Optional.of(LaunchRecord.EMPTY))
                        .map(launchRecord ->
                            new Meeting(
                                ID,
                                Optional.of(status),
                                Optional.of(MEET_TIME),
                                instances,
                                launchRecord))));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void foretellsWhatALaunchComesTo(Meeting row) {
    for (Instant now : List.of(MEET_TIME, TOO_LATE)) {
      meetings.put(row);
      DryRunReport foretold = dryRun().run(ID, at(now));

      LaunchReport report =
          new Launch(meetings, ec2, plan())
              .launch(ID, new FakeInvocation(now, Duration.ofMinutes(5)));

      assertThat(foretold.outcome()).as("%s at %s", row, now).isEqualTo(report.outcome());
      assertThat(foretold.status()).isEqualTo(row.status());
    }
  }

  @Test
  void foretellsTheVeryRequestsOfALaunchAndSendsNone() {
    meetings.put(scheduled());

    DryRunReport foretold = dryRun().run(ID, at(MEET_TIME));

    assertThat(ec2.runs).isEmpty();
    assertThat(meetings.row(ID)).isEqualTo(scheduled());
    new Launch(meetings, ec2, plan())
        .launch(ID, new FakeInvocation(MEET_TIME, Duration.ofMinutes(5)));
    assertThat(foretold.parts().keySet()).containsExactly(TEACHER, STUDENT);
    assertThat(foretold.parts().values())
        .allSatisfy(part -> assertThat(part).isInstanceOf(Part.First.class))
        .extracting(part -> ((Part.First) part).attempt())
        .extracting(Attempt::number, Attempt::token, Attempt::request)
        .containsExactly(
            ec2.runs.stream()
                .map(run -> tuple(run.number(), run.token(), run.request()))
                .toArray(Tuple[]::new));
    assertThat(foretold.candidates())
        .extracting(candidate -> candidate.instanceType() + " " + candidate.subnet().zone())
        .containsExactly(
            "t3.large us-west-2a",
            "t3.large us-west-2b",
            "t3a.large us-west-2a",
            "t3a.large us-west-2b");
  }

  @Test
  void foretellsTheRepetitionOfTheRequestInTheRowAndWhatThatHasStarted() {
    meetings.put(scheduled());
    ec2.setShown(false);
    for (int lost = 0; lost < 1_000; lost++) {
      ec2.answer(STUDENT, _ -> FakeInstances.lost());
    }
    assertThatExceptionOfType(LaunchIncomplete.class)
        .isThrownBy(() ->
            new Launch(meetings, ec2, plan())
                .launch(ID, new FakeInvocation(MEET_TIME, Duration.ofMinutes(5))));

    ec2.setShown(true);
    Map<Role, Part> parts = dryRun().run(ID, at(MEET_TIME)).parts();

    assertThat(parts.get(TEACHER)).isInstanceOf(Part.Recorded.class);
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
    assertThatExceptionOfType(MeetingNotFound.class)
        .isThrownBy(() -> dryRun().run(ID, at(MEET_TIME)));

    meetings.put(scheduled());
    ec2.subnets.clear();
    assertThatExceptionOfType(NoSubnet.class).isThrownBy(() -> dryRun().run(ID, at(MEET_TIME)));
  }

  @Test
  void asksAgainWhereTheTableDoesNotAnswerAtOnce() {
    meetings.put(scheduled());
    meetings.afterNextFind(() -> {
      throw new MeetingsUnclear(
          "GetItem", new Refusal("ThrottlingException", "slow down"), new RuntimeException());
    });

    assertThat(dryRun().run(ID, at(MEET_TIME)).outcome()).isEqualTo(Outcome.LAUNCHED);
  }

  private static FakeInvocation at(Instant now) {
    return new FakeInvocation(now, Duration.ofMinutes(5));
  }

  private DryRun dryRun() {
    return new DryRun(meetings, ec2, plan());
  }

  private static Meeting scheduled() {
    return new Meeting(
        ID, Optional.of(Status.SCHEDULED), Optional.of(MEET_TIME), Map.of(), Optional.empty());
  }

  private static LaunchPlan plan() {
    return Plans.of(
        List.of(TEACHER, STUDENT),
        List.of("t3.large", "t3a.large"),
        Plans.zones("us-west-2a", "us-west-2b"),
        Plans.template("ami-0e7fd79d17e852d18"));
  }
}
