package io.elephant.launcher.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a call of EC2's must be allowed, as the <a
 * href="https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html">
 * Service Authorization Reference</a> has it: every resource of a launch by itself, each with the
 * condition keys that it has, and what a launch does besides.
 */
final class Ec2Permissions {

  private static final String REGION = LocalDynamoDb.REGION;
  private static final String ARN = "arn:aws:ec2:%s:%s:".formatted(REGION, Permission.ACCOUNT);
  private static final String IAM_ARN = "arn:aws:iam::%s:".formatted(Permission.ACCOUNT);
  private static final Map<String, Object> IN_REGION = Map.of("ec2:Region", REGION);

  /** What is launched has no id yet when IAM is asked. */
  private static final Map<String, String> NEW =
      Map.of("instance", "instance/i-0", "volume", "volume/vol-0");

  private final Map<String, Subnet> subnets;
  private final Map<String, Instance> instances;

  Ec2Permissions(List<Subnet> subnets, List<Instance> instances) {
    this.subnets = subnets.stream().collect(Collectors.toMap(Subnet::id, Function.identity()));
    this.instances =
        instances.stream().collect(Collectors.toMap(Instance::id, Function.identity()));
  }

  List<Permission> of(Call call) {
    var query = new Ec2Query(call.parameters());
    return switch (call.action()) {
      case "RunInstances" -> ofLaunch(query);
      case "TerminateInstances" ->
          query.values("InstanceId").stream()
              .filter(instances::containsKey)
              .map(id -> ofTermination(instances.get(id)))
              .toList();
      default -> List.of(new Permission("ec2:" + call.action(), "*", IN_REGION));
    };
  }

  private static Permission ofTermination(Instance instance) {
    var context = new TreeMap<String, Object>(IN_REGION);
    instance.tags().forEach((key, value) -> context.put("aws:ResourceTag/" + key, value));
    context.put("ec2:AvailabilityZone", instance.zone());
    context.put("ec2:InstanceType", instance.type());
    // One id for all, so that the same permission is written down once.
    return new Permission("ec2:TerminateInstances", ARN + "instance/i-1", context);
  }

  /**
   * A launch by a template names it on each of its resources: what the request says for itself is
   * none of the template's.
   */
  private List<Permission> ofLaunch(Ec2Query query) {
    List<Permission> permissions = new ArrayList<>(withoutTemplate(query));
    query
        .value("LaunchTemplate.LaunchTemplateId")
        .map(id -> ARN + "launch-template/" + id)
        .ifPresent(template -> {
          permissions.add(launch(template, Map.of()));
          permissions.replaceAll(permission ->
              permission.action().equals("ec2:RunInstances")
                  ? permission.with(
                      Map.of(
                          "ec2:LaunchTemplate", template, "ec2:IsLaunchTemplateResource", "false"))
                  : permission);
        });
    return permissions;
  }

  private List<Permission> withoutTemplate(Ec2Query query) {
    Subnet subnet = subnets.get(query.required("SubnetId"));
    String zone = subnet.zone();
    String vpc = ARN + "vpc/" + subnet.vpcId();
    var permissions = new ArrayList<Permission>();
    permissions.add(
        launch("arn:aws:ec2:%s::image/%s".formatted(REGION, query.required("ImageId")), Map.of()));
    permissions.add(
        launch(
            ARN + "key-pair/" + query.required("KeyName"),
            Map.of("ec2:KeyPairName", query.required("KeyName"))));
    for (String group : query.values("SecurityGroupId")) {
      permissions.add(launch(ARN + "security-group/" + group, Map.of("ec2:Vpc", vpc)));
    }
    permissions.add(
        launch(
            ARN + "subnet/" + subnet.id(),
            Map.of("ec2:AvailabilityZone", zone, "ec2:SubnetID", subnet.id(), "ec2:Vpc", vpc)));
    permissions.add(
        launch(
            ARN + "network-interface/eni-0",
            Map.of(
                "ec2:AvailabilityZone", zone,
                "ec2:Subnet", ARN + "subnet/" + subnet.id(),
                "ec2:Vpc", vpc)));
    permissions.add(launch(ARN + NEW.get("instance"), instance(query, zone)));
    for (Ec2Query mapping : query.structures("BlockDeviceMapping")) {
      Ec2Query disk = mapping.structure("Ebs");
      permissions.add(launch(ARN + NEW.get("volume"), volume(query, disk, zone)));
      disk.value("KmsKeyId").ifPresent(key -> permissions.addAll(ofKey(key)));
    }
    for (Ec2Query specification : query.structures("TagSpecification")) {
      String type = specification.required("ResourceType");
      var context = requestTags(query, type);
      context.put("ec2:CreateAction", "RunInstances");
      permissions.add(new Permission("ec2:CreateTags", ARN + NEW.get(type), context));
    }
    // On this machine, as where the console has made it, a profile has the name of its role.
    permissions.add(
        new Permission(
            "iam:PassRole",
            IAM_ARN + "role/" + query.required("IamInstanceProfile.Name"),
            Map.of("iam:PassedToService", "ec2.amazonaws.com")));
    return permissions;
  }

  /**
   * What EC2 does with the key on the caller's behalf, when it makes the volume and attaches it.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html">Requirements
   *     for Amazon EBS encryption</a>
   */
  private static List<Permission> ofKey(String arn) {
    Map<String, String> byEc2 =
        Map.of(
            "kms:CallerAccount",
            Permission.ACCOUNT,
            "kms:ViaService",
            "ec2.%s.amazonaws.com".formatted(REGION));
    Permission grant = new Permission("kms:CreateGrant", arn, byEc2);
    return Stream.concat(
            Stream.of(grant.with(Map.of("kms:GrantIsForAWSResource", "true"))),
            Stream.of(
                    "Decrypt",
                    "DescribeKey",
                    "GenerateDataKeyWithoutPlaintext",
                    "ReEncryptFrom",
                    "ReEncryptTo")
                .map(action -> new Permission("kms:" + action, arn, byEc2)))
        .toList();
  }

  private static Map<String, Object> instance(Ec2Query query, String zone) {
    Map<String, Object> context = requestTags(query, "instance");
    context.put("ec2:AvailabilityZone", zone);
    context.put(
        "ec2:InstanceMarketType",
        query.value("InstanceMarketOptions.MarketType").orElse("on-demand"));
    context.put(
        "ec2:InstanceProfile",
        IAM_ARN + "instance-profile/" + query.required("IamInstanceProfile.Name"));
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

  private static Map<String, Object> requestTags(Ec2Query query, String type) {
    var context = new TreeMap<String, Object>(IN_REGION);
    Map<String, String> tags = query.tags(type);
    tags.forEach((key, value) -> context.put("aws:RequestTag/" + key, value));
    context.put("aws:TagKeys", tags.keySet().stream().sorted().toList());
    return context;
  }

  private static Permission launch(String resource, Map<String, ?> context) {
    var all = new TreeMap<String, Object>(IN_REGION);
    all.putAll(context);
    return new Permission("ec2:RunInstances", resource, all);
  }
}
