package io.elephant.launcher.config;

import io.elephant.launcher.dynamodb.MeetingsTable;
import io.elephant.launcher.ec2.Stack;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.id.Zone;
import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.plan.LaunchPlan;
import io.elephant.launcher.recovery.Recovery;
import io.elephant.launcher.sweep.Sweep;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.regions.Region;

/** Makes settings of the environment, or one message that names everything that is wrong. */
final class ConfigurationCheck {

  /** The last eight or seventeen digits of an id; older resources have eight. */
  private static final String ID_DIGITS = "[0-9a-f]{8,17}";

  /**
   * The types that need nothing but a size and that an instance boots from, with their largest size
   * in GiB.
   *
   * @see <a href="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html">Amazon
   *     EBS volume types</a>
   */
  private static final Map<String, Integer> LARGEST_VOLUMES =
      Map.of("gp2", 16_384, "gp3", 65_536, "standard", 1_024);

  /** The function's time-out in Terraform: an instance that is younger may yet be recorded. */
  private static final Duration TIMEOUT = Duration.ofMinutes(5);

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
            "[a-z]{2}(-[a-z]+)+-\\d",
            "the name of a region, such as us-west-2");
    Optional<List<Zone>> zones =
        problems.list(
            "AVAILABILITY_ZONES",
            environment.availabilityZones(),
            region.map(Pattern::quote).orElse("[a-z0-9-]+?") + "(-[a-z0-9]+)*[a-z]",
            "a zone of the region " + region.orElse("in LAUNCH_REGION"),
            Zone::new);
    Optional<List<Role>> roles =
        problems.list(
            "ROLES",
            environment.roles(),
            "(?!(%s|%s)$)[A-Za-z0-9_-]{1,%d}"
                .formatted(LaunchRecord.FAILURE, LaunchRecord.COMPLETED_BY, Role.MAX_LENGTH),
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
    Optional<Recovery.Mode> recovery =
        problems
            .text(
                "RECOVERY_MODE", environment.recoveryMode(), "replace|report", "replace or report")
            .map(name -> Recovery.Mode.valueOf(name.toUpperCase(Locale.ROOT)));
    Supplier<InstanceTemplate> checkedTemplate = template();
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
            zones.orElseThrow(),
            template,
            lateness.orElseThrow(),
            earliness.orElseThrow()),
        grace.orElseThrow(),
        mode.orElseThrow(),
        recovery.orElseThrow());
  }

  /** Checks at once; the template may be asked for where no problem was found. */
  private Supplier<InstanceTemplate> template() {
    Optional<String> image =
        problems.text(
            "AMI_ID", environment.amiId(), "ami-" + ID_DIGITS, "the id of an image, ami-…");
    Optional<String> key =
        problems.text(
            "KEY_NAME",
            environment.keyName(),
            "\\p{ASCII}{1,255}",
            "the name of a key pair: at most 255 ASCII characters");
    Optional<List<String>> groups =
        problems.list(
            "SECURITY_GROUP_IDS",
            environment.securityGroupIds(),
            "sg-" + ID_DIGITS,
            "the id of a security group, sg-…",
            id -> id);
    Optional<String> profile =
        problems.text(
            "IAM_PROFILE",
            environment.iamProfile(),
            "[A-Za-z0-9_+=,.@-]{1,128}",
            "the name of an instance profile (its name, not its ARN)");
    Optional<ImdsTokens> tokens =
        problems
            .text(
                "IMDS_TOKENS",
                environment.imdsTokens(),
                "required|optional",
                "required or optional")
            .map(ImdsTokens::of);
    Optional<String> project = tagValue("PROJECT_TAG", environment.projectTag());
    Optional<String> stack = tagValue("STACK_NAME", environment.stackName());
    Supplier<RootVolume> volume = rootVolume();
    return () ->
        new InstanceTemplate(
            image.orElseThrow(),
            key.orElseThrow(),
            groups.orElseThrow(),
            profile.orElseThrow(),
            volume.get(),
            tokens.orElseThrow(),
            project.orElseThrow(),
            stack.orElseThrow());
  }

  /**
   * What EC2 takes for a tag that the instance's metadata shows.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions">Tag
   *     restrictions</a>
   */
  private Optional<String> tagValue(String variable, Optional<String> value) {
    return problems.text(
        variable,
        value,
        "[\\p{L}\\p{N} _.:/=+@-]{1,256}",
        "a tag's value: at most 256 letters, digits, spaces and _ . : / = + - @");
  }

  private Supplier<RootVolume> rootVolume() {
    Optional<String> device =
        problems.text(
            "ROOT_DEVICE_NAME",
            environment.rootDeviceName(),
            "/dev/[a-z][a-z0-9/]*",
            "a device, such as /dev/xvda");
    Optional<String> type =
        problems.text(
            "VOLUME_TYPE",
            environment.volumeType(),
            String.join("|", LARGEST_VOLUMES.keySet()),
            "gp2, gp3 or standard (the others need more than a size, or do not boot)");
    int largest = LARGEST_VOLUMES.getOrDefault(type.orElse("gp3"), 0);
    Optional<Integer> size =
        problems.parsed(
            "VOLUME_SIZE_GIB",
            environment.volumeSizeGib(),
            Integer::valueOf,
            "a whole number of GiB",
            gib -> gib >= 1 && gib <= largest,
            "between 1 and " + largest);
    Optional<String> encrypted =
        problems.text(
            "VOLUME_ENCRYPTED", environment.volumeEncrypted(), "true|false", "true or false");
    return () ->
        new RootVolume(
            device.orElseThrow(),
            size.orElseThrow(),
            type.orElseThrow(),
            Boolean.parseBoolean(encrypted.orElseThrow()));
  }
}
