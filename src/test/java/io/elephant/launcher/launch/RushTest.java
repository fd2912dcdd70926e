package io.elephant.launcher.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.LaunchFailure.LaunchIncomplete;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Placement;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The minute before the hour, when EC2 refuses most calls for their rate. */
public class RushTest extends OneMeeting {

  @Test
  void asksForOneInstanceAtATimeWhileBothAreRefusedAndForTheOtherAtOnceWhenOneIsStarted() {
    throttle(TEACHER, 3);
    throttle(STUDENT, 1);

    assertLaunched(deliver());
    assertThat(ec2.tokens())
        .containsExactly(
            "m-1-teacher",
            "m-1-student",
            "m-1-teacher",
            "m-1-teacher",
            "m-1-teacher",
            "m-1-student");
  }

  @Test
  void keepsTheTimeToRecordAndSaysInTheRowThatEc2WasTooBusy() {
    throttle(TEACHER, 1_000);
    throttle(STUDENT, 1_000);

    assertFails(LaunchIncomplete.class).withMessageContaining("teacher: RequestLimitExceeded");
    assertThat(invocation.remaining()).isBetween(Duration.ofSeconds(14), Duration.ofSeconds(16));
    assertFailed("RequestLimitExceeded");
    assertThat(ec2.runs).hasSizeLessThan(40);
  }

  @Test
  void keepsAnOlderInstanceThatItIsShownOnlyAfterSomeRefusedLooks() {
    ec2.clock = () -> NOW.minusSeconds(3_600);
    InstanceId older = start(TEACHER, 3);
    throttle(TEACHER, 2);
    throttle(STUDENT, 1);
    ec2.refusedLooks = 3;

    Report report = deliver();

    assertLaunched(report);
    assertThat(report.instances()).containsEntry(TEACHER, older);
  }

  /** What is started is recorded within half a minute, and the row keeps the debt. */
  @Test
  void recordsWhatItStartedAlthoughLooksAreRefusedAndPaysTheLookBeforeItAnswers() {
    ec2.refusedLooks = 1_000;

    assertFails(CallFailed.class);

    assertThat(row().instances()).hasSize(2);
    assertThat(state(TEACHER).unlooked()).isTrue();
    ec2.refusedLooks = 0;
    assertThat(deliver().outcome()).isEqualTo(Outcome.ALREADY_LAUNCHED);
  }

  @Test
  void looksUpSubnetsWithPatienceWhereNoneAreConfigured() {
    ec2.refusedSubnets = 3;

    assertLaunched(deliver());
  }

  @Test
  void asksForNoSubnetWhereTheyAreConfiguredAndPassesOverOneThatIsGone() {
    plan =
        Plans.of(
            plan.roles(),
            List.of("t3.large"),
            new Placement.InSubnets(List.of(subnet("subnet-gone"), subnet("subnet-one"))),
            plan.template());
    ec2.refusedSubnets = 1_000;
    for (Role role : plan.roles()) {
      ec2.refuse(role, 1, Verdict.CANDIDATE_REFUSED, "InvalidSubnetID.NotFound", "does not exist");
    }

    Report report = deliver();

    assertLaunched(report);
    assertThat(report.instances().values())
        .extracting(instance -> ec2.requestOf(instance).candidate().subnet().id())
        .containsOnly("subnet-one");
    assertThat(invocation.now()).isEqualTo(NOW.plusSeconds(1));
  }

  private static Subnet subnet(String id) {
    return new Subnet(id, new Zone("us-west-2b"));
  }

  private void throttle(Role role, int times) {
    ec2.refuse(role, times, Verdict.THROTTLED, "RequestLimitExceeded", "Request limit exceeded.");
  }
}
