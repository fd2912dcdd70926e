package io.elephant.launcher.local;

import io.elephant.launcher.fake.Ec2Model;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * What the Describe actions show of what there is: what the request's ids and filters let through,
 * page by page. All filters must match, each by any one of its values. See <a
 * href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html">Filter</a>.
 *
 * @param pageSize the most that a page holds, whatever is asked for
 */
record Ec2Description(Ec2Query query, int pageSize) {

  static final int LARGEST_PAGE = 1000;
  private static final int SMALLEST_PAGE = 5;
  private static final Pattern WORD = Pattern.compile("-(.)");

  /** The answer to a Describe action about what there is to launch from. */
  Answer of(String action, Inventory all) {
    return switch (action) {
      case "DescribeVpcs" -> of(action, "vpcSet", all.vpcs());
      case "DescribeSubnets" -> of(action, "subnetSet", asked("SubnetId", all.subnets().values()));
      case "DescribeImages" ->
          of(action, "imagesSet", asked("ImageId", all.images(query.values("ImageId"))));
      case "DescribeKeyPairs" ->
          of(action, "keySet", asked("KeyName", all.keyPairs(query.values("KeyName"))));
      case "DescribeSecurityGroups" ->
          of(action, "securityGroupInfo", all.securityGroups().values());
      case "DescribeInstanceTypes" -> of(action, "instanceTypeSet", all.instanceTypes().values());
      case "DescribeInstanceTypeOfferings" -> {
        if (!query.required("LocationType").equals("availability-zone")) {
          throw Refusal.invalid("This stand-in knows offerings by zone alone");
        }
        yield of(action, "instanceTypeOfferingSet", all.offered());
      }
      default ->
          throw new Refusal(
              "InvalidAction", "The action " + action + " is not valid for this web service.");
    };
  }

  private Answer of(String action, String set, Collection<? extends SdkPojo> all) {
    List<SdkPojo> shown = new ArrayList<>(all);
    // EC2 promises no order; pages need one.
    if (pageSize == LARGEST_PAGE && query.value("MaxResults").isEmpty()) {
      Collections.shuffle(shown);
    }
    return page(action, set, shown, UnaryOperator.identity());
  }

  Answer ofInstances(List<Instance> all) {
    List<String> ids = query.values("InstanceId");
    if (!ids.isEmpty() && query.value("MaxResults").isPresent()) {
      throw new Refusal(
          "InvalidParameterCombination",
          "The parameter instancesSet cannot be used with the parameter maxResults");
    }
    if (!all.stream().map(Instance::id).toList().containsAll(ids)) {
      throw new Refusal(Ec2Model.UNKNOWN_ID, "One of the instance IDs " + ids + " does not exist");
    }
    return page(
        "DescribeInstances",
        "reservationSet",
        asked("InstanceId", all.stream().map(Instance::toSdk).toList()),
        instance ->
            Reservation.builder()
                .instances((software.amazon.awssdk.services.ec2.model.Instance) instance)
                .build());
  }

  /** Those that are asked for by the parameter that has their ids; all, where it names none. */
  private <T extends SdkPojo> Collection<T> asked(String parameter, Collection<T> all) {
    List<String> ids = query.values(parameter);
    String field = parameter.substring(0, 1).toLowerCase(Locale.ROOT) + parameter.substring(1);
    return all.stream()
        .filter(one -> ids.isEmpty() || values(one, field).anyMatch(ids::contains))
        .toList();
  }

  private Answer page(
      String action,
      String set,
      Collection<? extends SdkPojo> all,
      UnaryOperator<SdkPojo> wrapped) {
    List<Ec2Query> filters = query.structures("Filter");
    List<SdkPojo> found = new ArrayList<>(all);
    found.removeIf(one ->
        !filters.stream()
            .allMatch(filter ->
                filtered(one, filter.required("Name")).anyMatch(filter.values("Value")::contains)));
    int size = query.number("MaxResults", LARGEST_PAGE);
    if (size < SMALLEST_PAGE || size > LARGEST_PAGE) {
      throw Refusal.invalid("Value ( %d ) for parameter maxResults is invalid.".formatted(size));
    }
    int start = query.number("NextToken", 0);
    int end = Math.min(start + Math.min(size, pageSize), found.size());
    Map<String, Object> answer = new HashMap<>();
    answer.put(set, found.subList(start, end).stream().map(wrapped).toList());
    if (end < found.size()) {
      answer.put("nextToken", end);
    }
    return Ec2Xml.response(action, answer);
  }

  /** What a filter looks at: the field of its name, but for those of an instance's parts. */
  private static Stream<String> filtered(SdkPojo one, String filter) {
    if (one instanceof software.amazon.awssdk.services.ec2.model.Instance instance) {
      if (filter.startsWith("tag:")) {
        return instance.tags().stream()
            .filter(tag -> filter.equals("tag:" + tag.key()))
            .map(Tag::value);
      }
      if (filter.equals("tag-key")) {
        return instance.tags().stream().map(Tag::key);
      }
      if (filter.equals("instance-state-name")) {
        return Stream.of(instance.state().nameAsString());
      }
    }
    return values(
        one, WORD.matcher(filter).replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT)));
  }

  private static Stream<String> values(SdkPojo one, String name) {
    SdkField<?> field =
        one.sdkFields().stream()
            .filter(each -> name.equals(each.unmarshallLocationName()))
            .findFirst()
            .orElseThrow(() -> Refusal.invalid("The filter '" + name + "' is invalid"));
    return Stream.ofNullable(field.getValueOrDefault(one)).map(Object::toString);
  }
}
