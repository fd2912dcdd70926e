package io.elephant.launcher.ec2;

import static io.elephant.launcher.aws.Question.ask;
import static io.elephant.launcher.aws.Question.find;

import io.elephant.launcher.aws.AwsError;
import io.elephant.launcher.aws.Meaning;
import io.elephant.launcher.aws.Question;
import io.elephant.launcher.launch.Attempt;
import io.elephant.launcher.launch.Refusal;
import io.elephant.launcher.launch.Zone;
import io.elephant.launcher.preflight.DryRun;
import io.elephant.launcher.preflight.DryRun.NotPermitted;
import io.elephant.launcher.preflight.DryRun.WouldLaunch;
import io.elephant.launcher.preflight.DryRun.WouldRefuse;
import io.elephant.launcher.preflight.Resources;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AvailabilityZoneOptInStatus;
import software.amazon.awssdk.services.ec2.model.BlockDeviceMapping;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypeOfferingsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceTypesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.LocationType;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;

/**
 * What EC2 has for a launch. Where several things are asked for, it is by filter: one id that EC2
 * does not know fails a call for all of them, and a filter just does not find it.
 */
@Singleton
public final class Ec2Resources implements Resources {

  private static final String DRY_RUN = "ec2:RunInstances";

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
  public List<DefaultSubnet> defaultSubnets(Collection<Zone> zones) {
    DescribeSubnetsRequest request =
        DescribeSubnetsRequest.builder()
            .filters(filter("default-for-az", "true"), filter("availability-zone", names(zones)))
            .build();
    return ask(
        "ec2:DescribeSubnets",
        () ->
            ec2.describeSubnetsPaginator(request).subnets().stream()
                .map(found ->
                    new DefaultSubnet(
                        found.subnetId(),
                        new Zone(found.availabilityZone()),
                        found.vpcId(),
                        found.availableIpAddressCount()))
                .toList());
  }

  @Override
  public Optional<Image> image(String id) {
    return find(
            "ec2:DescribeImages",
            () -> ec2.describeImages(request -> request.imageIds(id)).images())
        .flatMap(images -> images.stream().findFirst())
        .map(Ec2Resources::image);
  }

  private static Image image(software.amazon.awssdk.services.ec2.model.Image found) {
    String root = String.valueOf(found.rootDeviceName());
    return new Image(
        found.stateAsString(),
        found.architectureAsString(),
        root,
        found.blockDeviceMappings().stream()
            .filter(mapping -> root.equals(mapping.deviceName()))
            .map(BlockDeviceMapping::ebs)
            .flatMap(disk -> Optional.ofNullable(disk).stream())
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
    DescribeSecurityGroupsRequest request =
        DescribeSecurityGroupsRequest.builder()
            .filters(filter("group-id", ids.toArray(String[]::new)))
            .build();
    return ask(
        "ec2:DescribeSecurityGroups",
        () ->
            ec2.describeSecurityGroupsPaginator(request).securityGroups().stream()
                .map(found -> new SecurityGroup(found.groupId(), found.vpcId()))
                .toList());
  }

  @Override
  public List<InstanceType> instanceTypes(Collection<String> names) {
    DescribeInstanceTypesRequest request =
        DescribeInstanceTypesRequest.builder()
            .filters(filter("instance-type", names.toArray(String[]::new)))
            .build();
    return ask(
        "ec2:DescribeInstanceTypes",
        () ->
            ec2.describeInstanceTypesPaginator(request).instanceTypes().stream()
                .map(found ->
                    new InstanceType(
                        found.instanceTypeAsString(),
                        found.processorInfo().supportedArchitecturesAsStrings(),
                        found.vCpuInfo().defaultVCpus()))
                .toList());
  }

  @Override
  public List<Offering> offerings(Collection<String> types) {
    DescribeInstanceTypeOfferingsRequest request =
        DescribeInstanceTypeOfferingsRequest.builder()
            .locationType(LocationType.AVAILABILITY_ZONE)
            .filters(filter("instance-type", types.toArray(String[]::new)))
            .build();
    return ask(
        "ec2:DescribeInstanceTypeOfferings",
        () ->
            ec2.describeInstanceTypeOfferingsPaginator(request).instanceTypeOfferings().stream()
                .map(
                    found -> new Offering(found.instanceTypeAsString(), new Zone(found.location())))
                .toList());
  }

  /** A dry run never succeeds: that it would have is an error too. */
  @Override
  public DryRun dryRun(Attempt attempt) {
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
      if (error.meaning() == Meaning.UNCLEAR) {
        throw Question.notAnswered(DRY_RUN, e);
      }
      return new WouldRefuse(error.refusal());
    }
  }

  private static String[] names(Collection<Zone> zones) {
    return zones.stream().map(Zone::name).toArray(String[]::new);
  }

  private static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }
}
