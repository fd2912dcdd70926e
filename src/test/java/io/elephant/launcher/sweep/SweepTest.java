package io.elephant.launcher.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.fake.RowWrite;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.launch.OneMeeting;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.sweep.Sweep.Found;
import io.elephant.launcher.sweep.Sweep.Mode;
import io.elephant.launcher.sweep.Sweep.Stray;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

public class SweepTest extends OneMeeting {

  private static final Duration GRACE = Duration.ofMinutes(10);
  private static final Duration DAY = Duration.ofDays(1);

  /** A quarter of an hour: nobody is at work on the instance any more. */
  private static final Instant SOON = NOW.plusSeconds(900);

  private static final Instant LATER = NOW.plus(DAY).plusSeconds(1);

  private InstanceId instance = new InstanceId("i-0");

  @BeforeEach
  void launchAnInstance() {
    plan = plan(IMAGE, TEACHER);
    instance = deliverAt(NOW).instances().get(TEACHER);
  }

  @Test
  void leavesAnInstanceAloneThatItsRowNames() {
    assertThat(sweepAt(SOON)).isEqualTo(new Found(List.of(), List.of()));
    assertThat(ec2.live()).containsExactly(instance);
  }

  @Test
  void countsAnInstanceThatItsRowNamesForMoreThanADayAsOverdue() {
    assertThat(sweepAt(NOW.plus(DAY)).overdue()).isEmpty();

    Found found = sweepAt(LATER);

    assertThat(found.strays()).isEmpty();
    assertThat(found.overdue())
        .singleElement()
        .returns(instance, stray -> stray.instance().id())
        .returns(false, Stray::terminated);
    assertThat(ec2.live()).containsExactly(instance);
  }

  @Test
  void leavesAnInstanceAloneThatItsRowMayYetName() {
    meetings.put(scheduled());
    Instant late = MEET_TIME.plus(Duration.ofHours(1)).plus(GRACE);

    assertThat(sweepAt(SOON).strays()).isEmpty();
    assertThat(sweepAt(late.minusMillis(1)).strays()).isEmpty();
    assertThat(sweepAt(late).strays()).hasSize(1);
  }

  @Test
  void reportsAfterADayAnInstanceThatItsRowMayYetName() {
    meetings.put(row(ID, Optional.empty()));

    assertThat(sweepAt(NOW.plus(DAY)).strays()).isEmpty();
    assertOneStray(sweepAt(LATER), false);
  }

  /** What the row says where nobody wants the instance. */
  record Case(String name, Consumer<SweepTest> row) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> unwanted() {
    return Stream.of(
        new Case("cancelled", test -> test.change("CANCELLED", Map.of(TEACHER, test.instance))),
        new Case("canceled", test -> test.change("CANCELED", Map.of())),
        new Case("over", test -> test.change("TERMINATED", Map.of(TEACHER, test.instance))),
        new Case(
            "another one that runs is named",
            test -> test.change("LAUNCHED", Map.of(TEACHER, test.start(TEACHER, 7)))),
        new Case(
            "its attempt is left",
            test ->
                test.meetings.put(
                    RowWrite.with(scheduled(), Map.of(TEACHER, left(test.state(TEACHER)))))));
  }

  @ParameterizedTest
  @MethodSource("unwanted")
  void terminatesAtOnceWhatItsRowSaysThatNobodyWants(Case unwanted) {
    unwanted.row().accept(this);

    assertOneStray(sweepAt(SOON), true);
    assertThat(ec2.live()).doesNotContain(instance);
  }

  /** A table that was restored or made anew looks like this. */
  static Stream<Case> notMentioned() {
    return Stream.of(
        new Case("there is no row", test -> test.meetings.rows.remove(ID)),
        new Case("its row cannot be read", test -> test.meetings.unreadable.add(ID)),
        new Case("its role is not configured", test -> test.plan = plan(IMAGE, STUDENT)),
        new Case("its row is past launching", test -> test.change("HEALTHY", Map.of())),
        new Case("it is too late to record it", test -> test.meetings.put(scheduled())),
        new Case("its id was taken out", test -> test.change("SCHEDULED", Map.of())),
        new Case(
            "one that does not run is named",
            test -> test.change("LAUNCHED", Map.of(TEACHER, new InstanceId("i-0other")))));
  }

  @ParameterizedTest
  @MethodSource("notMentioned")
  void reportsWhatItsRowDoesNotMentionAndTerminatesItAfterADay(Case notMentioned) {
    notMentioned.row().accept(this);

    for (Instant early : List.of(NOW.plusSeconds(7_200), NOW.plus(DAY))) {
      assertOneStray(sweepAt(early), false);
      assertThat(ec2.live()).containsExactly(instance);
    }

    assertOneStray(sweepAt(LATER), true);
    assertThat(ec2.live()).isEmpty();
  }

  @Test
  void terminatesFewAtATimeOfWhatNoRowMentions() {
    for (int meeting = 2; meeting <= 5; meeting++) {
      launchAnother("m-" + meeting);
      meetings.rows.remove(new MeetingId("m-" + meeting));
    }
    meetings.rows.remove(ID);
    Instant old = NOW.plus(DAY).plusSeconds(600);

    assertThat(sweepAt(old).strays())
        .extracting(Stray::terminated)
        .containsExactly(true, true, true, false, false);
    assertThat(sweepAt(old.plusSeconds(600)).strays()).hasSize(2);
    assertThat(ec2.live()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CANCELLED", "HEALTHY"})
  void onlyReportsUnlessItIsToldToTerminate(String status) {
    change(status, Map.of());

    assertOneStray(sweepAt(LATER, Mode.REPORT), false);
    assertThat(ec2.live()).containsExactly(instance);
  }

  @Test
  void leavesAYoungInstanceAlone() {
    change("CANCELLED", Map.of());

    assertThat(sweepAt(NOW.plus(GRACE)).strays()).isEmpty();
  }

  @Test
  void goesOnBehindAnInstanceThatMayNotBeTerminated() {
    InstanceId other = launchAnother("m-2");
    change("CANCELLED", Map.of());
    change(new MeetingId("m-2"), "CANCELLED", Map.of());
    ec2.instance(instance).protect(true);

    assertThat(sweepAt(SOON).strays())
        .extracting(stray -> stray.instance().id(), Stray::terminated)
        .containsExactlyInAnyOrder(tuple(instance, false), tuple(other, true));
    assertThat(ec2.live()).containsExactly(instance);
  }

  @Test
  void goesOnWhereTheTableDoesNotAnswerAtOnce() {
    change("CANCELLED", Map.of());
    meetings.afterNextFind =
        () -> {
          throw new CallFailed("GetItem", Verdict.THROTTLED, WHY, null);
        };

    assertOneStray(sweepAt(SOON), true);
  }

  private static void assertOneStray(Found found, boolean terminated) {
    assertThat(found.strays()).singleElement().returns(terminated, Stray::terminated);
  }

  private InstanceId launchAnother(String meeting) {
    MeetingId id = new MeetingId(meeting);
    meetings.put(row(id, Optional.of(MEET_TIME)));
    return launch().launch(id, next()).instances().get(TEACHER);
  }

  private static Meeting row(MeetingId id, Optional<Instant> meetTime) {
    return new Meeting(id, Optional.of(Status.SCHEDULED), meetTime, Map.of(), Optional.empty());
  }

  private Found sweepAt(Instant now) {
    return sweepAt(now, Mode.TERMINATE);
  }

  private Found sweepAt(Instant now, Mode mode) {
    return new Sweep(meetings, ec2, plan, GRACE, mode).sweep(at(now));
  }
}
