package io.elephant.launcher.preflight;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Placement;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.preflight.NotAnswered.Reason;
import io.elephant.launcher.preflight.Resources.DryRunAnswer.Throttled;
import io.elephant.launcher.preflight.Resources.DryRunAnswer.WouldLaunch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An account in memory, with all that the plan of {@link PreflightTest} needs. */
final class FakeAccount implements Resources, Table, Roles, Keys, Quotas {

  static final String VPC = "vpc-1";

  final Set<String> unanswered = new HashSet<>();
  final List<VpcSubnet> subnets = new ArrayList<>();
  final List<InstanceType> types = new ArrayList<>();
  final List<Offering> offerings = new ArrayList<>();
  final Map<String, Double> quotas = new HashMap<>();
  final List<String> askedQuotas = new ArrayList<>();
  final List<Attempt> dryRuns = new ArrayList<>();
  Reason reason = Reason.OTHER;
  int throttledDryRuns;
  boolean hasSpotRole = true;
  String defaultVolumeKey = "alias/aws/ebs";
  final Map<String, String> keys = new HashMap<>();

  FakeAccount(List<Zone> zones) {
    for (Zone zone : zones) {
      subnets.add(new VpcSubnet(new Subnet("subnet-of-" + zone, zone), VPC, 4091));
    }
    offer("t3.large", "x86_64", 2, zones);
    quotas.put("L-1216C47A", 64.0);
    quotas.put("L-34B43A08", 64.0);
  }

  void offer(String type, String architecture, int vcpus, List<Zone> zones) {
    types.add(new InstanceType(type, List.of(architecture), vcpus));
    zones.forEach(zone -> offerings.add(new Offering(type, zone)));
  }

  private void answer(String permission) {
    if (unanswered.contains(permission) || unanswered.contains("everything")) {
      throw new NotAnswered(
          permission, reason, new Refusal("Planted", "no answer"), new IllegalStateException());
    }
  }

  @Override
  public List<ZoneState> zones(Collection<Zone> zones) {
    answer("zones");
    return zones.stream().map(zone -> new ZoneState(zone, "available", true)).toList();
  }

  @Override
  public List<VpcSubnet> subnets(Placement placement) {
    answer("subnets");
    return List.copyOf(subnets);
  }

  @Override
  public Optional<Image> image(String id) {
    answer("image");
    return Optional.of(new Image("available", "x86_64", "/dev/xvda", Optional.empty()));
  }

  @Override
  public boolean hasKeyPair(String name) {
    answer("key pair");
    return true;
  }

  @Override
  public List<SecurityGroup> securityGroups(Collection<String> ids) {
    answer("security groups");
    return ids.stream().map(id -> new SecurityGroup(id, VPC)).toList();
  }

  @Override
  public List<InstanceType> instanceTypes(Collection<String> names) {
    answer("types");
    return types.stream().filter(type -> names.contains(type.name())).toList();
  }

  @Override
  public List<Offering> offerings(Collection<String> asked) {
    answer("offerings");
    return offerings.stream().filter(offering -> asked.contains(offering.type())).toList();
  }

  @Override
  public String defaultVolumeKey() {
    answer("default key");
    return defaultVolumeKey;
  }

  @Override
  public DryRunAnswer dryRun(Attempt attempt) {
    answer("dry run");
    dryRuns.add(attempt);
    if (throttledDryRuns > 0) {
      throttledDryRuns--;
      return new Throttled(new Refusal("RequestLimitExceeded", "Request limit exceeded."));
    }
    return new WouldLaunch();
  }

  @Override
  public String name() {
    return "meetings";
  }

  @Override
  public Optional<Description> describe() {
    answer("table");
    return Optional.of(new Description("UPDATING", List.of("id S")));
  }

  @Override
  public Optional<List<String>> ofProfile(String profile) {
    answer("profile");
    return Optional.of(List.of("a-role"));
  }

  @Override
  public boolean has(String role) {
    answer("spot role");
    return hasSpotRole && role.equals("AWSServiceRoleForEC2Spot");
  }

  @Override
  public Optional<String> state(String id) {
    answer("key");
    return Optional.ofNullable(keys.get(id));
  }

  @Override
  public double value(VcpuQuota quota) {
    answer("quotas");
    askedQuotas.add(quota.code());
    return quotas.getOrDefault(quota.code(), 0.0);
  }
}
