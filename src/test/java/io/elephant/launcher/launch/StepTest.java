package io.elephant.launcher.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchIncomplete;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult.NoCapacity;
import io.elephant.launcher.instance.RunResult.OtherRequest;
import io.elephant.launcher.instance.RunResult.RequestRefused;
import io.elephant.launcher.instance.RunResult.Started;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a delivery tells of itself. */
class StepTest {

  private static final Instant NOW = Instant.parse("2026-11-22T09:55:00Z");
  private static final MeetingId ID = new MeetingId("m-1");
  private static final Role TEACHER = new Role("teacher");

  private final FakeInstances ec2 = new FakeInstances("us-west-2a", "us-west-2b");
  private final FakeMeetings meetings = new FakeMeetings();
  private final FakeInvocation invocation = new FakeInvocation(NOW, Duration.ofMinutes(5));

  StepTest() {
    ec2.setClock(() -> NOW);
    meetings.put(
        new Meeting(
            ID, Optional.of(Status.SCHEDULED), Optional.empty(), Map.of(), Optional.empty()));
  }

  @Test
  void tellsWhatItFoundAndWhatEc2Answered() {
    InstanceId instance = launch("ami-0e7fd79d17e852d18").instances().get(TEACHER);

    assertThat(invocation.steps())
        .satisfiesExactly(
            found ->
                assertThat(found)
                    .isInstanceOfSatisfying(
                        Step.Found.class,
                        step -> assertThat(step.meeting().status()).contains(Status.SCHEDULED)),
            asked ->
                assertThat(asked)
                    .isEqualTo(
                        new Step.Asked(
                            TEACHER,
                            ec2.runs.getFirst(),
                            new Started(ec2.live().iterator().next()))),
            launched -> assertThat(launched).isEqualTo(new Step.Launched(Optional.of(NOW))));
    assertThat(instance).isEqualTo(ec2.live().iterator().next());
  }

  @Test
  void tellsOfEveryRefusalAndWhereItGoesOnTo() {
    ec2.fill(candidate -> candidate.subnet().zone().name().equals("us-west-2a"));

    launch("ami-0e7fd79d17e852d18");

    assertThat(invocation.steps())
        .anySatisfy(step ->
            assertThat(step)
                .isInstanceOfSatisfying(
                    Step.Asked.class,
                    asked -> assertThat(asked.result()).isInstanceOf(NoCapacity.class)))
        .anySatisfy(step ->
            assertThat(step)
                .isInstanceOfSatisfying(
                    Step.FellBack.class,
                    back -> {
                      assertThat(back.from().subnet().zone().name()).isEqualTo("us-west-2a");
                      assertThat(back.to().subnet().zone().name()).isEqualTo("us-west-2b");
                    }));
  }

  @Test
  void tellsOfAnInstanceThatDiedAndIsReplaced() {
    ec2.answer(
        TEACHER,
        result -> {
          ec2.kill(((Started) result).instance());
          return FakeInstances.lost();
        });

    launch("ami-0e7fd79d17e852d18");

    assertThat(invocation.steps())
        .filteredOn(Step.Replaced.class::isInstance)
        .singleElement()
        .isEqualTo(new Step.Replaced(TEACHER, ec2.runs.getLast()));
  }

  @Test
  void tellsOfARequestThatGivesWayToTodaysConfiguration() {
    ec2.refuse(TEACHER, new RequestRefused(new Refusal("InvalidAMIID.NotFound", "no such image")));
    assertThat(catchThrowableOfType(LaunchIncomplete.class, () -> launch("ami-0ffffffffffffffff")))
        .extracting(LaunchFailure::reason)
        .isEqualTo("InvalidAMIID.NotFound");

    ec2.refuse(TEACHER, new RequestRefused(new Refusal("InvalidAMIID.NotFound", "no such image")));
    invocation.pause(Duration.ofMinutes(1));
    launch("ami-0e7fd79d17e852d18");

    assertThat(invocation.steps())
        .filteredOn(Step.Renewed.class::isInstance)
        .singleElement()
        .extracting(step -> ((Step.Renewed) step).attempt().request().imageId())
        .isEqualTo("ami-0e7fd79d17e852d18");
  }

  @Test
  void tellsOfAnInstanceThatItTakesOver() {
    ec2.answer(
        TEACHER,
        _ -> new OtherRequest(new Refusal("IdempotentParameterMismatch", "other parameters")));

    InstanceId instance = launch("ami-0e7fd79d17e852d18").instances().get(TEACHER);

    assertThat(invocation.steps()).contains(new Step.Adopted(TEACHER, instance));
  }

  @Test
  void tellsOfItsInstanceThatAnotherDeliveryHasSuperseded() {
    InstanceId others = new InstanceId("i-0aaaaaaaaaaaaaaaa");
    ec2.afterRun(() -> change(Status.LAUNCHED, Map.of(TEACHER, others)));

    LaunchReport report = launch("ami-0e7fd79d17e852d18");

    assertThat(report.outcome()).isEqualTo(Outcome.ALREADY_LAUNCHED);
    assertThat(invocation.steps())
        .filteredOn(Step.Superseded.class::isInstance)
        .singleElement()
        .extracting(step -> ((Step.Superseded) step).instance())
        .isNotEqualTo(others);
    assertThat(ec2.live()).isEmpty();
  }

  @Test
  void tellsOfItsInstanceOfAMeetingThatIsCancelled() {
    ec2.afterRun(() -> change(new Status("CANCELLED"), Map.of()));

    LaunchReport report = launch("ami-0e7fd79d17e852d18");

    assertThat(report.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(invocation.steps()).hasAtLeastOneElementOfType(Step.Cancelled.class);
    assertThat(ec2.live()).isEmpty();
  }

  private void change(Status status, Map<Role, InstanceId> instances) {
    meetings.change(
        ID,
        row -> new Meeting(ID, Optional.of(status), row.meetTime(), instances, row.launchRecord()));
  }

  private LaunchReport launch(String image) {
    return new Launch(meetings, ec2, plan(image)).launch(ID, invocation);
  }

  private static LaunchPlan plan(String image) {
    return Plans.of(
        List.of(TEACHER),
        List.of("t3.large"),
        Plans.zones("us-west-2a", "us-west-2b"),
        Plans.template(image));
  }
}
