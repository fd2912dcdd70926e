package io.elephant.launcher.ec2;

import static io.elephant.launcher.aws.Question.ask;
import static io.elephant.launcher.aws.Question.find;

import io.elephant.launcher.aws.AwsError;
import io.elephant.launcher.aws.Meaning;
import io.elephant.launcher.aws.Question;
import io.elephant.launcher.aws.SignedPost;
import io.elephant.launcher.aws.XmlAnswer;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.id.Zone;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.preflight.DryRunAnswer;
import io.elephant.launcher.preflight.DryRunAnswer.NotPermitted;
import io.elephant.launcher.preflight.DryRunAnswer.WouldLaunch;
import io.elephant.launcher.preflight.DryRunAnswer.WouldRefuse;
import io.elephant.launcher.preflight.Resources;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.RunInstancesResponse;

/**
 * What EC2 has for a launch. Where several things are asked for, it is by filter: one id that EC2
 * does not know fails a call for all of them, and a filter just does not find it.
 */
public final class Ec2Resources implements Resources {

  private static final String DRY_RUN = "ec2:RunInstances";

  private final Ec2Client ec2;
  private final SignedPost questions;

  /**
   * @param ec2 for the dry run, which must be a launch in everything else
   */
  public Ec2Resources(
      Ec2Client ec2, SdkHttpClient http, AwsCredentialsProvider credentials, Region region) {
    this.ec2 = ec2;
    this.questions =
        new SignedPost(
            http,
            credentials,
            new SignedPost.Service(
                "ec2", region, Optional.empty(), "AWS_ENDPOINT_URL_EC2", "aws.endpointUrlEc2"));
  }

  @Override
  public List<ZoneState> zones(Collection<Zone> zones) {
    Map<String, String> parameters = filter("zone-name", names(zones));
    parameters.put("AllAvailabilityZones", "true");
    return describe("DescribeAvailabilityZones", parameters, "availabilityZoneInfo").stream()
        .map(found ->
            new ZoneState(
                new Zone(found.text("zoneName")),
                found.text("zoneState"),
                !found.text("optInStatus").equals("not-opted-in")))
        .toList();
  }

  @Override
  public List<DefaultSubnet> defaultSubnets(Collection<Zone> zones) {
    Map<String, String> parameters = filter("availability-zone", names(zones));
    parameters.put("Filter.2.Name", "default-for-az");
    parameters.put("Filter.2.Value.1", "true");
    return describe("DescribeSubnets", parameters, "subnetSet").stream()
        .map(found ->
            new DefaultSubnet(
                found.text("subnetId"),
                new Zone(found.text("availabilityZone")),
                found.text("vpcId"),
                Integer.parseInt(found.text("availableIpAddressCount"))))
        .toList();
  }

  @Override
  public Optional<Image> image(String id) {
    return named("DescribeImages", "ImageId.1", id, "imagesSet").map(Ec2Resources::image);
  }

  private static Image image(XmlAnswer found) {
    String root = found.text("rootDeviceName");
    return new Image(
        found.text("imageState"),
        found.text("architecture"),
        root,
        found
            .all("blockDeviceMapping", "item")
            .filter(mapping -> mapping.text("deviceName").equals(root))
            .map(mapping -> mapping.text("ebs", "volumeSize"))
            .filter(size -> !size.isEmpty())
            .map(Integer::valueOf)
            .findFirst());
  }

  @Override
  public boolean hasKeyPair(String name) {
    return named("DescribeKeyPairs", "KeyName.1", name, "keySet").isPresent();
  }

  @Override
  public List<SecurityGroup> securityGroups(Collection<String> ids) {
    return describe("DescribeSecurityGroups", filter("group-id", ids), "securityGroupInfo").stream()
        .map(found -> new SecurityGroup(found.text("groupId"), found.text("vpcId")))
        .toList();
  }

  @Override
  public List<InstanceType> instanceTypes(Collection<String> names) {
    return describe("DescribeInstanceTypes", filter("instance-type", names), "instanceTypeSet")
        .stream()
        .map(found ->
            new InstanceType(
                found.text("instanceType"),
                found
                    .all("processorInfo", "supportedArchitectures", "item")
                    .map(XmlAnswer::text)
                    .toList(),
                Integer.parseInt(found.text("vCpuInfo", "defaultVCpus"))))
        .toList();
  }

  @Override
  public List<Offering> offerings(Collection<String> types) {
    Map<String, String> parameters = filter("instance-type", types);
    parameters.put("LocationType", "availability-zone");
    return describe("DescribeInstanceTypeOfferings", parameters, "instanceTypeOfferingSet").stream()
        .map(found -> new Offering(found.text("instanceType"), new Zone(found.text("location"))))
        .toList();
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
      if (error.meaning() == Meaning.UNCLEAR) {
        throw Question.notAnswered(DRY_RUN, e);
      }
      return new WouldRefuse(error.refusal());
    }
  }

  /** The one of this name; nothing where EC2 says that there is none. */
  private Optional<XmlAnswer> named(String action, String parameter, String name, String set) {
    return find("ec2:" + action, () -> items(action, Map.of(parameter, name), set))
        .flatMap(found -> found.stream().findFirst());
  }

  private List<XmlAnswer> describe(String action, Map<String, String> parameters, String set) {
    return ask("ec2:" + action, () -> items(action, parameters, set));
  }

  /** Page by page: with a filter even the first page can be empty and not the last. */
  private List<XmlAnswer> items(String action, Map<String, String> parameters, String set) {
    Map<String, String> request = new LinkedHashMap<>();
    request.put("Action", action);
    request.put("Version", "2016-11-15");
    request.putAll(parameters);
    List<XmlAnswer> items = new ArrayList<>();
    String next;
    do {
      XmlAnswer page = questions.query(request, "Errors", "Error");
      page.all(set, "item").forEach(items::add);
      next = page.text("nextToken");
      request.put("NextToken", next);
    } while (!next.isEmpty());
    return items;
  }

  private static Map<String, String> filter(String name, Collection<String> values) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("Filter.1.Name", name);
    values.forEach(value -> parameters.put("Filter.1.Value." + parameters.size(), value));
    return parameters;
  }

  private static List<String> names(Collection<Zone> zones) {
    return zones.stream().map(Zone::name).toList();
  }
}
