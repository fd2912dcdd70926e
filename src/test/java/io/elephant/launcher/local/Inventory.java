package io.elephant.launcher.local;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.InstanceTypeOffering;
import software.amazon.awssdk.services.ec2.model.KeyPairInfo;
import software.amazon.awssdk.services.ec2.model.LocationType;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Vpc;

/**
 * What there is in the account and the region to launch from, each by its id or name. At first that
 * is all that an ordinary launch needs, in an account that has used us-west-2 for a while; a test
 * takes away or changes what it wants to see missed, at any time and from any thread.
 *
 * @param launchTemplates the number of the launch templates' newest versions
 * @param offerings each instance type with a zone that offers it
 */
public record Inventory(
    Map<String, Image> images,
    Map<String, KeyPairInfo> keyPairs,
    Map<String, SecurityGroup> securityGroups,
    Map<String, Integer> launchTemplates,
    Map<String, InstanceTypeInfo> instanceTypes,
    Set<InstanceTypeOffering> offerings,
    Map<String, Subnet> subnets) {

  private static final String DEFAULT_VPC = "vpc-0d3fa0170e1e9ba55";
  private static final String OTHER_VPC = "vpc-07e5ca1ab1ef0f0e5";
  private static final int ADDRESSES_OF_A_SLASH_20 = 4091;

  Inventory() {
    this(
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>(Map.of("lt-0e1efa27000000001", 8)),
        new ConcurrentHashMap<>(),
        ConcurrentHashMap.newKeySet(),
        new ConcurrentHashMap<>());
    // The image of an ordinary launch, and the one that is to follow it.
    for (String id : List.of("ami-0e7fd79d17e852d18", "ami-0ffffffffffffffff")) {
      images.put(id, image(id, "available", "x86_64", "/dev/xvda", 8));
    }
    String key = "shaundano-elephant";
    keyPairs.put(
        key, KeyPairInfo.builder().keyName(key).keyPairId("key-0000000000e1e0000").build());
    putGroup("sg-0e1efa27000000001", DEFAULT_VPC);
    putGroup("sg-0e1efa27000000002", DEFAULT_VPC);
    putGroup("sg-0e1efa27000000003", OTHER_VPC);
    putType("t3.large", "x86_64", "abcd");
    putType("t3a.large", "x86_64", "abc");
    putType("t4g.large", "arm64", "abcd");
    putType("g5.xlarge", "x86_64", "d");
    putSubnet("subnet-0a11111111111111a", "us-west-2a", DEFAULT_VPC, true);
    putSubnet("subnet-0b22222222222222b", "us-west-2b", DEFAULT_VPC, true);
    putSubnet("subnet-0c33333333333333c", "us-west-2c", DEFAULT_VPC, true);
    putSubnet("subnet-0d44444444444444d", "us-west-2d", DEFAULT_VPC, true);
    putSubnet("subnet-0a55555555555555a", "us-west-2a", DEFAULT_VPC, false);
    putSubnet("subnet-0b66666666666666b", "us-west-2b", DEFAULT_VPC, false);
    putSubnet("subnet-0a77777777777777a", "us-west-2a", OTHER_VPC, false);
    putSubnet("subnet-0c88888888888888c", "us-west-2c", OTHER_VPC, false);
  }

  /** An image, with its root volume's size in GiB. */
  public static Image image(
      String id, String state, String architecture, String rootDevice, int size) {
    return Image.builder()
        .imageId(id)
        .state(state)
        .architecture(architecture)
        .rootDeviceType("ebs")
        .rootDeviceName(rootDevice)
        .blockDeviceMappings(
            BlockDeviceMapping.builder()
                .deviceName(rootDevice)
                .ebs(disk -> disk.volumeSize(size))
                .build())
        .build();
  }

  /** Puts a security group into a VPC; into another one only a new group of its id could be. */
  public void putGroup(String id, String vpcId) {
    securityGroups.put(id, SecurityGroup.builder().groupId(id).vpcId(vpcId).build());
  }

  private void putType(String name, String architecture, String zonesOfUsWest2) {
    instanceTypes.put(
        name,
        InstanceTypeInfo.builder()
            .instanceType(name)
            .processorInfo(processor -> processor.supportedArchitecturesWithStrings(architecture))
            .build());
    zonesOfUsWest2
        .chars()
        .forEach(zone -> offerings.add(offering(name, "us-west-2" + (char) zone)));
  }

  private static InstanceTypeOffering offering(String type, String zone) {
    return InstanceTypeOffering.builder()
        .instanceType(type)
        .location(zone)
        .locationType(LocationType.AVAILABILITY_ZONE)
        .build();
  }

  public void withdraw(String type, String zone) {
    offerings.remove(offering(type, zone));
  }

  private void putSubnet(String id, String zone, String vpcId, boolean isDefault) {
    subnets.put(
        id,
        Subnet.builder()
            .subnetId(id)
            .availabilityZone(zone)
            .vpcId(vpcId)
            .defaultForAz(isDefault)
            .state("available")
            .availableIpAddressCount(ADDRESSES_OF_A_SLASH_20)
            .build());
  }

  Collection<Vpc> vpcs() {
    return Stream.of(DEFAULT_VPC, OTHER_VPC)
        .map(id -> Vpc.builder().vpcId(id).isDefault(id.equals(DEFAULT_VPC)).build())
        .toList();
  }

  Subnet subnet(String id) {
    return known(subnets, "InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist", id);
  }

  Collection<Image> images(List<String> ids) {
    ids.forEach(
        id -> known(images, "InvalidAMIID.NotFound", "The image id '[%s]' does not exist", id));
    return images.values();
  }

  Collection<KeyPairInfo> keyPairs(List<String> names) {
    names.forEach(name ->
        known(keyPairs, "InvalidKeyPair.NotFound", "The key pair '%s' does not exist", name));
    return keyPairs.values();
  }

  List<InstanceTypeOffering> offered() {
    return offerings.stream()
        .filter(offering -> instanceTypes.containsKey(offering.instanceTypeAsString()))
        .toList();
  }

  /** What RunInstances looks at before it launches anything new, dry run or not. */
  void requireFor(Ec2Query launch) {
    images(List.of(launch.required("ImageId")));
    Ec2Query template = launch.structure("LaunchTemplate");
    template
        .value("LaunchTemplateId")
        .ifPresent(id -> {
          int newest =
              known(
                  launchTemplates,
                  "InvalidLaunchTemplateId.NotFound",
                  "The specified launch template, with template ID %s, does not exist.",
                  id);
          int version = template.number("Version", 1);
          if (version < 1 || version > newest) {
            throw new Refusal(
                "InvalidLaunchTemplateId.VersionNotFound",
                "Could not find version %d for the launch template %s.".formatted(version, id));
          }
        });
  }

  private static <T> T known(Map<String, T> all, String code, String message, String id) {
    T one = all.get(id);
    if (one == null) {
      throw new Refusal(code, message.formatted(id));
    }
    return one;
  }
}
