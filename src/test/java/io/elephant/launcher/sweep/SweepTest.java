package io.elephant.launcher.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.elephant.launcher.failure.MeetingsUnclear;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.launch.FakeInstances;
import io.elephant.launcher.launch.FakeInvocation;
import io.elephant.launcher.launch.FakeMeetings;
import io.elephant.launcher.launch.Launch;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.sweep.Sweep.Mode;
import io.elephant.launcher.sweep.Sweep.Stray;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

public class SweepTest {

  private static final MeetingId ID = new MeetingId("m-1");
  private static final Role TEACHER = new Role("teacher");
  private static final Duration GRACE = Duration.ofMinutes(10);

  /** EC2's instances are all started at the epoch. */
  private static final Instant OLD_ENOUGH = Instant.EPOCH.plus(Duration.ofMinutes(11));

  private static final Instant MEET_TIME = Instant.EPOCH.plus(Duration.ofMinutes(5));

  private final FakeInstances ec2 = new FakeInstances("us-west-2a");
  private final FakeMeetings meetings = new FakeMeetings();
  private final LaunchPlan plan =
      Plans.of(
          List.of(TEACHER),
          List.of("t3.large"),
          Plans.zones("us-west-2a"),
          Plans.template("ami-0e7fd79d17e852d18"));

  private InstanceId instance = new InstanceId("i-0");

  @BeforeEach
  void launchAnInstance() {
    meetings.put(row(Status.SCHEDULED, Map.of()));
    instance =
        new Launch(meetings, ec2, plan)
            .launch(ID, new FakeInvocation(Instant.EPOCH, Duration.ofMinutes(5)))
            .instances()
            .get(TEACHER);
  }

  @Test
  void leavesAnInstanceAloneThatItsRowNames() {
    assertThat(sweep(Mode.TERMINATE)).isEmpty();
    assertThat(ec2.live()).containsExactly(instance);
  }

  @Test
  void terminatesAnInstanceWhoseRowIsGoneWhereOtherRowsAreThere() {
    launchAnother("m-2");
    meetings.delete(ID);

    assertThat(sweep(Mode.TERMINATE)).singleElement().returns(true, Stray::terminated);
    assertThat(ec2.live()).hasSize(1).doesNotContain(instance);
  }

  @Test
  void terminatesNothingWhereTheWholeTableIsEmpty() {
    launchAnother("m-2");
    meetings.delete(ID);
    meetings.delete(new MeetingId("m-2"));

    assertThat(sweep(Mode.TERMINATE))
        .hasSize(2)
        .allSatisfy(stray -> {
          assertThat(stray.terminated()).isFalse();
          assertThat(stray.why()).contains("2 of 2 instances have none");
        });
    assertThat(ec2.live()).hasSize(2);
  }

  @Test
  void terminatesNoneOfManyInstancesWithoutARow() {
    for (int meeting = 2; meeting <= 6; meeting++) {
      launchAnother("m-" + meeting);
    }
    for (int meeting = 2; meeting <= 5; meeting++) {
      meetings.delete(new MeetingId("m-" + meeting));
    }

    assertThat(sweep(Mode.TERMINATE)).hasSize(4).noneMatch(Stray::terminated);
    assertThat(ec2.live()).hasSize(6);
  }

  @Test
  void goesOnBehindAnInstanceThatMayNotBeTerminated() {
    InstanceId other = launchAnother("m-2");
    meetings.put(row(new Status("CANCELLED"), Map.of()));
    meetings.change(
        new MeetingId("m-2"),
        meeting ->
            new Meeting(
                meeting.id(),
                Optional.of(new Status("CANCELLED")),
                meeting.meetTime(),
                Map.of(),
                Optional.empty()));
    ec2.protect(instance);

    assertThat(sweep(Mode.TERMINATE))
        .extracting(stray -> stray.instance().id(), Stray::terminated)
        .containsExactlyInAnyOrder(tuple(instance, false), tuple(other, true));
    assertThat(ec2.live()).containsExactly(instance);
  }

  @Test
  void reportsAfterADayWhatItCannotJudge() {
    meetings.put(
        new Meeting(
            ID, Optional.of(Status.SCHEDULED), Optional.empty(), Map.of(), Optional.empty()));
    Instant nextDay = Instant.EPOCH.plus(Duration.ofDays(1));

    assertThat(sweepAt(nextDay, Mode.TERMINATE)).isEmpty();
    assertThat(sweepAt(nextDay.plusSeconds(1), Mode.TERMINATE))
        .singleElement()
        .satisfies(stray -> assertThat(stray.why()).contains("no meet_time"))
        .returns(false, Stray::terminated);
  }

