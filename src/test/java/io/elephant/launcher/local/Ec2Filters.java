package io.elephant.launcher.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The filters that a Describe action knows: for each, what a resource has to show for it.
 *
 * <p>All of a request's filters must match, each by any one of its values. See <a
 * href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html">Filter</a>.
 *
 * @param named the filters by name
 * @param tags what the filter {@code tag:KEY} looks at
 */
record Ec2Filters<T>(
    Map<String, Function<T, Stream<String>>> named, BiFunction<T, String, Stream<String>> tags) {

  private static final String TAG = "tag:";

  static final Ec2Filters<Vpc> VPCS =
      new Ec2Filters<>(
          Map.of(
              "is-default", vpc -> Stream.of(Boolean.toString(vpc.isDefault())),
              "vpc-id", vpc -> Stream.of(vpc.id())),
          (vpc, key) -> Stream.empty());

  static final Ec2Filters<Subnet> SUBNETS =
      new Ec2Filters<>(
          Map.of(
              "availability-zone", subnet -> Stream.of(subnet.zone()),
              "default-for-az", subnet -> Stream.of(Boolean.toString(subnet.defaultForAz())),
              "state", subnet -> Stream.of(subnet.state()),
              "subnet-id", subnet -> Stream.of(subnet.id()),
              "vpc-id", subnet -> Stream.of(subnet.vpcId())),
          (subnet, key) -> Stream.empty());

  static final Ec2Filters<Inventory.ZoneState> ZONES =
      new Ec2Filters<>(
          Map.of(
              "opt-in-status", zone -> Stream.of(zone.optInStatus()),
              "state", zone -> Stream.of(zone.state()),
              "zone-name", zone -> Stream.of(zone.name())),
          (zone, key) -> Stream.empty());

  static final Ec2Filters<Inventory.Image> IMAGES =
      new Ec2Filters<>(
          Map.of(
              "architecture", image -> Stream.of(image.architecture()),
              "image-id", image -> Stream.of(image.id()),
              "state", image -> Stream.of(image.state())),
          (image, key) -> Stream.empty());

  static final Ec2Filters<Map.Entry<String, String>> KEY_PAIRS =
      new Ec2Filters<>(
          Map.of("key-name", pair -> Stream.of(pair.getKey())), (pair, key) -> Stream.empty());

  static final Ec2Filters<Inventory.SecurityGroup> SECURITY_GROUPS =
      new Ec2Filters<>(
          Map.of(
              "group-id", group -> Stream.of(group.id()),
              "vpc-id", group -> Stream.of(group.vpcId())),
          (group, key) -> Stream.empty());

  static final Ec2Filters<Inventory.InstanceType> INSTANCE_TYPES =
      new Ec2Filters<>(
          Map.of(
              "instance-type", type -> Stream.of(type.name()),
              "processor-info.supported-architecture", type -> Stream.of(type.architecture())),
          (type, key) -> Stream.empty());

  static final Ec2Filters<Inventory.Offering> OFFERINGS =
      new Ec2Filters<>(
          Map.of(
              "instance-type", offering -> Stream.of(offering.type()),
              "location", offering -> Stream.of(offering.zone())),
          (offering, key) -> Stream.empty());

  static final Ec2Filters<Instance> INSTANCES =
      new Ec2Filters<>(
          Map.ofEntries(
              Map.entry("availability-zone", instance -> Stream.of(instance.zone())),
              Map.entry("client-token", instance -> Stream.ofNullable(instance.token())),
              Map.entry("image-id", instance -> Stream.of(instance.imageId())),
              Map.entry("instance-id", instance -> Stream.of(instance.id())),
              Map.entry("instance-state-name", instance -> Stream.of(instance.state().toString())),
              Map.entry("instance-type", instance -> Stream.of(instance.type())),
              Map.entry("reservation-id", instance -> Stream.of(instance.reservationId())),
              Map.entry("subnet-id", instance -> Stream.of(instance.subnet().id())),
              Map.entry("tag-key", instance -> instance.tags().keySet().stream()),
              Map.entry("vpc-id", instance -> Stream.of(instance.subnet().vpcId()))),
          (instance, key) -> Stream.ofNullable(instance.tag(key)));

  /** What the request's filters let through. */
  Predicate<T> of(Ec2Query query) {
    var filters = new ArrayList<Predicate<T>>();
    for (Ec2Query filter : query.structures("Filter")) {
      Function<T, Stream<String>> shown = shown(filter.required("Name"));
      List<String> values = filter.values("Value");
      filters.add(resource -> shown.apply(resource).anyMatch(values::contains));
    }
    return resource -> filters.stream().allMatch(filter -> filter.test(resource));
  }

  private Function<T, Stream<String>> shown(String name) {
    if (name.startsWith(TAG)) {
      return resource -> tags.apply(resource, name.substring(TAG.length()));
    }
    Function<T, Stream<String>> shown = named.get(name);
    if (shown == null) {
      throw Refusal.invalid("The filter '" + name + "' is invalid");
    }
    return shown;
  }
}
