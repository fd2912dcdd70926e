package io.elephant.launcher.config;

import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.InstanceTemplate.LaunchTemplate;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.Placement;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.launch.Recovery;
import io.elephant.launcher.sweep.Sweep;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/** The configuration. One that exists is valid. */
record Settings(
    String region,
    String table,
    String stack,
    LaunchPlan plan,
    Duration sweepGrace,
    Sweep.Mode sweepMode,
    Recovery recoveryMode) {

  /**
   * The largest volumes of each type, in GiB.
   *
   * @see <a href="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html">Amazon
   *     EBS volume types</a>
   */
  private static final Map<String, Integer> LARGEST_VOLUMES =
      Map.of("gp2", 16_384, "gp3", 65_536, "standard", 1_024);

  /**
   * Reads the environment.
   *
   * @throws BadConfiguration if anything is missing or malformed: it names everything that is
   */
  static Settings of(Config config) {
    var variables = new VariableReader(config);
    String region = variables.text(Variable.LAUNCH_REGION);
    String stack = variables.text(Variable.STACK_NAME);
    boolean metadataTags = variables.text(Variable.INSTANCE_METADATA_TAGS).equals("enabled");
    Map<String, String> tags = new InstanceTags(metadataTags, variables).read();
    tags.put(LaunchPlan.PROJECT_TAG, variables.text(Variable.PROJECT_TAG));
    tags.put(LaunchPlan.STACK_TAG, stack);
    Settings settings =
        new Settings(
            region,
            variables.text(Variable.TABLE_NAME),
            stack,
            new LaunchPlan(
                roles(variables),
                variables.list(Variable.MARKET).stream().map(Market::of).toList(),
                variables.list(Variable.INSTANCE_TYPE),
                placement(region, variables),
                template(region, metadataTags, variables),
                tags,
                variables.parsed(Variable.MAX_LATENESS, Duration::parse),
                variables.parsed(Variable.MAX_EARLINESS, Duration::parse)),
            variables.parsed(Variable.SWEEP_GRACE, Duration::parse),
            variables.parsed(
                Variable.SWEEP_MODE, mode -> Sweep.Mode.valueOf(mode.toUpperCase(Locale.ROOT))),
            variables.parsed(
                Variable.RECOVERY_MODE, mode -> Recovery.valueOf(mode.toUpperCase(Locale.ROOT))));
    Stream.of(Variable.values()).filter(Variable::isOfSdk).forEach(variables::optional);
    variables.throwIfAny();
    return settings;
  }

  private static List<Role> roles(VariableReader variables) {
    List<Role> roles = variables.list(Variable.ROLES).stream().map(Role::new).toList();
    roles.stream()
        .flatMap(one ->
            roles.stream()
                .filter(other -> ClientToken.mayBeOf(one, other))
                .map(other ->
                    "ROLES is wrong: an attempt for \"%s\" and one for \"%s\" could have the same client token"
                        .formatted(other, one)))
        .findFirst()
        .ifPresent(variables::add);
    return roles;
  }

  /** The subnets of {@code SUBNETS}; the default ones of zones where it names none. */
  private static Placement placement(String region, VariableReader variables) {
    if (!variables.has(Variable.SUBNETS)) {
      return new Placement.InZones(
          inRegion(region, Variable.AVAILABILITY_ZONES, variables).stream()
              .map(Zone::new)
              .toList());
    }
    List<String> pairs = inRegion(region, Variable.SUBNETS, variables);
    List<Subnet> subnets =
        pairs.stream()
            .map(pair -> pair.split("=", 2))
            .map(pair -> new Subnet(pair[1], new Zone(pair[0])))
            .toList();
    variables.check(
        subnets.stream().map(Subnet::id).distinct().count() == subnets.size(),
        Variable.SUBNETS,
        String.join(",", pairs),
        "a list in which each subnet has one zone");
    return new Placement.InSubnets(subnets);
  }

  /** A list whose elements begin with a zone's name, which begins with its region's. */
  private static List<String> inRegion(String region, Variable variable, VariableReader variables) {
    List<String> elements = variables.list(variable);
    for (String element : elements) {
      variables.check(
          element.startsWith(region), variable, element, "in a zone of the region " + region);
    }
    return elements;
  }

  private static InstanceTemplate template(
      String region, boolean metadataTags, VariableReader variables) {
    return new InstanceTemplate(
        variables.text(Variable.AMI_ID),
        variables.text(Variable.KEY_NAME),
        variables.list(Variable.SECURITY_GROUP_IDS),
        variables.text(Variable.IAM_PROFILE),
        rootVolume(region, variables),
        variables.parsed(Variable.IMDS_TOKENS, ImdsTokens::of),
        variables
            .optional(Variable.LAUNCH_TEMPLATE)
            .map(pair -> pair.split(":", 2))
            .map(pair -> new LaunchTemplate(pair[0], Integer.parseInt(pair[1]))),
        metadataTags);
  }

  private static RootVolume rootVolume(String region, VariableReader variables) {
    String type = variables.text(Variable.VOLUME_TYPE);
    int size = variables.parsed(Variable.VOLUME_SIZE_GIB, Integer::valueOf);
    int largest = LARGEST_VOLUMES.getOrDefault(type, Integer.MAX_VALUE);
    variables.check(
        size <= largest,
        Variable.VOLUME_SIZE_GIB,
        "" + size,
        "at most %d for %s".formatted(largest, type));
    boolean encrypted = variables.text(Variable.VOLUME_ENCRYPTED).equals("true");
    Optional<String> key = variables.optional(Variable.VOLUME_KMS_KEY_ARN);
    key.ifPresent(arn -> {
      variables.check(
          arn.contains(":kms:" + region),
          Variable.VOLUME_KMS_KEY_ARN,
          arn,
          "a key of the region " + region);
      variables.check(
          encrypted, Variable.VOLUME_KMS_KEY_ARN, arn, "absent unless VOLUME_ENCRYPTED is true");
    });
    return new RootVolume(variables.text(Variable.ROOT_DEVICE_NAME), size, type, encrypted, key);
  }
}
