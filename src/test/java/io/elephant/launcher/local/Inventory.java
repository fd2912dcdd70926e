package io.elephant.launcher.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What there is in the account and the region to launch from, each by its id or name. At first that
 * is all that an ordinary launch needs; a test takes away or changes what it wants to see missed,
 * at any time and from any thread.
 *
 * @param keyPairs the key pairs' ids
 * @param launchTemplates the number of the launch templates' newest versions
 */
public record Inventory(
    Map<String, Image> images,
    Map<String, String> keyPairs,
    Map<String, SecurityGroup> securityGroups,
    Map<String, Integer> launchTemplates,
    Map<String, InstanceType> instanceTypes,
    Map<String, ZoneState> zones) {

  private static final List<String> ZONES =
      List.of("us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d");

  /** An image as DescribeImages shows it. */
  public record Image(
      String id, String state, String architecture, String rootDeviceName, int rootVolumeGib) {}

  /** A security group as DescribeSecurityGroups shows it. */
  public record SecurityGroup(String id, String vpcId) {}

  /** An instance type as DescribeInstanceTypes shows it, and the zones that offer it. */
  public record InstanceType(String name, String architecture, int vcpus, List<String> zones) {}

  /** A zone as DescribeAvailabilityZones shows it. */
  public record ZoneState(String name, String state, String optInStatus) {}

  /** An instance type in a zone, as DescribeInstanceTypeOfferings shows it. */
  record Offering(String type, String zone) {}

  /** The inventory of an ordinary launch. */
  Inventory() {
    this(
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>(Map.of("shaundano-elephant", "key-0000000000e1e0000")),
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>(Map.of("lt-0e1efa27000000001", 8)),
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>());
    // The image of an ordinary launch, and the one that is to follow it.
    for (String id : List.of("ami-0e7fd79d17e852d18", "ami-0ffffffffffffffff")) {
      images.put(id, new Image(id, "available", "x86_64", "/dev/xvda", 8));
    }
    putGroup("sg-0e1efa27000000001", Subnet.DEFAULT_VPC);
    putGroup("sg-0e1efa27000000002", Subnet.DEFAULT_VPC);
    putGroup("sg-0e1efa27000000003", Subnet.OTHER_VPC);
    putType("t3.large", "x86_64", 2, ZONES);
    putType("t3a.large", "x86_64", 2, ZONES.subList(0, 3));
    putType("t4g.large", "arm64", 2, ZONES);
    putType("g5.xlarge", "x86_64", 4, ZONES.subList(3, 4));
    ZONES.forEach(zone -> putZone(zone, "available", "opt-in-not-required"));
    putZone("us-west-2-lax-1a", "available", "not-opted-in");
  }

  /** Puts a security group into a VPC; into another one only a new group of its id could be. */
  public void putGroup(String id, String vpcId) {
    securityGroups.put(id, new SecurityGroup(id, vpcId));
  }

  private void putType(String name, String architecture, int vcpus, List<String> offeredIn) {
    instanceTypes.put(name, new InstanceType(name, architecture, vcpus, offeredIn));
  }

  /** Adds a zone, or changes it. */
  public void putZone(String name, String state, String optInStatus) {
    zones.put(name, new ZoneState(name, state, optInStatus));
  }

  /** Takes an instance type out of a zone. */
  public void withdraw(String type, String zone) {
    InstanceType offered = instanceTypes.get(type);
    List<String> left = new ArrayList<>(offered.zones());
    left.remove(zone);
    putType(type, offered.architecture(), offered.vcpus(), left);
  }

  List<Image> images(List<String> ids) {
    List<String> unknown = ids.stream().filter(id -> !images.containsKey(id)).toList();
    if (!unknown.isEmpty()) {
      throw new Refusal(
          "InvalidAMIID.NotFound",
          unknown.size() == 1
              ? "The image id '[%s]' does not exist".formatted(unknown.getFirst())
              : "The image ids '%s' do not exist".formatted(unknown));
    }
    return images.values().stream()
        .filter(image -> ids.isEmpty() || ids.contains(image.id()))
        .toList();
  }

  /** Names with their ids. */
  List<Map.Entry<String, String>> keyPairs(List<String> names) {
    for (String name : names) {
      if (!keyPairs.containsKey(name)) {
        throw new Refusal("InvalidKeyPair.NotFound", "The key pair '" + name + "' does not exist");
      }
    }
    return keyPairs.entrySet().stream()
        .filter(pair -> names.isEmpty() || names.contains(pair.getKey()))
        .toList();
  }

  List<Offering> offerings() {
    return instanceTypes.values().stream()
        .flatMap(type -> type.zones().stream().map(zone -> new Offering(type.name(), zone)))
        .toList();
  }

  /** What RunInstances looks at before it launches anything new, dry run or not. */
  void requireFor(Launch launch) {
    images(List.of(launch.imageId()));
    Ec2Query template = new Ec2Query(launch.request()).structure("LaunchTemplate");
    template
        .value("LaunchTemplateId")
        .ifPresent(id -> requireTemplate(id, template.number("Version", 1)));
  }

  private void requireTemplate(String id, int version) {
    if (!launchTemplates.containsKey(id)) {
      throw new Refusal(
          "InvalidLaunchTemplateId.NotFound",
          "The specified launch template, with template ID %s, does not exist.".formatted(id));
    }
    if (version < 1 || version > launchTemplates.get(id)) {
      throw new Refusal(
          "InvalidLaunchTemplateId.VersionNotFound",
          "Could not find the specified version %d for the launch template with ID %s."
              .formatted(version, id));
    }
  }
}
