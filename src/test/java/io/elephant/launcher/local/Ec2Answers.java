package io.elephant.launcher.local;

import io.elephant.launcher.local.InstanceStore.Change;
import io.elephant.launcher.local.Paging.Page;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** The answers of the EC2 API, in the shape that its reference gives them. */
final class Ec2Answers {

  private static final String ACCOUNT = "123456789012";

  private Ec2Answers() {}

  static Answer launched(List<Instance> instances) {
    return Ec2Xml.response("RunInstances", xml -> reservation(xml, instances));
  }

  static Answer terminated(List<Change> changes) {
    return Ec2Xml.response(
        "TerminateInstances",
        xml ->
            xml.items(
                "instancesSet",
                changes,
                change -> {
                  xml.text("instanceId", change.id());
                  state(xml, "currentState", change.after());
                  state(xml, "previousState", change.before());
                }));
  }

  static Answer instances(Page<Instance> page) {
    SequencedMap<String, List<Instance>> reservations =
        page.items().stream()
            .collect(
                Collectors.groupingBy(
                    Instance::reservationId, LinkedHashMap::new, Collectors.toList()));
    return Ec2Xml.response(
        "DescribeInstances",
        xml -> {
          xml.items(
              "reservationSet", reservations.values(), instances -> reservation(xml, instances));
          next(xml, page);
        });
  }

  static Answer vpcs(Page<Vpc> page) {
    return Ec2Xml.response(
        "DescribeVpcs",
        xml -> {
          xml.items(
              "vpcSet",
              page.items(),
              vpc -> {
                xml.text("vpcId", vpc.id());
                xml.text("isDefault", Boolean.toString(vpc.isDefault()));
              });
          next(xml, page);
        });
  }

  static Answer subnets(Page<Subnet> page) {
    return Ec2Xml.response(
        "DescribeSubnets",
        xml -> {
          xml.items("subnetSet", page.items(), subnet -> subnet(xml, subnet));
          next(xml, page);
        });
  }

  static Answer zones(List<Inventory.ZoneState> zones) {
    return Ec2Xml.response(
        "DescribeAvailabilityZones",
        xml ->
            xml.items(
                "availabilityZoneInfo",
                zones,
                zone ->
                    xml.text("optInStatus", zone.optInStatus())
                        .text("zoneName", zone.name())
                        .text("zoneState", zone.state())
                        .text("regionName", LocalDynamoDb.REGION)));
  }

  static Answer images(List<Inventory.Image> images) {
    return Ec2Xml.response(
        "DescribeImages",
        xml ->
            xml.items(
                "imagesSet",
                images,
                image ->
                    xml.text("imageId", image.id())
                        .text("imageState", image.state())
                        .text("imageOwnerId", ACCOUNT)
                        .text("isPublic", false)
                        .text("architecture", image.architecture())
                        .text("imageType", "machine")
                        .text("rootDeviceType", "ebs")
                        .text("rootDeviceName", image.rootDeviceName())
                        .items(
                            "blockDeviceMapping",
                            List.of(image),
                            disk ->
                                xml.text("deviceName", disk.rootDeviceName())
                                    .element(
                                        "ebs",
                                        ebs ->
                                            ebs.text("snapshotId", "snap-0c0ffee0c0ffee0c0")
                                                .text("volumeSize", disk.rootVolumeGib())
                                                .text("deleteOnTermination", true)
                                                .text("volumeType", "gp2")
                                                .text("encrypted", false)))));
  }

  static Answer keyPairs(List<Map.Entry<String, String>> pairs) {
    return Ec2Xml.response(
        "DescribeKeyPairs",
        xml ->
            xml.items(
                "keySet",
                pairs,
                pair -> xml.text("keyName", pair.getKey()).text("keyPairId", pair.getValue())));
  }

