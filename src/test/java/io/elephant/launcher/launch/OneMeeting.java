package io.elephant.launcher.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.LaunchState.Left;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssertAlternative;

/** A meeting that is booked, the table and EC2, all on the clock of the invocation. */
public abstract class OneMeeting {

  protected static final MeetingId ID = new MeetingId("m-1");
  protected static final Instant NOW = Instant.parse("2026-11-22T09:55:00Z");
  protected static final Instant MEET_TIME = Instant.parse("2026-11-22T10:00:00Z");
  protected static final Role TEACHER = Plans.TEACHER;
  protected static final Role STUDENT = Plans.STUDENT;
  protected static final String IMAGE = "ami-0e7fd79d17e852d18";
  protected static final String OTHER_IMAGE = "ami-0ffffffffffffffff";
  protected static final Refusal WHY = new Refusal("Code", "why");

  protected final FakeInstances ec2 = new FakeInstances("us-west-2a", "us-west-2b", "us-west-2c");
  protected final FakeMeetings meetings = new FakeMeetings();
  protected LaunchPlan plan = plan(IMAGE);

  /** The invocation that was begun last. */
  protected FakeInvocation invocation = at(NOW);

  protected OneMeeting() {
    meetings.put(scheduled());
  }

  protected static LaunchPlan plan(String image, Role... roles) {
    return Plans.of(
        roles.length == 0 ? List.of(TEACHER, STUDENT) : List.of(roles),
        List.of("t3.large", "t3a.large"),
        Plans.zones("us-west-2a", "us-west-2b", "us-west-2c"),
        Plans.template(image));
  }

  protected static Meeting scheduled() {
    return meeting(Status.SCHEDULED, Map.of());
  }

  protected static Meeting meeting(Status status, Map<Role, InstanceId> instances) {
    return new Meeting(
        ID, Optional.of(status), Optional.of(MEET_TIME), instances, Optional.empty());
  }

  /** An invocation of nine minutes that begins then. */
  protected final FakeInvocation at(Instant now) {
    invocation = new FakeInvocation(now, Duration.ofMinutes(9));
    ec2.clock = invocation::now;
    return invocation;
  }

  protected final Launch launch() {
    return new Launch(meetings, ec2, plan, Recovery.REPLACE);
  }

  /** Delivers the event once more, some time after the delivery before. */
  protected final Report deliver() {
    return launch().launch(ID, next());
  }

  /** An invocation a moment after the one before. */
  protected final FakeInvocation next() {
    return at(invocation.now().plusSeconds(1));
  }

  protected final Report deliverAt(Instant now) {
    return launch().launch(ID, at(now));
  }

  protected final <T extends LaunchFailure> ThrowableAssertAlternative<T> assertFails(
      Class<T> failure) {
    return assertThatExceptionOfType(failure).isThrownBy(this::deliver);
  }

  protected final void assertFailed(String... why) {
    assertThat(row().status()).contains(Status.LAUNCH_FAILED);
    assertThat(meetings.failures.get(ID)).contains(why);
  }

  protected final Meeting row() {
    return Optional.ofNullable(meetings.rows.get(ID)).orElseThrow();
  }

  protected final LaunchState state(Role role) {
    return row().state(role).orElseThrow();
  }

  protected final InstanceId recorded(Role role) {
    return Optional.ofNullable(row().instances().get(role)).orElseThrow();
  }

  /** Somebody else's write of these two attributes, which leaves the launch record alone. */
  protected final void change(String status, Map<Role, InstanceId> instances) {
    change(ID, status, instances);
  }

  protected final void change(MeetingId id, String status, Map<Role, InstanceId> instances) {
    Meeting row = Optional.ofNullable(meetings.rows.get(id)).orElseThrow();
    meetings.put(
        new Meeting(
            id, Optional.of(new Status(status)), row.meetTime(), instances, row.launchRecord()));
  }

  /** An instance of the role that an attempt of this number has started. */
  protected final InstanceId start(Role role, int number) {
    Attempt attempt =
        Attempt.of(
            new ClaimId("of another delivery"),
            ID,
            role,
            number,
            plan.request(ID, role, plan.candidates(ec2.subnets).getFirst()));
    return ((RunResult.Answered) ec2.run(attempt)).instance().id();
  }

  /** The teacher's launch has left its first attempt, which has started nothing. */
  protected static LaunchState left(LaunchState state) {
    Attempt first = state.attempt();
    Attempt next = Attempt.of(first.claim(), ID, TEACHER, 1, first.request());
    return LaunchState.claim(first, NOW).movedTo(next, Left.NOTHING_STARTED, WHY);
  }

  /** What runs is what the row names. */
  protected final void assertLaunched(Report report) {
    assertThat(report.status()).contains(Status.LAUNCHED);
    assertThat(report.instances()).hasSize(plan.roles().size()).isEqualTo(row().instances());
    assertThat(ec2.live()).containsExactlyInAnyOrderElementsOf(report.instances().values());
  }
}