  @Test
  void reportsAfterADayTheInstanceOfARoleThatWasTakenOut() {
    LaunchPlan without =
        new LaunchPlan(
            List.of(new Role("student")),
            plan.markets(),
            plan.instanceTypes(),
            plan.placement(),
            plan.template(),
            plan.maxLateness(),
            plan.maxEarliness());
    Sweep sweep = new Sweep(meetings, ec2, without, GRACE, Mode.TERMINATE);

    assertThat(sweep.sweep(at(OLD_ENOUGH))).isEmpty();
    assertThat(sweep.sweep(at(Instant.EPOCH.plus(Duration.ofDays(1)).plusSeconds(1))))
        .singleElement()
        .satisfies(stray -> assertThat(stray.why()).contains("its role teacher"))
        .returns(false, Stray::terminated);
  }

  @Test
  void onlyReportsUnlessItIsToldToTerminate() {
    meetings.delete(ID);

    assertThat(sweep(Mode.REPORT)).singleElement().returns(false, Stray::terminated);
    assertThat(ec2.live()).containsExactly(instance);
  }

  @Test
  void terminatesAnInstanceWhoseRowNamesAnother() {
    meetings.put(row(Status.LAUNCHED, Map.of(TEACHER, new InstanceId("i-0other"))));

    assertThat(sweep(Mode.TERMINATE))
        .singleElement()
        .satisfies(stray -> assertThat(stray.why()).contains("i-0other"));
    assertThat(ec2.live()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERMINATED", "CANCELLED"})
  void terminatesAnInstanceWhoseMeetingWasCancelled(String status) {
    meetings.put(row(new Status(status), Map.of(TEACHER, instance)));

    assertThat(sweep(Mode.TERMINATE)).hasSize(1);
    assertThat(ec2.live()).isEmpty();
  }

  @Test
  void leavesAnInstanceAloneThatItsRowMayYetName() {
    meetings.put(row(Status.SCHEDULED, Map.of()));

    assertThat(sweep(Mode.TERMINATE)).isEmpty();
  }

  @Test
  void terminatesAnInstanceThatItIsTooLateToRecord() {
    meetings.put(row(Status.SCHEDULED, Map.of()));
    Instant late = MEET_TIME.plus(Duration.ofHours(1)).plus(GRACE);

    assertThat(sweepAt(late.minusMillis(1), Mode.TERMINATE)).isEmpty();
    assertThat(sweepAt(late, Mode.TERMINATE)).hasSize(1);
  }

  private InstanceId launchAnother(String meeting) {
    MeetingId id = new MeetingId(meeting);
    meetings.put(
        new Meeting(
            id, Optional.of(Status.SCHEDULED), Optional.of(MEET_TIME), Map.of(), Optional.empty()));
    return new Launch(meetings, ec2, plan)
        .launch(id, new FakeInvocation(Instant.EPOCH, Duration.ofMinutes(5)))
        .instances()
        .get(TEACHER);
  }

  @Test
  void leavesAYoungInstanceAlone() {
    meetings.delete(ID);

    assertThat(sweepAt(Instant.EPOCH.plus(GRACE), Mode.TERMINATE)).isEmpty();
  }

  @Test
  void readsTheRowAgainRightBeforeItTerminates() {
    Meeting named = meetings.row(ID);
    launchAnother("m-2");
    meetings.put(row(new Status("CANCELLED"), Map.of()));
    meetings.afterNextFind(() -> meetings.put(named));

    List<Stray> strays = sweep(Mode.TERMINATE);

    assertThat(strays).singleElement().returns(false, Stray::terminated);
    assertThat(ec2.live()).contains(instance);
  }

  @Test
  void goesOnWhereTheTableDoesNotAnswerAtOnce() {
    meetings.change(ID, meeting -> row(new Status("CANCELLED"), meeting.instances()));
    meetings.afterNextFind(() -> {
      throw new MeetingsUnclear(
          "GetItem", new Refusal("ThrottlingException", "slow down"), new RuntimeException());
    });

    assertThat(sweep(Mode.TERMINATE)).singleElement().returns(true, Stray::terminated);
  }

  private List<Stray> sweep(Mode mode) {
    return sweepAt(OLD_ENOUGH, mode);
  }

  private List<Stray> sweepAt(Instant now, Mode mode) {
    return new Sweep(meetings, ec2, plan, GRACE, mode).sweep(at(now));
  }

  private static FakeInvocation at(Instant now) {
    return new FakeInvocation(now, Duration.ofMinutes(5));
  }

  private static Meeting row(Status status, Map<Role, InstanceId> instances) {
    return new Meeting(
        ID, Optional.of(status), Optional.of(MEET_TIME), instances, Optional.empty());
  }
}
