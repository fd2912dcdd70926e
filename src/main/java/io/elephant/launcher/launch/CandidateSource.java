package io.elephant.launcher.launch;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.invocation.Backoff;
import io.elephant.launcher.invocation.Invocation;
import io.elephant.launcher.plan.LaunchPlan;
import java.time.Duration;
import java.util.List;

/** Today's candidates. A look-up of the subnets that failed is not remembered. */
public final class CandidateSource {

  private static final Duration RESERVE = Duration.ofSeconds(15);

  private final Instances ec2;
  private final LaunchPlan plan;
  private final Invocation invocation;
  private Invocation.Pending<List<Subnet>> subnets;

  /** Begins to look the subnets up, beside its caller. */
  public CandidateSource(Instances ec2, LaunchPlan plan, Invocation invocation) {
    this.ec2 = ec2;
    this.plan = plan;
    this.invocation = invocation;
    this.subnets = lookUp();
  }

  private Invocation.Pending<List<Subnet>> lookUp() {
    return invocation.beside(() -> ec2.subnets(plan.zones()));
  }

  /**
   * The candidates in order of preference. What EC2 has started is recorded without asking for
   * them.
   *
   * @throws InstancesFailed if EC2 does not say which subnets there are
   * @throws io.elephant.launcher.failure.NoSubnet if no zone has one
   */
  public List<Candidate> candidates() {
    Backoff backoff = new Backoff(invocation, RESERVE);
    while (true) {
      try {
        return plan.candidates(subnets.get());
      } catch (InstancesFailed e) {
        if (!e.mayHeal() || !backoff.pause()) {
          throw e;
        }
        subnets = lookUp();
      }
    }
  }
}
