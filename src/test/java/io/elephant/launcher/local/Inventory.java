package io.elephant.launcher.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * What there is in the account and the region to launch from. At first that is all that an ordinary
 * launch needs; a test takes away or changes what it wants to see missed, at any time and from any
 * thread.
 */
public final class Inventory {

  /** The image of an ordinary launch, and the one that is to follow it. */
  private static final List<String> IMAGES =
      List.of("ami-0e7fd79d17e852d18", "ami-0ffffffffffffffff");

  private static final List<String> ZONES =
      List.of("us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d");

  private final Map<String, Image> images = new ConcurrentHashMap<>();
  private final Map<String, String> keyPairs = new ConcurrentHashMap<>();
  private final Map<String, SecurityGroup> securityGroups = new ConcurrentHashMap<>();
  private final Map<String, InstanceType> instanceTypes = new ConcurrentHashMap<>();
  private final Map<String, ZoneState> zones = new ConcurrentHashMap<>();

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

  Inventory() {
    IMAGES.forEach(id -> put(new Image(id, "available", "x86_64", "/dev/xvda", 8)));
    putKeyPair("shaundano-elephant");
    put(new SecurityGroup("sg-0e1efa27000000001", Subnet.DEFAULT_VPC));
    put(new SecurityGroup("sg-0e1efa27000000002", Subnet.DEFAULT_VPC));
    put(new SecurityGroup("sg-0e1efa27000000003", Subnet.OTHER_VPC));
    put(new InstanceType("t3.large", "x86_64", 2, ZONES));
    put(new InstanceType("t3a.large", "x86_64", 2, ZONES.subList(0, 3)));
    put(new InstanceType("t4g.large", "arm64", 2, ZONES));
    put(new InstanceType("g5.xlarge", "x86_64", 4, ZONES.subList(3, 4)));
    ZONES.forEach(zone -> put(new ZoneState(zone, "available", "opt-in-not-required")));
    put(new ZoneState("us-west-2-lax-1a", "available", "not-opted-in"));
  }

  /** Adds an image, or changes it. */
  public void put(Image image) {
    images.put(image.id(), image);
  }

  /** Changes an image. */
  public void changeImage(String id, UnaryOperator<Image> change) {
    images.computeIfPresent(id, (_, image) -> change.apply(image));
  }

  /** Deregisters an image. */
  public void removeImage(String id) {
    images.remove(id);
  }

  /** Imports a key pair. */
  public void putKeyPair(String name) {
    keyPairs.put(name, "key-0%016x".formatted(name.hashCode()));
  }

  /** Deletes a key pair. */
  public void removeKeyPair(String name) {
    keyPairs.remove(name);
  }

  /** Adds a security group, or puts it into another VPC, which only a new one of the id could. */
  public void put(SecurityGroup group) {
    securityGroups.put(group.id(), group);
  }

  /** Deletes a security group. */
  public void removeSecurityGroup(String id) {
    securityGroups.remove(id);
  }

  /** Adds an instance type, or changes it. */
  public void put(InstanceType type) {
    instanceTypes.put(type.name(), type);
  }

  /** Takes an instance type out of a zone. */
  public void withdraw(String type, String zone) {
    instanceTypes.computeIfPresent(
        type,
        (_, offered) -> {
          List<String> left = new ArrayList<>(offered.zones());
          left.remove(zone);
          return new InstanceType(type, offered.architecture(), offered.vcpus(), left);
        });
  }

  /** Takes an instance type out of the region. */
  public void removeInstanceType(String name) {
    instanceTypes.remove(name);
  }

  /** Adds a zone, or changes it. */
  public void put(ZoneState zone) {
    zones.put(zone.name(), zone);
  }

  List<Image> images(List<String> ids) {
    if (!images.keySet().containsAll(ids)) {
      List<String> unknown = ids.stream().filter(id -> !images.containsKey(id)).toList();
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
    names.stream()
        .filter(name -> !keyPairs.containsKey(name))
        .findFirst()
        .ifPresent(name -> {
          throw new Refusal(
              "InvalidKeyPair.NotFound", "The key pair '" + name + "' does not exist");
        });
    return keyPairs.entrySet().stream()
        .filter(pair -> names.isEmpty() || names.contains(pair.getKey()))
        .toList();
  }

  List<SecurityGroup> securityGroups() {
    return List.copyOf(securityGroups.values());
  }

  List<InstanceType> instanceTypes() {
    return List.copyOf(instanceTypes.values());
  }

  List<Offering> offerings() {
    return instanceTypes().stream()
        .flatMap(type -> type.zones().stream().map(zone -> new Offering(type.name(), zone)))
        .toList();
  }

  List<ZoneState> zones() {
    return List.copyOf(zones.values());
  }

  /** What RunInstances looks at before it launches anything new, dry run or not. */
  void requireFor(Launch launch) {
    images(List.of(launch.imageId()));
  }
}
