package io.elephant.launcher.config;

import io.elephant.launcher.aws.MeetingsTable;
import io.elephant.launcher.aws.Stack;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.Placement;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.launch.Recovery;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.sweep.Sweep;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.regions.Region;

/** Makes settings of the environment, or one message that names everything that is wrong. */
final class ConfigurationCheck {

  /** The function's time-out in Terraform: an instance that is younger may yet be recorded. */
  private static final Duration TIMEOUT = Duration.ofMinutes(9);

  private final Problems problems = new Problems();
  private final Environment environment;
  private final SdkVariables sdk;

  private ConfigurationCheck(Environment environment, SdkVariables sdk) {
    this.environment = environment;
    this.sdk = sdk;
  }

  /**
   * @throws BadConfiguration if anything is missing or malformed
   */
  static Settings settings(Environment environment, SdkVariables sdk) {
    return new ConfigurationCheck(environment, sdk).settings();
  }

  private Settings settings() {
    Optional<String> region =
        problems.text(
            "LAUNCH_REGION",
            environment.launchRegion(),
            "[a-z]+(-[a-z]+)+-\\d",
            "the name of a region, such as us-west-2");
    Optional<Placement> placement = PlacementCheck.placement(environment, region, problems);
    Optional<List<Role>> roles =
        problems.list(
            "ROLES",
            environment.roles(),
            "(?!(" + LaunchRecord.FAILURE + "|" + LaunchRecord.COMPLETED_BY + ")$)" + Role.SHAPE,
            "a role of 1 to "
                + Role.MAX_LENGTH
                + " characters of A-Z a-z 0-9 _ - (with a meeting's id and an attempt's number it"
                + " must fit into the 64 characters of a client token) other than "
                + LaunchRecord.FAILURE
                + " and "
                + LaunchRecord.COMPLETED_BY,
            Role::new);
    roles
        .flatMap(TokenClash::of)
        .ifPresent(clash ->
            problems.check(
                false,
                "ROLES",
                environment.roles().orElse(""),
                "a list of roles with client tokens of their own: " + clash));
    Optional<String> table =
        problems.text(
            "TABLE_NAME",
            environment.tableName(),
            "[A-Za-z0-9_.-]{3,255}",
            "the name of a table: 3 to 255 characters of A-Z a-z 0-9 _ . -");
    Optional<List<String>> types =
        problems.list(
            "INSTANCE_TYPE",
            environment.instanceType(),
            "[a-z][a-z0-9-]*\\.[a-z0-9-]+",
            "an instance type, such as t3.large",
            type -> type);
    Optional<List<Market>> markets =
        problems.list(
            "MARKET", environment.market(), "on-demand|spot", "on-demand or spot", Market::of);
    Optional<Duration> lateness =
        problems.duration("MAX_LATENESS", environment.maxLateness(), Duration.ZERO);
    Optional<Duration> earliness =
        problems.duration("MAX_EARLINESS", environment.maxEarliness(), Duration.ZERO);
    Optional<Duration> grace = problems.duration("SWEEP_GRACE", environment.sweepGrace(), TIMEOUT);
    Optional<Sweep.Mode> mode =
        problems
            .text("SWEEP_MODE", environment.sweepMode(), "report|terminate", "report or terminate")
            .map(name -> Sweep.Mode.valueOf(name.toUpperCase(Locale.ROOT)));
    Optional<Recovery> recovery =
        problems
            .text(
                "RECOVERY_MODE", environment.recoveryMode(), "replace|report", "replace or report")
            .map(name -> Recovery.valueOf(name.toUpperCase(Locale.ROOT)));
    Supplier<InstanceTemplate> checkedTemplate =
        new TemplateCheck(environment, region, problems).template();
    sdk.check(problems);
    problems.throwIfAny();
    InstanceTemplate template = checkedTemplate.get();
    return new Settings(
        Region.of(region.orElseThrow()),
        new MeetingsTable(table.orElseThrow(), roles.orElseThrow()),
        new Stack(template.stack(), template.project()),
        new LaunchPlan(
            roles.orElseThrow(),
            markets.orElseThrow(),
            types.orElseThrow(),
            placement.orElseThrow(),
            template,
            lateness.orElseThrow(),
            earliness.orElseThrow()),
        grace.orElseThrow(),
        mode.orElseThrow(),
        recovery.orElseThrow());
  }
}
