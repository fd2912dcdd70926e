package io.elephant.launcher.local;

import static io.elephant.launcher.local.Ec2Xml.fields;

import io.elephant.launcher.fake.InstanceView.State;
import io.elephant.launcher.local.Inventory.Image;
import io.elephant.launcher.local.Inventory.InstanceType;
import io.elephant.launcher.local.Inventory.Offering;
import io.elephant.launcher.local.Inventory.SecurityGroup;
import io.elephant.launcher.local.Inventory.ZoneState;
import io.elephant.launcher.local.Paging.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a Describe action shows of a resource, in the shape that its reference gives it, and the
 * filters that it knows.
 *
 * <p>All of a request's filters must match, each by any one of its values. See <a
 * href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html">Filter</a>.
 *
 * @param set the element that holds the resources
 * @param shown its fields and their values
 * @param byField the filters that look at the field of their own name
 * @param others the other filters, with what they look at
 */
record Ec2Description<T>(
    String action,
    String set,
    Function<T, SequencedMap<String, Object>> shown,
    List<String> byField,
    Map<String, Function<T, Stream<String>>> others) {

  private static final String ACCOUNT = Permission.ACCOUNT;
  private static final String TAG = "tag:";
  private static final Pattern WORD = Pattern.compile("-(.)");

  static final Ec2Description<Vpc> VPCS =
      new Ec2Description<>(
          "DescribeVpcs",
          "vpcSet",
          vpc -> fields("vpcId", vpc.id(), "isDefault", vpc.isDefault()),
          List.of("is-default", "vpc-id"),
          Map.of());

  static final Ec2Description<Subnet> SUBNETS =
      new Ec2Description<>(
          "DescribeSubnets",
          "subnetSet",
          subnet ->
              fields(
                  "subnetId", subnet.id(),
                  "subnetArn", "arn:aws:ec2:us-west-2:" + ACCOUNT + ":subnet/" + subnet.id(),
                  "state", subnet.state(),
                  "ownerId", ACCOUNT,
                  "vpcId", subnet.vpcId(),
                  "cidrBlock", "172.31.16.0/20",
                  "availableIpAddressCount", subnet.freeAddresses(),
                  "availabilityZone", subnet.zone(),
                  "defaultForAz", subnet.defaultForAz(),
                  "mapPublicIpOnLaunch", subnet.defaultForAz()),
          List.of("availability-zone", "default-for-az", "state", "subnet-id", "vpc-id"),
          Map.of());

  static final Ec2Description<ZoneState> ZONES =
      new Ec2Description<>(
          "DescribeAvailabilityZones",
          "availabilityZoneInfo",
          zone ->
              fields(
                  "optInStatus", zone.optInStatus(),
                  "zoneName", zone.name(),
                  "zoneState", zone.state(),
                  "regionName", LocalDynamoDb.REGION),
          List.of("opt-in-status", "zone-name"),
          Map.of("state", zone -> Stream.of(zone.state())));

  static final Ec2Description<Image> IMAGES =
      new Ec2Description<>(
          "DescribeImages",
          "imagesSet",
          image ->
              fields(
                  "imageId", image.id(),
                  "imageState", image.state(),
                  "imageOwnerId", ACCOUNT,
                  "isPublic", false,
                  "architecture", image.architecture(),
                  "imageType", "machine",
                  "rootDeviceType", "ebs",
                  "rootDeviceName", image.rootDeviceName(),
                  "blockDeviceMapping", List.of(rootDisk(image))),
          List.of("architecture", "image-id"),
          Map.of("state", image -> Stream.of(image.state())));

  static final Ec2Description<Map.Entry<String, String>> KEY_PAIRS =
      new Ec2Description<>(
          "DescribeKeyPairs",
          "keySet",
          pair -> fields("keyName", pair.getKey(), "keyPairId", pair.getValue()),
          List.of("key-name"),
          Map.of());

  static final Ec2Description<SecurityGroup> SECURITY_GROUPS =
      new Ec2Description<>(
          "DescribeSecurityGroups",
          "securityGroupInfo",
          group -> fields("ownerId", ACCOUNT, "groupId", group.id(), "vpcId", group.vpcId()),
          List.of("group-id", "vpc-id"),
          Map.of());

  static final Ec2Description<InstanceType> INSTANCE_TYPES =
      new Ec2Description<>(
          "DescribeInstanceTypes",
          "instanceTypeSet",
          type ->
              fields(
                  "instanceType", type.name(),
                  "processorInfo", fields("supportedArchitectures", List.of(type.architecture())),
                  "vCpuInfo", fields("defaultVCpus", type.vcpus())),
          List.of("instance-type"),
          Map.of("processor-info.supported-architecture", type -> Stream.of(type.architecture())));

  static final Ec2Description<Offering> OFFERINGS =
      new Ec2Description<>(
          "DescribeInstanceTypeOfferings",
          "instanceTypeOfferingSet",
          offering ->
              fields(
                  "instanceType", offering.type(),
                  "location", offering.zone(),
                  "locationType", "availability-zone"),
          List.of("instance-type", "location"),
          Map.of());

  static final Ec2Description<Instance> INSTANCES =
      new Ec2Description<>(
          "DescribeInstances",
          "reservationSet",
          Ec2Description::instance,
          List.of(
              "client-token", "image-id", "instance-id", "instance-type", "subnet-id", "vpc-id"),
          Map.of(
              "availability-zone", instance -> Stream.of(instance.zone()),
              "instance-state-name", instance -> Stream.of(instance.state().word()),
              "reservation-id", instance -> Stream.of(instance.reservationId()),
              "tag-key", instance -> instance.tags().keySet().stream()));

  /** The answer with these resources. */
  Answer of(Page<T> page) {
    return answer(page.items().stream().map(shown).toList(), page);
  }

  /** The answer with these instances. */
  static Answer ofInstances(Page<Instance> page) {
    return INSTANCES.answer(page.items().stream().map(Ec2Description::reservation).toList(), page);
  }

  private Answer answer(List<?> items, Page<?> page) {
    return Ec2Xml.response(action, fields(set, items, "nextToken", page.nextToken()));
  }

  /** What the request's filters let through. */
  Predicate<T> filter(Ec2Query query) {
    var filters = new ArrayList<Predicate<T>>();
    for (Ec2Query filter : query.structures("Filter")) {
      Function<T, Stream<String>> looked = lookingAt(filter.required("Name"));
      List<String> values = filter.values("Value");
      filters.add(resource -> looked.apply(resource).anyMatch(values::contains));
    }
    return resource -> filters.stream().allMatch(filter -> filter.test(resource));
  }

  private Function<T, Stream<String>> lookingAt(String name) {
    if (name.startsWith(TAG)) {
      String key = name.substring(TAG.length());
      return resource ->
          resource instanceof Instance instance
              ? Stream.ofNullable(instance.tag(key))
              : Stream.empty();
    }
    if (byField.contains(name)) {
      String field = WORD.matcher(name).replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT));
      return resource -> Stream.ofNullable(shown.apply(resource).get(field)).map(Object::toString);
    }
    return Optional.ofNullable(others.get(name))
        .orElseThrow(() -> Refusal.invalid("The filter '" + name + "' is invalid"));
  }

  private static Map<String, Object> rootDisk(Image image) {
    return fields(
        "deviceName",
        image.rootDeviceName(),
        "ebs",
        fields(
            "snapshotId",
            "snap-0c0ffee0c0ffee0c0",
            "volumeSize",
            image.rootVolumeGib(),
            "deleteOnTermination",
            true,
            "volumeType",
            "gp2",
            "encrypted",
            false));
  }

  /** What one call has launched. */
  static SequencedMap<String, Object> reservation(Instance instance) {
    return fields(
        "reservationId",
        instance.reservationId(),
        "ownerId",
        ACCOUNT,
        "instancesSet",
        List.of(instance(instance)));
  }

  /** An instance's state as its own element. */
  static Map<String, Object> state(State state) {
    return fields("code", state.code(), "name", state.word());
  }

  private static SequencedMap<String, Object> instance(Instance instance) {
    var request = new Ec2Query(instance.request());
    return fields(
        "instanceId", instance.id(),
        "imageId", instance.imageId(),
        "instanceState", state(instance.state()),
        "instanceType", instance.type(),
        "launchTime", instance.launchTime(),
        "placement", fields("availabilityZone", instance.zone()),
        "subnetId", instance.subnet().id(),
        "vpcId", instance.subnet().vpcId(),
        "keyName", request.value("KeyName").orElse(null),
        "clientToken", instance.token(),
        "stateReason",
            Optional.ofNullable(instance.reason())
                .map(
                    why -> fields("code", why.code(), "message", why.code() + ": " + why.message()))
                .orElse(null),
        "reason", instance.oldReason(),
        "iamInstanceProfile",
            request
                .value("IamInstanceProfile.Name")
                .map(name -> fields("arn", "arn:aws:iam::" + ACCOUNT + ":instance-profile/" + name))
                .orElse(null),
        "instanceLifecycle", request.value("InstanceMarketOptions.MarketType").orElse(null),
        "groupSet",
            request.values("SecurityGroupId").stream().map(id -> fields("groupId", id)).toList(),
        "tagSet",
            instance.tags().entrySet().stream()
                .map(tag -> fields("key", tag.getKey(), "value", tag.getValue()))
                .toList());
  }
}
