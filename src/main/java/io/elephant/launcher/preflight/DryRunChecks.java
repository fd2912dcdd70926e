package io.elephant.launcher.preflight;

import io.elephant.launcher.failure.NoSubnet;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.id.ClaimId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.invocation.Invocation;
import io.elephant.launcher.plan.LaunchPlan;
import io.elephant.launcher.preflight.Check.Obstacle;
import io.elephant.launcher.preflight.Check.Passed;
import io.elephant.launcher.preflight.Check.Result;
import io.elephant.launcher.preflight.Check.Unknown;
import io.elephant.launcher.preflight.Resources.DefaultSubnet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Whether EC2 would carry out each role's first request in each market. */
record DryRunChecks(LaunchPlan plan, Resources ec2, Invocation invocation) implements Check.Group {

  /** No row's id: it stands in the tags that the function's policy asks for. */
  private static final MeetingId NO_MEETING = new MeetingId("preflight");

  private static final ClaimId NO_CLAIM = new ClaimId("preflight");

  /** All of them are sent before the first answer is waited for. */
  @Override
  public List<Check> checks(Answers answers) {
    List<Supplier<Check>> checks = new ArrayList<>();
    for (Role role : plan.roles()) {
      for (Market market : plan.markets()) {
        Supplier<Result> result = invocation.beside(() -> dryRun(role, market, answers));
        checks.add(() -> Check.of("dry-run", role + ", " + market, result));
      }
    }
    return checks.stream().map(Supplier::get).toList();
  }

  private Result dryRun(Role role, Market market, Answers answers) {
    Candidate candidate;
    try {
      candidate = first(market, answers.subnets().get());
    } catch (NoSubnet e) {
      return new Unknown("No zone has a subnet to launch in", "Mend the check subnet first");
    }
    // The token of a launch has no full stop, so this is never one.
    ClientToken token =
        new ClientToken(
            "preflight.%s.%s.%d".formatted(role, market, invocation.now().toEpochMilli()));
    Attempt attempt =
        new Attempt(NO_CLAIM, 0, token, plan.machine().request(NO_MEETING, role, candidate));
    return switch (ec2.dryRun(attempt)) {
      case DryRunAnswer.WouldLaunch() ->
          new Passed(
              "EC2 would launch %s in %s"
                  .formatted(candidate.instanceType(), candidate.subnet().zone()));
      case DryRunAnswer.NotPermitted(Refusal refusal) ->
          new Obstacle(
              refusal.toString(),
              "Deploy the policy that belongs to this configuration (make deploy); aws sts"
                  + " decode-authorization-message shows what is missing");
      case DryRunAnswer.WouldRefuse(Refusal refusal) ->
          new Obstacle(refusal.toString(), "Correct what EC2 names");
    };
  }

  private Candidate first(Market market, List<DefaultSubnet> subnets) {
    return plan
        .candidates(subnets.stream().map(subnet -> new Subnet(subnet.id(), subnet.zone())).toList())
        .stream()
        .filter(candidate -> candidate.market() == market)
        .findFirst()
        .orElseThrow();
  }
}
