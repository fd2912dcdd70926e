package io.elephant.launcher.preflight;

import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.launch.Invocation;
import java.util.stream.Stream;

/**
 * Looks at everything that a launch needs, changes nothing, and reports every obstacle at once. A
 * call that AWS does not answer leaves only those checks open that need its answer.
 *
 * @param region the region of the table and of EC2
 */
public record Preflight(
    String region,
    LaunchPlan plan,
    Table table,
    Resources ec2,
    Roles roles,
    Keys keys,
    Quotas quotas) {

  /** Looks at everything once. */
  public PreflightReport run(Invocation invocation) {
    Answers answers = Answers.ask(invocation, plan, table, ec2, roles, keys, quotas);
    return new PreflightReport(
        Stream.of(
                new AccountChecks(region, table.name()),
                new TemplateChecks(region, plan.template()),
                new CapacityChecks(region, plan),
                new DryRunChecks(plan, ec2, invocation))
            .flatMap(group -> group.checks(answers).stream())
            .toList());
  }
}
