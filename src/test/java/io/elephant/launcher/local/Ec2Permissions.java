package io.elephant.launcher.local;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.Subnet;

/**
 * What a call of EC2's must be allowed, as the <a
 * href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html">
 * Service Authorization Reference</a> has it: every resource of a launch by itself, each with the
 * condition keys that it has, and what a launch does besides. Calls by a launch template or with a
 * key of KMS are not recorded, so they are not here.
 */
final class Ec2Permissions {

  private static final String REGION = LocalDynamoDb.REGION;
  private static final String ARN = "arn:aws:ec2:%s:%s:".formatted(REGION, Permission.ACCOUNT);
  private static final String IAM_ARN = "arn:aws:iam::%s:".formatted(Permission.ACCOUNT);
  private static final Map<String, Object> IN_REGION = Map.of("ec2:Region", REGION);

  private static final Map<String, Subnet> SUBNETS = new Inventory().subnets();

  private Ec2Permissions() {}

  /** What these calls must have been allowed, of which these instances came. */
  static List<Permission> of(List<Call> calls, List<Instance> instances) {
    Map<String, Instance> byId =
        instances.stream().collect(Collectors.toMap(Instance::id, Function.identity()));
    return calls.stream()
        .flatMap(call -> {
          var query = new Ec2Query(call.parameters());
          return switch (call.action()) {
            case "RunInstances" -> ofLaunch(query);
            case "TerminateInstances" ->
                query.values("InstanceId").stream()
                    .filter(byId::containsKey)
                    .map(id -> ofTermination(byId.get(id)));
            default -> Stream.of(new Permission("ec2:" + call.action(), "*", Map.of(), IN_REGION));
          };
        })
        .toList();
  }

  private static Permission ofTermination(Instance instance) {
    var context = new TreeMap<String, Object>();
    instance.view().tags().forEach((key, value) -> context.put("aws:ResourceTag/" + key, value));
    context.put("ec2:AvailabilityZone", instance.zone());
    context.put("ec2:InstanceType", instance.type());
    // One id for all, so that the same permission is written down once.
    return new Permission("ec2:TerminateInstances", ARN + "instance/i-1", context, IN_REGION);
  }

  /** What is launched has no id yet when IAM is asked. */
  private static Stream<Permission> ofLaunch(Ec2Query query) {
    Subnet subnet = SUBNETS.get(query.required("SubnetId"));
    String zone = subnet.availabilityZone();
    String subnetArn = ARN + "subnet/" + subnet.subnetId();
    String vpc = ARN + "vpc/" + subnet.vpcId();
    String profile = query.required("IamInstanceProfile.Name");
    String keyName = query.required("KeyName");
    Map<String, Map<String, ?>> resources = new LinkedHashMap<>();
    resources.put(
        "arn:aws:ec2:%s::image/%s".formatted(REGION, query.required("ImageId")), Map.of());
    resources.put(ARN + "key-pair/" + keyName, Map.of("ec2:KeyPairName", keyName));
    query
        .values("SecurityGroupId")
        .forEach(id -> resources.put(ARN + "security-group/" + id, Map.of("ec2:Vpc", vpc)));
    resources.put(
        subnetArn,
        Map.of("ec2:AvailabilityZone", zone, "ec2:SubnetID", subnet.subnetId(), "ec2:Vpc", vpc));
    resources.put(
        ARN + "network-interface/eni-0",
        Map.of("ec2:AvailabilityZone", zone, "ec2:Subnet", subnetArn, "ec2:Vpc", vpc));
    resources.put(ARN + "instance/i-0", instance(query, zone, profile));
    Ec2Query disk = query.structure("BlockDeviceMapping.1.Ebs");
    resources.put(ARN + "volume/vol-0", volume(query, disk, zone));
    List<Permission> permissions = new ArrayList<>();
    resources.forEach((resource, context) ->
        permissions.add(new Permission("ec2:RunInstances", resource, context, IN_REGION)));
    for (String made : List.of("instance/i-0", "volume/vol-0")) {
      Map<String, Object> tags = requestTags(query, made.split("/")[0]);
      if (!tags.isEmpty()) {
        tags.put("ec2:CreateAction", "RunInstances");
        permissions.add(new Permission("ec2:CreateTags", ARN + made, tags, IN_REGION));
      }
    }
    // On this machine, as where the console has made it, a profile has the name of its role.
    permissions.add(
        new Permission(
            "iam:PassRole",
            IAM_ARN + "role/" + profile,
            Map.of("iam:PassedToService", "ec2.amazonaws.com"),
            Map.of()));
    return permissions.stream();
  }

  private static Map<String, Object> instance(Ec2Query query, String zone, String profile) {
    Map<String, Object> context = requestTags(query, "instance");
    context.put("ec2:AvailabilityZone", zone);
    context.put(
        "ec2:InstanceMarketType",
        query.value("InstanceMarketOptions.MarketType").orElse("on-demand"));
    context.put("ec2:InstanceProfile", IAM_ARN + "instance-profile/" + profile);
    context.put("ec2:InstanceType", query.required("InstanceType"));
    context.put(
        "ec2:MetadataHttpTokens", query.value("MetadataOptions.HttpTokens").orElse("optional"));
    context.put("ec2:Tenancy", "default");
    return context;
  }

  private static Map<String, Object> volume(Ec2Query query, Ec2Query disk, String zone) {
    Map<String, Object> context = requestTags(query, "volume");
    context.put("ec2:AvailabilityZone", zone);
    context.put("ec2:Encrypted", disk.value("Encrypted").orElse("false"));
    context.put("ec2:VolumeSize", disk.required("VolumeSize"));
    context.put("ec2:VolumeType", disk.required("VolumeType"));
    return context;
  }

  /** Nothing where the request has no tags for what it makes. */
  private static Map<String, Object> requestTags(Ec2Query query, String type) {
    var context = new TreeMap<String, Object>();
    Map<String, String> tags = query.tags(type);
    tags.forEach((key, value) -> context.put("aws:RequestTag/" + key, value));
    if (!tags.isEmpty()) {
      context.put("aws:TagKeys", tags.keySet().stream().sorted().toList());
    }
    return context;
  }
}
