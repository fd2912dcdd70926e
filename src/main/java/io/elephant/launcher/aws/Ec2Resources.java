package io.elephant.launcher.aws;

import static io.elephant.launcher.aws.Ec2Instances.filter;
import static io.elephant.launcher.aws.PreflightCalls.ask;
import static io.elephant.launcher.aws.PreflightCalls.find;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Placement;
import io.elephant.launcher.instance.Placement.InSubnets;
import io.elephant.launcher.instance.Placement.InZones;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.preflight.Resources;
import io.elephant.launcher.preflight.Resources.DryRunAnswer;
import io.elephant.launcher.preflight.Resources.DryRunAnswer.NotPermitted;
import io.elephant.launcher.preflight.Resources.DryRunAnswer.Throttled;
import io.elephant.launcher.preflight.Resources.DryRunAnswer.WouldLaunch;
import io.elephant.launcher.preflight.Resources.DryRunAnswer.WouldRefuse;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AvailabilityZoneOptInStatus;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.LocationType;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;

/**
 * What EC2 has for a launch. Where several things are asked for, it is by filter: one id that EC2
 * does not know fails a call for all of them, and a filter just does not find it.
 */
public final class Ec2Resources implements Resources {

  private final Ec2Client ec2;

  public Ec2Resources(Ec2Client ec2) {
    this.ec2 = ec2;
  }

  @Override
  public List<ZoneState> zones(Collection<Zone> zones) {
    return ask(
        "ec2:DescribeAvailabilityZones",
        () ->
            ec2
                .describeAvailabilityZones(request ->
                    request.allAvailabilityZones(true).filters(filter("zone-name", names(zones))))
                .availabilityZones()
                .stream()
                .map(found ->
                    new ZoneState(
                        new Zone(found.zoneName()),
                        found.stateAsString(),
                        found.optInStatus() != AvailabilityZoneOptInStatus.NOT_OPTED_IN))
                .toList());
  }

  @Override
  public List<VpcSubnet> subnets(Placement placement) {
    List<Filter> filters =
        switch (placement) {
          case InSubnets(List<Subnet> subnets) ->
              List.of(filter("subnet-id", subnets.stream().map(Subnet::id).toList()));
          case InZones(List<Zone> zones) ->
              List.of(filter("availability-zone", names(zones)), filter("default-for-az", "true"));
        };
    return ask(
        "ec2:DescribeSubnets",
        () ->
            ec2.describeSubnetsPaginator(request -> request.filters(filters)).subnets().stream()
                .map(found ->
                    new VpcSubnet(
                        new Subnet(found.subnetId(), new Zone(found.availabilityZone())),
                        found.vpcId(),
                        found.availableIpAddressCount()))
                .toList());
  }

  @Override
  public Optional<Image> image(String id) {
    return find(
            "ec2:DescribeImages",
            () -> ec2.describeImages(request -> request.imageIds(id)).images())
        .flatMap(found -> found.stream().findFirst())
        .map(Ec2Resources::image);
  }

  private static Image image(software.amazon.awssdk.services.ec2.model.Image found) {
    return new Image(
        found.stateAsString(),
        found.architectureAsString(),
        found.rootDeviceName(),
        found.blockDeviceMappings().stream()
            .filter(mapping -> mapping.deviceName().equals(found.rootDeviceName()))
            .flatMap(mapping -> Optional.ofNullable(mapping.ebs()).stream())
            .flatMap(disk -> Optional.ofNullable(disk.volumeSize()).stream())
            .findFirst());
  }

  @Override
  public boolean hasKeyPair(String name) {
    return find(
            "ec2:DescribeKeyPairs",
            () -> ec2.describeKeyPairs(request -> request.keyNames(name)).keyPairs())
        .filter(found -> !found.isEmpty())
        .isPresent();
  }

  @Override
  public List<SecurityGroup> securityGroups(Collection<String> ids) {
    return ask(
        "ec2:DescribeSecurityGroups",
        () ->
            ec2
                .describeSecurityGroupsPaginator(
                    request -> request.filters(filter("group-id", ids)))
                .securityGroups()
                .stream()
                .map(found -> new SecurityGroup(found.groupId(), found.vpcId()))
                .toList());
  }

  @Override
  public List<InstanceType> instanceTypes(Collection<String> names) {
    return ask(
        "ec2:DescribeInstanceTypes",
        () ->
            ec2
                .describeInstanceTypesPaginator(
                    request -> request.filters(filter("instance-type", names)))
                .instanceTypes()
                .stream()
                .map(found ->
                    new InstanceType(
                        found.instanceTypeAsString(),
                        found.processorInfo().supportedArchitecturesAsStrings(),
                        found.vCpuInfo().defaultVCpus()))
                .toList());
  }

  @Override
  public List<Offering> offerings(Collection<String> types) {
    return ask(
        "ec2:DescribeInstanceTypeOfferings",
        () ->
            ec2
                .describeInstanceTypeOfferingsPaginator(request ->
                    request
                        .locationType(LocationType.AVAILABILITY_ZONE)
                        .filters(filter("instance-type", types)))
                .instanceTypeOfferings()
                .stream()
                .map(
                    found -> new Offering(found.instanceTypeAsString(), new Zone(found.location())))
                .toList());
  }

  @Override
  public String defaultVolumeKey() {
    return ask("ec2:GetEbsDefaultKmsKeyId", () -> ec2.getEbsDefaultKmsKeyId(_ -> {}).kmsKeyId());
  }

  /** A dry run never succeeds: that it would have is an error too. */
  @Override
  public DryRunAnswer dryRun(Attempt attempt) {
    try {
      RunInstancesResponse launched =
          ec2.runInstances(RunRequest.of(attempt).toBuilder().dryRun(true).build());
      return new WouldRefuse(
          new Refusal("DryRunIgnored", "EC2 has launched " + launched.instances()));
    } catch (SdkException e) {
      AwsError error = AwsError.of(e);
      if (error.dryRunSucceeded()) {
        return new WouldLaunch();
      }
      if (error.notPermitted()) {
        return new NotPermitted(error.refusal());
      }
      if (error.verdict() == Verdict.THROTTLED) {
        return new Throttled(error.refusal());
      }
      if (error.verdict() == Verdict.UNCLEAR || error.credentialsExpired()) {
        throw PreflightCalls.notAnswered("ec2:RunInstances", e);
      }
      return new WouldRefuse(error.refusal());
    }
  }

  private static List<String> names(Collection<Zone> zones) {
    return zones.stream().map(Zone::name).toList();
  }
}
