package io.elephant.launcher.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.failure.LaunchFailure.LaunchIncomplete;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.RunResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a delivery says of itself. */
class StepTest extends OneMeeting {

  private List<Step> steps = List.of();

  @BeforeEach
  void launchOneRole() {
    plan = plan(IMAGE, TEACHER);
  }

  @Test
  void saysWhatItFoundAndWhatEc2Answered() {
    Report report = launchAndListen();

    RunResult answer = ec2.run(ec2.runs.getFirst());
    assertThat(report.instances()).containsValues(((RunResult.Answered) answer).instance().id());
    assertThat(steps)
        .containsExactly(
            new Step.Found(scheduled()),
            new Step.Asked(TEACHER, ec2.runs.getFirst(), answer),
            new Step.Launched(Optional.of(state(TEACHER).claimed())));
  }

  @Test
  void saysEveryRefusalAndWhereItGoesOnTo() {
    ec2.fill(candidate -> candidate.subnet().zone().name().equals("us-west-2a"));

    launchAndListen();

    assertThat(steps)
        .anySatisfy(step ->
            assertThat(step)
                .isInstanceOfSatisfying(
                    Step.Asked.class,
                    asked ->
                        assertThat(((RunResult.Refused) asked.result()).verdict())
                            .isEqualTo(Verdict.NO_CAPACITY)));
    List<Candidate> candidates = plan.candidates(ec2.subnets);
    assertThat(steps).contains(new Step.FellBack(TEACHER, candidates.get(0), candidates.get(1)));
  }

  @Test
  void saysThatAnInstanceEndedAndIsReplaced() {
    ec2.answer(
        TEACHER,
        result -> {
          ec2.kill(((RunResult.Answered) result).instance().id());
          return FakeInstances.lost();
        });

    launchAndListen();

    assertThat(steps)
        .filteredOn(Step.Replaced.class::isInstance)
        .containsExactly(new Step.Replaced(TEACHER, ec2.runs.getLast()));
  }

  @Test
  void saysThatARequestGivesWayToTodaysConfiguration() {
    ec2.refuse(TEACHER, 2, Verdict.REQUEST_REFUSED, "InvalidAMIID.NotFound", "no such image");
    assertFails(LaunchIncomplete.class)
        .satisfies(failure -> assertThat(failure.reason()).isEqualTo("InvalidAMIID.NotFound"));
    plan = plan(OTHER_IMAGE, TEACHER);

    launchAndListen();

    assertThat(steps)
        .filteredOn(Step.Renewed.class::isInstance)
        .containsExactly(new Step.Renewed(TEACHER, ec2.runs.getLast()));
  }

  @Test
  void saysThatItTakesAnInstanceOver() {
    ec2.answer(TEACHER, _ -> new RunResult.Refused(Verdict.PARAMETER_MISMATCH, WHY));

    Report report = launchAndListen();

    assertThat(steps).contains(new Step.Adopted(TEACHER, recorded(TEACHER)));
    assertLaunched(report);
  }

  @Test
  void saysThatAnotherDeliverySupersededItsInstance() {
    InstanceId others = start(TEACHER, 7);
    ec2.afterRun(() -> change("LAUNCHED", Map.of(TEACHER, others)));

    assertThat(launchAndListen().outcome()).isEqualTo(Outcome.ALREADY_LAUNCHED);
    assertThat(steps)
        .contains(new Step.Superseded(TEACHER, new InstanceId("i-%017x".formatted(2))));
  }

  @Test
  void saysThatItsInstanceIsOfAMeetingThatIsCancelled() {
    ec2.afterRun(() -> change("CANCELLED", Map.of()));

    assertThat(launchAndListen().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(steps).contains(new Step.Cancelled(TEACHER, new InstanceId("i-%017x".formatted(1))));
  }

  private Report launchAndListen() {
    FakeInvocation invocation = next();
    Report report = launch().launch(ID, invocation);
    steps = invocation.steps();
    return report;
  }
}
