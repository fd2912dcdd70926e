package io.elephant.launcher.preflight;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;

import io.elephant.launcher.aws.AwsError;
import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Placement.InSubnets;
import io.elephant.launcher.instance.Placement.InZones;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.preflight.Check.Obstacle;
import io.elephant.launcher.preflight.Check.Passed;
import io.elephant.launcher.preflight.Check.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.LocationType;

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
    String device = template.rootVolume().deviceName();
    String key = template.keyName();
    Filter ofTypes = filter("instance-type", plan.instanceTypes());
    Filter ofGroups = filter("group-id", template.securityGroupIds());
    Lookups aws = new Lookups(invocation);
    var tables =
        aws.ask(
            "dynamodb:DescribeTable",
            () -> List.of(dynamoDb.describeTable(r -> r.tableName(table)).table()));
    var images =
        aws.ask("ec2:DescribeImages", () -> ec2.describeImages(r -> r.imageIds(image)).images());
    var types =
        aws.ask(
            "ec2:DescribeInstanceTypes",
            () -> ec2.describeInstanceTypesPaginator(r -> r.filters(ofTypes)).instanceTypes());
    var keyPairs =
        aws.ask(
            "ec2:DescribeKeyPairs", () -> ec2.describeKeyPairs(r -> r.keyNames(key)).keyPairs());
    var groups =
        aws.ask(
            "ec2:DescribeSecurityGroups",
            () -> ec2.describeSecurityGroupsPaginator(r -> r.filters(ofGroups)).securityGroups());
    var offerings =
        aws.ask(
            "ec2:DescribeInstanceTypeOfferings",
            () ->
                ec2.describeInstanceTypeOfferingsPaginator(
                        r -> r.locationType(LocationType.AVAILABILITY_ZONE).filters(ofTypes))
                    .instanceTypeOfferings());
    var subnets =
        aws.ask(
            "ec2:DescribeSubnets",
            () -> ec2.describeSubnetsPaginator(r -> r.filters(ofPlacement())).subnets());

    Findings findings = new Findings(region, plan, subnets, offerings);
    List<Check> checks = new ArrayList<>();
    checks.add(Check.of("credentials", region, () -> credentials(subnets)));
    checks.add(Check.of("table", table, () -> table(tables.get())));
    checks.add(Check.of("image", image, () -> findings.image(images.get())));
    checks.add(
        Check.of("architecture", image, () -> findings.architecture(types.get(), images.get())));
    checks.add(Check.of("root-device", device, () -> findings.rootDevice(images.get())));
    checks.add(Check.of("key-pair", key, () -> findings.keyPair(keyPairs.get())));
    for (String id : template.securityGroupIds()) {
      checks.add(Check.of("security-group", id, () -> findings.securityGroup(id, groups.get())));
    }
    for (String type : plan.instanceTypes()) {
      checks.add(Check.of("instance-type", type, () -> findings.instanceType(type)));
    }
    for (Zone zone : plan.zones()) {
      checks.add(Check.of("offering", zone.name(), () -> findings.offering(zone)));
    }
    switch (plan.placement()) {
      case InSubnets(var named) ->
          named.forEach(
              one -> checks.add(Check.of("subnet", one.id(), () -> findings.subnet(one))));
      case InZones(var allowed) ->
          allowed.forEach(
              one -> checks.add(Check.of("subnet", one.name(), () -> findings.subnet(one))));
    }
    try {
      checks.addAll(new DryRuns(plan, ec2, invocation).checks(findings.candidates()));
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
          AwsError error = AwsError.of(e);
          if (!error.notThere()) {
            throw error.failed(permission, e);
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
    } catch (CallFailed e) {
      if (!AwsError.isNotPermitted(e.refusal())) {
        return new Obstacle(
            "EC2 does not answer: " + e.refusal(),
            "Check that the function's role exists, that this account may use the region "
                + region
                + " (LAUNCH_REGION), and that the function's network reaches AWS");
      }
    }
    return new Passed("EC2 accepts them");
  }

  private Result table(List<TableDescription> tables) {
    if (tables.isEmpty()) {
      return Obstacle.missing(
          "table",
          region,
          "Create it (create_table = true), or correct TABLE_NAME or LAUNCH_REGION");
    }
    TableDescription found = tables.getFirst();
    Map<String, String> types =
        found.attributeDefinitions().stream()
            .collect(
                toMap(
                    AttributeDefinition::attributeName,
                    AttributeDefinition::attributeTypeAsString));
    String key =
        found.keySchema().stream()
            .map(part -> part.attributeName() + " " + types.get(part.attributeName()))
            .collect(joining(" and "));
    // Rows can be read and written while a table's settings are changed.
    return key.equals("id S")
        ? Check.inState(
            found.tableStatusAsString(),
            Set.of("ACTIVE", "UPDATING"),
            "Wait until it is ACTIVE, or restore it")
        : new Obstacle(
            "Its key is " + key,
            "Use a table whose key is the attribute id, a string (S), and nothing else");
  }
}
