package io.elephant.launcher.launch;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Placement.InSubnets;
import io.elephant.launcher.instance.Placement.InZones;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Today's candidates. EC2 is asked for subnets only where none are configured. */
public final class CandidateSource {

  private static final Duration RESERVE = Duration.ofSeconds(15);

  private final LaunchPlan plan;
  private final Supplier<List<Subnet>> subnets;

  /** Begins to look subnets up beside its caller, where that is needed. */
  public CandidateSource(Instances ec2, LaunchPlan plan, Invocation invocation) {
    this.plan = plan;
    this.subnets =
        switch (plan.placement()) {
          case InSubnets(List<Subnet> configured) -> () -> configured;
          case InZones zones -> {
            Invocation.Pending<List<Subnet>> shown = lookUp(ec2, zones.zones(), invocation);
            yield () -> zones.inOrder(shown.get());
          }
        };
  }

  private static Invocation.Pending<List<Subnet>> lookUp(
      Instances ec2, List<Zone> zones, Invocation invocation) {
    Backoff backoff = new Backoff(invocation, RESERVE);
    return invocation.beside(() -> backoff.repeat(() -> ec2.subnets(zones)));
  }

  /**
   * The candidates in order of preference. What EC2 has started is recorded without asking for
   * them.
   *
   * @throws InstancesFailed if EC2 does not say which subnets there are
   * @throws io.elephant.launcher.failure.NoSubnet if no zone has one
   */
  public List<Candidate> candidates() {
    return plan.candidates(subnets.get());
  }
}
