package io.elephant.launcher.preflight;

import static java.util.stream.Collectors.joining;

import io.elephant.launcher.aws.AwsError;
import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Placement.InSubnets;
import io.elephant.launcher.instance.Placement.InZones;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.preflight.Check.NotAnswered;
import io.elephant.launcher.preflight.Check.Obstacle;
import io.elephant.launcher.preflight.Check.Passed;
import io.elephant.launcher.preflight.Check.Result;
import io.elephant.launcher.preflight.Check.Unknown;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AvailabilityZone;
import software.amazon.awssdk.services.ec2.model.AvailabilityZoneOptInStatus;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.InstanceTypeOffering;
import software.amazon.awssdk.services.ec2.model.KeyPairInfo;
import software.amazon.awssdk.services.ec2.model.LocationType;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;

/**
 * Looks at everything that a launch needs, changes nothing, and reports every obstacle at once. A
 * call that AWS does not answer leaves only those checks open that need its answer.
 *
 * @param region the region of the table and of EC2
 */
public record Preflight(
    String region, String table, LaunchPlan plan, Ec2Client ec2, DynamoDbClient dynamoDb) {

  /**
   * Looks at everything once. What are several things is asked for by filter: one id that EC2 does
   * not know fails a call for all of them.
   */
  public PreflightReport run(Invocation invocation) {
    InstanceTemplate template = plan.template();
    String image = template.imageId();
    Filter ofTypes = filter("instance-type", plan.instanceTypes());
    Filter ofGroups = filter("group-id", template.securityGroupIds());
    Filter ofZones = filter("zone-name", plan.zones());
    Lookups lookups = new Lookups(invocation);
    var tables =
        lookups.ask(
            "dynamodb:DescribeTable",
            () -> List.of(dynamoDb.describeTable(r -> r.tableName(table)).table()));
    var images =
        lookups.ask(
            "ec2:DescribeImages", () -> ec2.describeImages(r -> r.imageIds(image)).images());
    var types =
        lookups.ask(
            "ec2:DescribeInstanceTypes",
            () -> ec2.describeInstanceTypesPaginator(r -> r.filters(ofTypes)).instanceTypes());
    var keyPairs =
        lookups.ask(
            "ec2:DescribeKeyPairs",
            () -> ec2.describeKeyPairs(r -> r.keyNames(template.keyName())).keyPairs());
    var groups =
        lookups.ask(
            "ec2:DescribeSecurityGroups",
            () -> ec2.describeSecurityGroupsPaginator(r -> r.filters(ofGroups)).securityGroups());
    var zones =
        lookups.ask(
            "ec2:DescribeAvailabilityZones",
            () ->
                ec2.describeAvailabilityZones(r -> r.allAvailabilityZones(true).filters(ofZones))
                    .availabilityZones());
    var offerings =
        lookups.ask(
            "ec2:DescribeInstanceTypeOfferings",
            () ->
                ec2.describeInstanceTypeOfferingsPaginator(
                        r -> r.locationType(LocationType.AVAILABILITY_ZONE).filters(ofTypes))
                    .instanceTypeOfferings());
    var subnets =
        lookups.ask(
            "ec2:DescribeSubnets",
            () -> ec2.describeSubnetsPaginator(r -> r.filters(ofPlacement())).subnets());

    List<Check> checks = new ArrayList<>();
    checks.add(Check.of("credentials", region, () -> credentials(zones)));
    checks.add(Check.of("table", table, () -> table(tables.get())));
    checks.add(Check.of("image", image, () -> image(images.get())));
    checks.add(Check.of("architecture", image, () -> architecture(types.get(), images.get())));
    checks.add(
        Check.of(
            "root-device", template.rootVolume().deviceName(), () -> rootDevice(images.get())));
    checks.add(Check.of("key-pair", template.keyName(), () -> keyPair(keyPairs.get())));
    for (String id : template.securityGroupIds()) {
      checks.add(Check.of("security-group", id, () -> securityGroup(id, groups.get(), subnets)));
    }
    for (String type : plan.instanceTypes()) {
      checks.add(Check.of("instance-type", type, () -> instanceType(type, offerings.get())));
    }
    for (Zone zone : plan.zones()) {
      checks.add(Check.of("zone", zone.name(), () -> zone(zone, zones.get())));
      checks.add(Check.of("offering", zone.name(), () -> offering(zone, offerings.get())));
    }
    switch (plan.placement()) {
      case InSubnets(var named) ->
          named.forEach(
              one -> checks.add(Check.of("subnet", one.id(), () -> subnet(one, subnets.get()))));
      case InZones(var allowed) ->
          allowed.forEach(
              one -> checks.add(Check.of("subnet", one.name(), () -> subnet(one, subnets.get()))));
    }
    checks.add(Check.of("lead", "100 meetings", this::lead));
    try {
      List<Candidate> candidates = candidates(subnets, offerings);
      checks.addAll(new DryRuns(plan, ec2, invocation).checks(candidates));
    } catch (RuntimeException e) {
      checks.add(Check.unknown("dry-run", "every role", e));
    }
    return new PreflightReport(checks);
  }

  private record Lookups(Invocation invocation) {

    /** Asks beside the others. What AWS says is not there gives nothing. */
    <T> Supplier<List<T>> ask(String permission, Supplier<? extends Iterable<T>> call) {
      return invocation.async(() -> {
        List<T> found = new ArrayList<>();
        try {
          call.get().forEach(found::add);
        } catch (SdkException e) {
          if (!AwsError.of(e).notThere()) {
            throw new NotAnswered(permission, e);
          }
        }
        return found;
      });
    }
  }

  private List<Filter> ofPlacement() {
    return switch (plan.placement()) {
      case InSubnets(var named) ->
          List.of(filter("subnet-id", named.stream().map(subnet -> subnet.id()).toList()));
      case InZones(var allowed) ->
          List.of(filter("availability-zone", allowed), filter("default-for-az", List.of(true)));
    };
  }

  private static Filter filter(String name, List<?> values) {
    return Filter.builder()
        .name(name)
        .values(values.stream().map(Object::toString).toList())
        .build();
  }

  /** A call that is refused for lack of permission shows that the credentials are known. */
  private Result credentials(Supplier<?> anAnswer) {
    try {
      var _ = anAnswer.get();
    } catch (NotAnswered e) {
      if (!e.error().notPermitted()) {
        return new Obstacle(
            "EC2 does not answer: " + e.error().refusal(),
            "See that the function's role is there, that this account may use the region "
                + region
                + " (LAUNCH_REGION), and that the function's network reaches AWS");
      }
    }
    return new Passed("EC2 knows them");
  }

  private Result table(List<TableDescription> tables) {
    if (tables.isEmpty()) {
      return missing(
          "table", "Make it (create_table = true), or correct TABLE_NAME or LAUNCH_REGION");
    }
    TableDescription found = tables.getFirst();
    String key =
        found.keySchema().stream()
            .map(part -> part.attributeName() + " " + type(part, found))
            .collect(joining(" and "));
    if (!key.equals("id S")) {
      return new Obstacle(
          "Its key is " + key,
          "Use a table whose key is the attribute id, a string (S), and nothing else");
    }
    // Rows can be read and written while a table's settings are changed.
    return inState(
        found.tableStatusAsString(),
        Set.of("ACTIVE", "UPDATING"),
        "Wait until it is ACTIVE, or restore it");
  }

  private static String type(KeySchemaElement part, TableDescription table) {
    return table.attributeDefinitions().stream()
        .filter(one -> one.attributeName().equals(part.attributeName()))
        .map(AttributeDefinition::attributeTypeAsString)
        .collect(joining());
  }

  private Result image(List<Image> images) {
    return images.isEmpty()
        ? missing(
            "image", "Correct AMI_ID, or have it copied to this region or shared with this account")
        : inState(
            images.getFirst().stateAsString(),
            Set.of("available"),
            "Wait until it is available, or correct AMI_ID");
  }

  private Result architecture(List<InstanceTypeInfo> types, List<Image> images) {
    if (images.isEmpty() || types.isEmpty()) {
      return new Unknown("There is no image or no type to look at", "See the other obstacles");
    }
    String architecture = images.getFirst().architectureAsString();
    String misfits =
        types.stream()
            .filter(type ->
                !type.processorInfo().supportedArchitecturesAsStrings().contains(architecture))
            .map(InstanceTypeInfo::instanceTypeAsString)
            .collect(joining(", "));
    return misfits.isEmpty()
        ? new Passed(architecture)
        : new Obstacle(
            "The image is for " + architecture + " and does not boot on " + misfits,
            "Take these types out of INSTANCE_TYPE, or set AMI_ID to an image for them");
  }

  private Result rootDevice(List<Image> images) {
    if (images.isEmpty()) {
      return new Unknown("There is no image to look at", "See the check of the image");
    }
    RootVolume volume = plan.template().rootVolume();
    String device = images.getFirst().rootDeviceName();
    if (!device.equals(volume.deviceName())) {
      return new Obstacle(
          "The image's root device is %s: each instance would get a second disk, and a root volume that is not as configured"
              .formatted(device),
          "Set ROOT_DEVICE_NAME to " + device);
    }
    int least =
        images.getFirst().blockDeviceMappings().stream()
            .filter(mapping -> mapping.deviceName().equals(device) && mapping.ebs() != null)
            .mapToInt(mapping -> mapping.ebs().volumeSize())
            .sum();
    return least <= volume.sizeGib()
        ? new Passed("It is the image's root device")
        : new Obstacle(
            "The image needs a root volume of %d GiB, and VOLUME_SIZE_GIB is %d"
                .formatted(least, volume.sizeGib()),
            "Set VOLUME_SIZE_GIB to at least " + least);
  }

  private Result keyPair(List<KeyPairInfo> keyPairs) {
    return keyPairs.isEmpty()
        ? new Obstacle(
            "There is no key pair of this name in " + region,
            "Make or import it in " + region + ", or correct KEY_NAME")
        : new Passed("It is there");
  }

  private Result securityGroup(
      String id, List<SecurityGroup> groups, Supplier<List<Subnet>> subnets) {
    Optional<String> vpc =
        groups.stream()
            .filter(group -> group.groupId().equals(id))
            .map(SecurityGroup::vpcId)
            .findFirst();
    if (vpc.isEmpty()) {
      return missing(
          "security group", "Correct SECURITY_GROUP_IDS, or make it in the subnets' VPC");
    }
    String others =
        subnets.get().stream()
            .map(Subnet::vpcId)
            .distinct()
            .filter(other -> !other.equals(vpc.get()))
            .collect(joining(", "));
    return others.isEmpty()
        ? new Passed("It is in " + vpc.get())
        : new Obstacle(
            "It is in %s, and the subnets are in %s".formatted(vpc.get(), others),
            "Set SECURITY_GROUP_IDS to groups of " + others);
  }

  private Result instanceType(String type, List<InstanceTypeOffering> offerings) {
    List<String> offered =
        plan.zones().stream()
            .filter(zone -> isOffered(type, zone, offerings))
            .map(Zone::name)
            .toList();
    if (!offered.isEmpty()) {
      return new Passed("Offered in " + String.join(", ", offered));
    }
    String others =
        offerings.stream()
            .filter(offering -> offering.instanceTypeAsString().equals(type))
            .map(InstanceTypeOffering::location)
            .sorted()
            .collect(joining(", "));
    return others.isEmpty()
        ? missing("instance type", "Correct INSTANCE_TYPE, or take the type out")
        : new Obstacle(
            "No zone of " + variable() + " offers it",
            "Take it out of INSTANCE_TYPE, or add one of the zones that do: " + others);
  }

  static boolean isOffered(String type, Zone zone, List<InstanceTypeOffering> offerings) {
    return offerings.stream()
        .filter(offering -> offering.instanceTypeAsString().equals(type))
        .anyMatch(offering -> offering.location().equals(zone.name()));
  }

  private Result zone(Zone zone, List<AvailabilityZone> zones) {
    Optional<AvailabilityZone> found =
        zones.stream().filter(shown -> shown.zoneName().equals(zone.name())).findFirst();
    if (found.isEmpty()) {
      return missing("zone", "Correct " + variable());
    }
    return found.get().optInStatus() == AvailabilityZoneOptInStatus.NOT_OPTED_IN
        ? new Obstacle(
            "This account has not opted in to it",
            "Enable its zone group in EC2's settings, or take it out of " + variable())
        : inState(
            found.get().stateAsString(),
            Set.of("available"),
            "Take it out of " + variable() + " until it is back");
  }

  private Result offering(Zone zone, List<InstanceTypeOffering> offerings) {
    String offered =
        plan.instanceTypes().stream()
            .filter(type -> isOffered(type, zone, offerings))
            .collect(joining(", "));
    return offered.isEmpty()
        ? new Obstacle(
            "It offers none of " + String.join(", ", plan.instanceTypes()),
            "Take it out of " + variable() + ", or add a type that it offers to INSTANCE_TYPE")
        : new Passed("It offers " + offered);
  }

  private Result subnet(io.elephant.launcher.instance.Subnet named, List<Subnet> subnets) {
    Optional<Subnet> found =
        subnets.stream().filter(shown -> shown.subnetId().equals(named.id())).findFirst();
    if (found.isEmpty()) {
      return missing(
          "subnet", "Correct subnet_ids, or deploy again: Terraform reads the subnets then");
    }
    String zone = found.get().availabilityZone();
    return zone.equals(named.zone().name())
        ? room(found.get())
        : new Obstacle(
            "It is in %s, and SUBNETS says %s".formatted(zone, named.zone()),
            "Correct SUBNETS, or deploy again (make deploy)");
  }

  private Result subnet(Zone zone, List<Subnet> subnets) {
    return subnets.stream()
        .filter(shown -> shown.availabilityZone().equals(zone.name()))
        .findFirst()
        .map(this::room)
        .orElseGet(() ->
            new Obstacle(
                "It has no default subnet",
                "Make one (aws ec2 create-default-subnet --availability-zone %s) and deploy again (make deploy), because the policy names each subnet; or take the zone out of AVAILABILITY_ZONES"
                    .formatted(zone)));
  }

  /** What EC2 counts are IPv4 addresses. */
  private Result room(Subnet subnet) {
    if (Boolean.TRUE.equals(subnet.ipv6Native())) {
      return new Passed(subnet.subnetId() + " has IPv6 addresses alone, which do not run out");
    }
    int free = subnet.availableIpAddressCount();
    int needed = plan.roles().size();
    return free >= needed
        ? new Passed("%s has %d free addresses".formatted(subnet.subnetId(), free))
        : new Obstacle(
            "%s has %d free addresses, and a meeting needs %d"
                .formatted(subnet.subnetId(), free, needed),
            "Terminate what is not needed in it, delete network interfaces that are left, or take it out of "
                + variable());
  }

  /** What a launch would choose from; it passes over what a zone does not offer. */
  private List<Candidate> candidates(
      Supplier<List<Subnet>> shown, Supplier<List<InstanceTypeOffering>> offerings) {
    List<Candidate> all =
        plan.candidates(_ -> shown.get().stream().map(Preflight::subnet).toList());
    try {
      List<Candidate> offered = new ArrayList<>(all);
      offered.removeIf(one -> !isOffered(one.instanceType(), one.subnet().zone(), offerings.get()));
      return offered;
    } catch (NotAnswered | OutOfTime _) {
      return all;
    }
  }

  private static io.elephant.launcher.instance.Subnet subnet(Subnet shown) {
    return new io.elephant.launcher.instance.Subnet(
        shown.subnetId(), new Zone(shown.availabilityZone()));
  }

  private String variable() {
    return switch (plan.placement()) {
      case InSubnets _ -> "SUBNETS (subnet_ids)";
      case InZones _ -> "AVAILABILITY_ZONES";
    };
  }

  private Obstacle missing(String what, String toDo) {
    return new Obstacle("There is no such " + what + " in " + region, toDo);
  }

  private static Result inState(String state, Set<String> good, String toDo) {
    String detail = "It is " + state;
    return good.contains(state) ? new Passed(detail) : new Obstacle(detail, toDo);
  }

  /**
   * How long a rush takes, which is no obstacle.
   *
   * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html">Request
   *     throttling for the Amazon EC2 API</a>
   */
  private Result lead() {
    return new Passed(
        "EC2 starts 5 instances at once and then 2 a second, unless the account has a higher rate: the last of 100 meetings that are launched together has its instances after %d s. Schedule them that much earlier, or spread them"
            .formatted(Math.ceilDiv(100 * plan.roles().size() - 5, 2)));
  }
}
