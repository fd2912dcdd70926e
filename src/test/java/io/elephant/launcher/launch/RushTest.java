package io.elephant.launcher.launch;

import static io.elephant.launcher.instance.Plans.STUDENT;
import static io.elephant.launcher.instance.Plans.TEACHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.failure.LaunchIncomplete;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Placement;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult.CandidateRefused;
import io.elephant.launcher.instance.RunResult.RequestRefused;
import io.elephant.launcher.instance.RunResult.Throttled;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The minute before the hour, when EC2 refuses most calls for their rate. */
public class RushTest {

  private static final MeetingId ID = new MeetingId("m-1");
  private static final Instant NOW = Instant.parse("2026-11-24T09:55:00Z");
  private static final Throttled THROTTLED =
      new Throttled(new Refusal("RequestLimitExceeded", "Request limit exceeded."));

  private final FakeMeetings meetings = new FakeMeetings();
  private final FakeInstances ec2 = new FakeInstances("us-west-2a", "us-west-2b");
  private final FakeInvocation invocation = new FakeInvocation(NOW, Duration.ofMinutes(9));
  private Placement placement = Plans.zones("us-west-2a", "us-west-2b");

  RushTest() {
    meetings.put(
        new Meeting(
            ID,
            Optional.of(Status.SCHEDULED),
            Optional.of(NOW.plusSeconds(300)),
            Map.of(),
            Optional.empty()));
    ec2.setClock(invocation::now);
  }

  @Test
  void asksForOneInstanceAtATimeWhileBothAreRefusedAndForTheOtherAtOnceWhenOneIsStarted() {
    throttle(TEACHER, 3);
    throttle(STUDENT, 1);

    LaunchReport report = deliver();

    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
    assertThat(ec2.runs)
        .extracting(attempt -> attempt.token().value())
        .containsExactly(
            "m-1-teacher",
            "m-1-student",
            "m-1-teacher",
            "m-1-teacher",
            "m-1-teacher",
            "m-1-student");
  }

  @Test
  void pausesForASecondAndThenEverLongerAndForHalfAsLongOnceAnInstanceIsStarted() {
    throttle(TEACHER, 9);
    throttle(STUDENT, 2);
    List<Instant> asked = new ArrayList<>(List.of(NOW));
    ec2.beforeRun(() -> asked.add(invocation.now()));

    deliver();

    List<Long> pauses = new ArrayList<>();
    for (int i = 1; i < asked.size(); i++) {
      pauses.add(Duration.between(asked.get(i - 1), asked.get(i)).toMillis());
    }
    assertThat(pauses)
        .containsExactly(
            0L, 0L, 1_000L, 1_800L, 3_240L, 5_832L, 10_498L, 18_896L, 22_000L, 22_000L, 22_000L, 0L,
            11_000L);
  }

  @Test
  void keepsTheTimeToRecordAndSaysInTheRowThatEc2WasTooBusy() {
    throttle(TEACHER, 1_000);
    throttle(STUDENT, 1_000);

    assertThatExceptionOfType(LaunchIncomplete.class)
        .isThrownBy(this::deliver)
        .withMessageContaining("teacher: RequestLimitExceeded");
    assertThat(invocation.remaining()).isBetween(Duration.ofSeconds(14), Duration.ofSeconds(16));
    assertThat(meetings.row(ID).status()).contains(Status.LAUNCH_FAILED);
    assertThat(ec2.runs).hasSizeLessThan(40);
  }

  /** A refused call was not looked at: it casts no doubt on a refusal that follows. */
  @Test
  void doesNotLookForWhatARefusedCallMayHaveStarted() {
    throttle(TEACHER, 1);
    throttle(STUDENT, 1);
    ec2.refuse(TEACHER, new RequestRefused(new Refusal("InvalidKeyPair.NotFound", "no")));
    ec2.refuse(STUDENT, new RequestRefused(new Refusal("InvalidKeyPair.NotFound", "no")));

    assertThatExceptionOfType(LaunchIncomplete.class).isThrownBy(this::deliver);
    assertThat(Duration.between(NOW, invocation.now())).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void keepsAnOlderInstanceThatItIsShownOnlyAfterSomeRefusedLooks() {
    InstanceId older = startedAnHourAgo();
    throttle(TEACHER, 2);
    throttle(STUDENT, 1);
    ec2.throttleLooks(3);

    LaunchReport report = deliver();

    assertThat(report.instances()).containsEntry(TEACHER, older);
    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
  }

  @Test
  void looksUpSubnetsWithPatienceWhereNoneAreConfigured() {
    ec2.throttleSubnets(3);

    assertThat(deliver().outcome()).isEqualTo(Outcome.LAUNCHED);
    assertThat(ec2.live()).hasSize(2);
  }

  @Test
  void asksForNoSubnetWhereTheyAreConfiguredAndPassesOverOneThatIsGone() {
    placement =
        new Placement.InSubnets(List.of(subnet("gone", "us-west-2b"), subnet("one", "us-west-2b")));
    ec2.throttleSubnets(1_000);
    for (Role role : List.of(TEACHER, STUDENT)) {
      ec2.refuse(
          role,
          new CandidateRefused(
              new Refusal("InvalidSubnetID.NotFound", "The subnet ID does not exist")));
    }

    LaunchReport report = deliver();

    assertThat(report.instances().values())
        .hasSize(2)
        .extracting(instance -> ec2.requestOf(instance).candidate().subnet().id())
        .containsOnly("subnet-one");
    assertThat(invocation.now()).isEqualTo(NOW);
  }

  private static Subnet subnet(String name, String zone) {
    return new Subnet("subnet-" + name, new Zone(zone));
  }

  /** Somebody has removed the launch record since. */
  private InstanceId startedAnHourAgo() {
    Meeting before = meetings.row(ID);
    ec2.setClock(() -> NOW.minusSeconds(3_600));
    InstanceId older =
        new Launch(
                meetings,
                ec2,
                Plans.of(
                    List.of(TEACHER), List.of("t3.large"), placement, Plans.template("ami-0older")))
            .launch(ID, new FakeInvocation(NOW, Duration.ofMinutes(9)))
            .instances()
            .get(TEACHER);
    ec2.setClock(invocation::now);
    meetings.put(before);
    return older;
  }

  private void throttle(Role role, int times) {
    for (int i = 0; i < times; i++) {
      ec2.refuse(role, THROTTLED);
    }
  }

  private LaunchReport deliver() {
    return new Launch(
            meetings,
            ec2,
            Plans.of(
                List.of(TEACHER, STUDENT),
                List.of("t3.large"),
                placement,
                Plans.template("ami-0e7fd79d17e852d18")))
        .launch(ID, invocation);
  }
}
