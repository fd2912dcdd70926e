package io.elephant.launcher.config;

import io.elephant.launcher.dynamodb.MeetingsTable;
import io.elephant.launcher.launch.LaunchPlan;
import io.elephant.launcher.launch.MachineTemplate;
import io.elephant.launcher.launch.Role;
import io.elephant.launcher.launch.RootVolume;
import io.elephant.launcher.launch.Zone;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.regions.Region;

/** Makes settings of the environment, or one message that names everything that is wrong. */
final class ConfigurationCheck {

  /** The last eight or seventeen digits of an id; older resources have eight. */
  private static final String ID_DIGITS = "[0-9a-f]{8,17}";

  /**
   * The types that need nothing but a size and that a machine boots from, with their largest size
   * in GiB.
   *
   * @see <a href="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html">Amazon
   *     EBS volume types</a>
   */
  private static final Map<String, Integer> LARGEST_VOLUMES =
      Map.of("gp2", 16_384, "gp3", 65_536, "standard", 1_024);

  private static final Duration LONGEST_LATENESS = Duration.ofDays(7);

  private final Problems problems = new Problems();
  private final Environment environment;

  private ConfigurationCheck(Environment environment) {
    this.environment = environment;
  }

  /**
   * @throws BadConfiguration if anything is missing or malformed
   */
  static Settings settings(Environment environment) {
    return new ConfigurationCheck(environment).settings();
  }

  private Settings settings() {
    Optional<String> region =
        problems.text(
            "LAUNCH_REGION",
            environment.launchRegion(),
            "[a-z]{2}(-[a-z]+)+-\\d",
            "the name of a region, such as us-west-2");
    Optional<List<String>> zones = zones(region);
    Optional<List<String>> roles =
        problems.list(
            "ROLES",
            environment.roles(),
            "[A-Za-z0-9_-]{1," + Role.MAX_LENGTH + "}",
            "a role of 1 to "
                + Role.MAX_LENGTH
                + " characters of A-Z a-z 0-9 _ - (with a meeting's id and an attempt's number it"
                + " must fit into the 64 characters of a client token)");
    Optional<String> table =
        problems.text(
            "TABLE_NAME",
            environment.tableName(),
            "[A-Za-z0-9_.-]{3,255}",
            "the name of a table: 3 to 255 characters of A-Z a-z 0-9 _ . -");
    Optional<Duration> lateness = maxLateness();
    Optional<MachineTemplate> machine = machine();
    if (!problems.found().isEmpty()) {
      throw new BadConfiguration(problems.found());
    }
    List<Role> roleList = roles.orElseThrow().stream().map(Role::new).toList();
    return new Settings(
        Region.of(region.orElseThrow()),
        new MeetingsTable(table.orElseThrow(), roleList),
        new LaunchPlan(
            roleList,
            zones.orElseThrow().stream().map(Zone::new).toList(),
            machine.orElseThrow(),
            lateness.orElseThrow()));
  }

  private Optional<List<String>> zones(Optional<String> region) {
    String inside = region.map(Pattern::quote).orElse("[a-z0-9-]+?");
    return problems.list(
        "AVAILABILITY_ZONES",
        environment.availabilityZones(),
        inside + "(-[a-z0-9]+)*[a-z]",
        "a zone of the region " + region.orElse("in LAUNCH_REGION"));
  }

  private Optional<MachineTemplate> machine() {
    Optional<String> image =
        problems.text(
            "AMI_ID", environment.amiId(), "ami-" + ID_DIGITS, "the id of an image, ami-…");
    Optional<String> type =
        problems.text(
            "INSTANCE_TYPE",
            environment.instanceType(),
            "[a-z][a-z0-9-]*\\.[a-z0-9-]+",
            "an instance type, such as t3.large");
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
            "the id of a security group, sg-…");
    Optional<String> profile =
        problems.text(
            "IAM_PROFILE",
            environment.iamProfile(),
            "[A-Za-z0-9_+=,.@-]{1,128}",
            "the name of an instance profile (its name, not its ARN)");
    Optional<String> project =
        problems.text(
            "PROJECT_TAG",
            environment.projectTag(),
            "[\\p{L}\\p{N} _.:/=+@-]{1,256}",
            "a tag's value: at most 256 letters, digits, spaces and _ . : / = + - @");
    Optional<RootVolume> volume = rootVolume();
    return image.isEmpty()
            || type.isEmpty()
            || key.isEmpty()
            || groups.isEmpty()
            || profile.isEmpty()
            || project.isEmpty()
            || volume.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new MachineTemplate(
                image.get(),
                type.get(),
                key.get(),
                groups.get(),
                profile.get(),
                volume.get(),
                project.get()));
  }

  private Optional<RootVolume> rootVolume() {
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
        problems
            .parsed(
                "VOLUME_SIZE_GIB",
                environment.volumeSizeGib(),
                Integer::valueOf,
                "a whole number of GiB")
            .filter(gib ->
                problems.check(
                    gib >= 1 && gib <= largest,
                    "VOLUME_SIZE_GIB",
                    gib.toString(),
                    "between 1 and " + largest));
    return device.isEmpty() || size.isEmpty() || type.isEmpty()
        ? Optional.empty()
        : Optional.of(new RootVolume(device.get(), size.get(), type.get()));
  }

  private Optional<Duration> maxLateness() {
    return problems
        .parsed(
            "MAX_LATENESS",
            environment.maxLateness(),
            Duration::parse,
            "an ISO 8601 duration, such as PT1H")
        .filter(lateness ->
            problems.check(
                !lateness.isNegative() && lateness.compareTo(LONGEST_LATENESS) <= 0,
                "MAX_LATENESS",
                lateness.toString(),
                "between PT0S and " + LONGEST_LATENESS));
  }
}