  static Answer securityGroups(Page<Inventory.SecurityGroup> page) {
    return Ec2Xml.response(
        "DescribeSecurityGroups",
        xml -> {
          xml.items(
              "securityGroupInfo",
              page.items(),
              group ->
                  xml.text("ownerId", ACCOUNT)
                      .text("groupId", group.id())
                      .text("vpcId", group.vpcId()));
          next(xml, page);
        });
  }

  static Answer instanceTypes(Page<Inventory.InstanceType> page) {
    return Ec2Xml.response(
        "DescribeInstanceTypes",
        xml -> {
          xml.items(
              "instanceTypeSet",
              page.items(),
              type ->
                  xml.text("instanceType", type.name())
                      .element(
                          "processorInfo",
                          processor ->
                              processor.element(
                                  "supportedArchitectures",
                                  list -> list.text("item", type.architecture())))
                      .element("vCpuInfo", vcpus -> vcpus.text("defaultVCpus", type.vcpus())));
          next(xml, page);
        });
  }

  static Answer offerings(Page<Inventory.Offering> page) {
    return Ec2Xml.response(
        "DescribeInstanceTypeOfferings",
        xml -> {
          xml.items(
              "instanceTypeOfferingSet",
              page.items(),
              offering ->
                  xml.text("instanceType", offering.type())
                      .text("location", offering.zone())
                      .text("locationType", "availability-zone"));
          next(xml, page);
        });
  }

  private static void next(Ec2Xml xml, Page<?> page) {
    if (page.nextToken() != null) {
      xml.text("nextToken", page.nextToken());
    }
  }

  private static void subnet(Ec2Xml xml, Subnet subnet) {
    xml.text("subnetId", subnet.id())
        .text("subnetArn", "arn:aws:ec2:us-west-2:" + ACCOUNT + ":subnet/" + subnet.id())
        .text("state", subnet.state())
        .text("ownerId", ACCOUNT)
        .text("vpcId", subnet.vpcId())
        .text("cidrBlock", "172.31.16.0/20")
        .text("availableIpAddressCount", subnet.freeAddresses())
        .text("availabilityZone", subnet.zone())
        .text("defaultForAz", subnet.defaultForAz())
        .text("mapPublicIpOnLaunch", subnet.defaultForAz());
  }

  private static void reservation(Ec2Xml xml, List<Instance> instances) {
    xml.text("reservationId", instances.getFirst().reservationId())
        .text("ownerId", ACCOUNT)
        .items("instancesSet", instances, instance -> instance(xml, instance));
  }

  private static void instance(Ec2Xml xml, Instance instance) {
    var request = new Ec2Query(instance.request());
    xml.text("instanceId", instance.id()).text("imageId", instance.imageId());
    state(xml, "instanceState", instance.state());
    xml.text("instanceType", instance.type())
        .text("launchTime", DateTimeFormatter.ISO_INSTANT.format(instance.launchTime()))
        .element("placement", placement -> placement.text("availabilityZone", instance.zone()))
        .text("subnetId", instance.subnet().id())
        .text("vpcId", instance.subnet().vpcId());
    request.value("KeyName").ifPresent(name -> xml.text("keyName", name));
    if (instance.token() != null) {
      xml.text("clientToken", instance.token());
    }
    request
        .value("IamInstanceProfile.Name")
        .ifPresent(name ->
            xml.element(
                "iamInstanceProfile",
                profile ->
                    profile.text("arn", "arn:aws:iam::" + ACCOUNT + ":instance-profile/" + name)));
    request
        .value("InstanceMarketOptions.MarketType")
        .ifPresent(market -> xml.text("instanceLifecycle", market));
    xml.items("groupSet", request.values("SecurityGroupId"), id -> xml.text("groupId", id));
    xml.items("tagSet", instance.tags().entrySet(), tag -> tag(xml, tag));
  }

  private static void tag(Ec2Xml xml, Map.Entry<String, String> tag) {
    xml.text("key", tag.getKey()).text("value", tag.getValue());
  }

  private static void state(Ec2Xml xml, String name, Instance.State state) {
    xml.element(name, element -> element.text("code", state.code()).text("name", state));
  }
}
