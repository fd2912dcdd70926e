package io.elephant.launcher.preflight;

import static java.util.stream.Collectors.joining;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Placement.InSubnets;
import io.elephant.launcher.instance.Placement.InZones;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.preflight.Check.Obstacle;
import io.elephant.launcher.preflight.Check.Passed;
import io.elephant.launcher.preflight.Check.Result;
import io.elephant.launcher.preflight.Check.Unknown;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.InstanceTypeOffering;
import software.amazon.awssdk.services.ec2.model.KeyPairInfo;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;

/** What EC2's answers mean for a launch. */
record Findings(
    String region,
    LaunchPlan plan,
    Supplier<List<Subnet>> subnets,
    Supplier<List<InstanceTypeOffering>> offerings) {

  private static final Unknown NOTHING_THERE =
      new Unknown("What it looks at is missing", "See the other obstacles");

  Result image(List<Image> images) {
    return images.isEmpty()
        ? Obstacle.missing(
            "image",
            region,
            "Correct AMI_ID, copy the image to this region, or share it with this account")
        : Check.inState(
            images.getFirst().stateAsString(),
            Set.of("available"),
            "Wait until it is available, or correct AMI_ID");
  }

  Result architecture(List<InstanceTypeInfo> types, List<Image> images) {
    if (images.isEmpty() || types.isEmpty()) {
      return NOTHING_THERE;
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
            "Remove these types from INSTANCE_TYPE, or set AMI_ID to an image for them");
  }

  Result rootDevice(List<Image> images) {
    if (images.isEmpty()) {
      return NOTHING_THERE;
    }
    Image image = images.getFirst();
    RootVolume volume = plan.template().rootVolume();
    String device = image.rootDeviceName();
    if (!device.equals(volume.deviceName())) {
      return new Obstacle(
          "The image's root device is %s: each instance would get a second disk, and a root volume that is not as configured"
              .formatted(device),
          "Set ROOT_DEVICE_NAME to " + device);
    }
    int least =
        image.blockDeviceMappings().stream()
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

  Result keyPair(List<KeyPairInfo> keyPairs) {
    return keyPairs.isEmpty()
        ? Obstacle.missing("key pair", region, "Create or import it there, or correct KEY_NAME")
        : new Passed("It exists");
  }

  Result securityGroup(String id, List<SecurityGroup> groups) {
    Optional<String> vpc =
        groups.stream()
            .filter(group -> group.groupId().equals(id))
            .map(SecurityGroup::vpcId)
            .findFirst();
    if (vpc.isEmpty()) {
      return Obstacle.missing(
          "security group", region, "Correct SECURITY_GROUP_IDS, or create it in the subnets' VPC");
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

  Result instanceType(String type) {
    List<String> offering = zonesThatOffer(type);
    if (offering.isEmpty()) {
      return Obstacle.missing("instance type", region, "Correct INSTANCE_TYPE, or remove the type");
    }
    String allowed =
        plan.zones().stream().map(Zone::name).filter(offering::contains).collect(joining(", "));
    return allowed.isEmpty()
        ? new Obstacle(
            "No zone of " + variable() + " offers it",
            "Remove it from INSTANCE_TYPE, or add one of the zones that do: "
                + String.join(", ", offering))
        : new Passed("Offered in " + allowed);
  }

  Result offering(Zone zone) {
    String offered =
        plan.instanceTypes().stream().filter(type -> isOffered(type, zone)).collect(joining(", "));
    return offered.isEmpty()
        ? new Obstacle(
            "It offers none of " + String.join(", ", plan.instanceTypes()),
            "Remove it from " + variable() + ", or add a type that it offers to INSTANCE_TYPE")
        : new Passed("It offers " + offered);
  }

  private List<String> zonesThatOffer(String type) {
    return offerings.get().stream()
        .filter(offer -> offer.instanceTypeAsString().equals(type))
        .map(InstanceTypeOffering::location)
        .sorted()
        .toList();
  }

  private boolean isOffered(String type, Zone zone) {
    return zonesThatOffer(type).contains(zone.name());
  }

  Result subnet(io.elephant.launcher.instance.Subnet named) {
    Optional<Subnet> found =
        subnets.get().stream().filter(one -> one.subnetId().equals(named.id())).findFirst();
    if (found.isEmpty()) {
      return Obstacle.missing(
          "subnet",
          region,
          "Correct subnet_ids, or deploy again: Terraform reads the subnets then");
    }
    String zone = found.get().availabilityZone();
    return zone.equals(named.zone().name())
        ? room(found.get())
        : new Obstacle(
            "It is in %s, and SUBNETS says %s".formatted(zone, named.zone()),
            "Correct SUBNETS, or deploy again (make deploy)");
  }

  Result subnet(Zone zone) {
    return subnets.get().stream()
        .filter(one -> one.availabilityZone().equals(zone.name()))
        .findFirst()
        .map(this::room)
        .orElseGet(() ->
            new Obstacle(
                "It has no default subnet",
                "Create one (aws ec2 create-default-subnet --availability-zone %s) and deploy again (make deploy), because the policy names each subnet; or remove the zone from AVAILABILITY_ZONES"
                    .formatted(zone)));
  }

  /** What EC2 counts are IPv4 addresses. */
  private Result room(Subnet subnet) {
    if (Boolean.TRUE.equals(subnet.ipv6Native())) {
      return new Passed(subnet.subnetId() + " has only IPv6 addresses, which do not run out");
    }
    int free = subnet.availableIpAddressCount();
    int needed = plan.roles().size();
    return free >= needed
        ? new Passed("%s has %d free addresses".formatted(subnet.subnetId(), free))
        : new Obstacle(
            "%s has %d free addresses, and a meeting needs %d"
                .formatted(subnet.subnetId(), free, needed),
            "Terminate instances and delete network interfaces in it that nobody needs, or remove it from "
                + variable());
  }

  /** What a launch would choose from; it passes over what a zone does not offer. */
  List<Candidate> candidates() {
    List<Candidate> all =
        plan.candidates(_ ->
            subnets.get().stream()
                .map(one ->
                    new io.elephant.launcher.instance.Subnet(
                        one.subnetId(), new Zone(one.availabilityZone())))
                .toList());
    try {
      return all.stream()
          .filter(one -> isOffered(one.instanceType(), one.subnet().zone()))
          .toList();
    } catch (CallFailed | OutOfTime _) {
      return all;
    }
  }

  private String variable() {
    return switch (plan.placement()) {
      case InSubnets _ -> "SUBNETS (subnet_ids)";
      case InZones _ -> "AVAILABILITY_ZONES";
    };
  }
}
