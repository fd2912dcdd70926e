package io.elephant.launcher.preflight;

import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.Placement.InSubnets;
import io.elephant.launcher.instance.Placement.InZones;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.preflight.Check.Obstacle;
import io.elephant.launcher.preflight.Check.Passed;
import io.elephant.launcher.preflight.Check.Result;
import io.elephant.launcher.preflight.Check.Unknown;
import io.elephant.launcher.preflight.Resources.InstanceType;
import io.elephant.launcher.preflight.Resources.Offering;
import io.elephant.launcher.preflight.Resources.VpcSubnet;
import io.elephant.launcher.preflight.Resources.ZoneState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether a meeting's instances fit: types, zones with their subnets and offerings, and quotas. */
record CapacityChecks(String region, LaunchPlan plan) implements Check.Group {

  /** So many meetings at once, for an example. */
  private static final int RUSH = 100;

  /**
   * How many RunInstances calls EC2 allows an account at once, and then a second, in a region.
   *
   * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html">Request
   *     throttling for the Amazon EC2 API</a>
   */
  private static final int BURST = 5;

  private static final int PER_SECOND = 2;

  @Override
  public List<Check> checks(Answers answers) {
    List<Check> checks = new ArrayList<>();
    for (String type : plan.instanceTypes()) {
      checks.add(Check.of("instance-type", type, () -> instanceType(type, answers)));
    }
    for (Zone zone : plan.zones()) {
      checks.add(Check.of("zone", zone.name(), () -> zone(zone, answers)));
      checks.add(Check.of("offering", zone.name(), () -> offering(zone, answers)));
    }
    switch (plan.placement()) {
      case InSubnets(List<Subnet> subnets) ->
          subnets.forEach(
              subnet -> checks.add(Check.of("subnet", subnet.id(), () -> subnet(subnet, answers))));
      case InZones(List<Zone> zones) ->
          zones.forEach(zone ->
              checks.add(Check.of("subnet", zone.name(), () -> defaultSubnet(zone, answers))));
    }
    for (Market market : plan.markets()) {
      for (String type : plan.instanceTypes()) {
        checks.add(Check.of("quota", type + ", " + market, () -> quota(type, market, answers)));
      }
    }
    checks.add(Check.of("lead", RUSH + " meetings", this::lead));
    return checks;
  }

  private Result instanceType(String type, Answers answers) {
    Optional<InstanceType> found = answers.type(type);
    List<Zone> offered =
        answers.offerings().get().stream()
            .filter(offering -> offering.type().equals(type))
            .map(Offering::zone)
            .toList();
    if (found.isEmpty()) {
      return new Obstacle(
          region + " has no such instance type", "Correct INSTANCE_TYPE, or take the type out");
    }
    List<String> zones = plan.zones().stream().filter(offered::contains).map(Zone::name).toList();
    if (!zones.isEmpty()) {
      return new Passed(
          "%d vCPUs, offered in %s".formatted(found.get().vcpus(), String.join(", ", zones)));
    }
    String elsewhere =
        offered.isEmpty()
            ? ""
            : ", or add one of the zones that do: "
                + String.join(", ", offered.stream().map(Zone::name).sorted().toList());
    return new Obstacle(
        "No zone of %s offers it".formatted(variable()),
        "Take it out of INSTANCE_TYPE" + elsewhere);
  }

  private Result zone(Zone zone, Answers answers) {
    Optional<ZoneState> found =
        answers.zones().get().stream().filter(state -> state.zone().equals(zone)).findFirst();
    if (found.isEmpty()) {
      return new Obstacle(region + " has no such zone for this account", "Correct " + variable());
    }
    if (!found.get().optedIn()) {
      return new Obstacle(
          "This account has not opted in to it",
          "Enable its zone group in EC2's settings, or take it out of " + variable());
    }
    String state = found.get().state();
    return state.equals("available")
        ? new Passed("It is available")
        : new Obstacle(
            "It is " + state, "Take it out of %s until it is back".formatted(variable()));
  }

  private Result subnet(Subnet subnet, Answers answers) {
    Optional<VpcSubnet> found =
        answers.subnets().get().stream()
            .filter(shown -> shown.subnet().id().equals(subnet.id()))
            .findFirst();
    if (found.isEmpty()) {
      return new Obstacle(
          "There is no such subnet in " + region,
          "Correct subnet_ids, or deploy again (make deploy): Terraform reads the subnets then");
    }
    if (!found.get().subnet().equals(subnet)) {
      return new Obstacle(
          "It is in %s, and SUBNETS says %s".formatted(found.get().subnet().zone(), subnet.zone()),
          "Correct SUBNETS, or deploy again (make deploy)");
    }
    return room(found.get());
  }

  private Result defaultSubnet(Zone zone, Answers answers) {
    return answers.subnets().get().stream()
        .filter(shown -> shown.subnet().zone().equals(zone))
        .findFirst()
        .map(this::room)
        .orElseGet(() ->
            new Obstacle(
                "It has no default subnet",
                "Make one (aws ec2 create-default-subnet --availability-zone %s) and deploy again (make deploy), because the policy names each subnet; or take the zone out of AVAILABILITY_ZONES"
                    .formatted(zone)));
  }

  private Result room(VpcSubnet subnet) {
    String detail =
        "%s has %d free addresses".formatted(subnet.subnet().id(), subnet.freeAddresses());
    return subnet.freeAddresses() >= plan.roles().size()
        ? new Passed(detail)
        : new Obstacle(
            detail + ", and a meeting needs " + plan.roles().size(),
            "Terminate what is not needed in it, delete network interfaces that are left, or take"
                + " it out of "
                + variable());
  }

  private String variable() {
    return switch (plan.placement()) {
      case InSubnets _ -> "SUBNETS (subnet_ids)";
      case InZones _ -> "AVAILABILITY_ZONES";
    };
  }

  /** EC2 allows two launches a second, whoever asks. */
  private Result lead() {
    long seconds = Math.ceilDiv(RUSH * plan.roles().size() - BURST, PER_SECOND);
    return new Passed(
        "EC2 starts %d instances at once and then %d a second, unless the account has a higher rate: the last of %d meetings that are launched together has its instances after %d s. Schedule them that much earlier, or spread them"
            .formatted(BURST, PER_SECOND, RUSH, seconds));
  }

  private Result offering(Zone zone, Answers answers) {
    List<Offering> offerings = answers.offerings().get();
    List<String> offered =
        plan.instanceTypes().stream()
            .filter(type -> offerings.contains(new Offering(type, zone)))
            .toList();
    return offered.isEmpty()
        ? new Obstacle(
            "It offers none of " + String.join(", ", plan.instanceTypes()),
            "Take it out of %s, or add a type that it offers to INSTANCE_TYPE"
                .formatted(variable()))
        : new Passed("It offers " + String.join(", ", offered));
  }

  private Result quota(String type, Market market, Answers answers) {
    Optional<VcpuQuota> quota = VcpuQuota.of(type, market);
    Optional<Long> limit =
        quota.map(answers.quotas()::get).map(Supplier::get).map(value -> (long) Math.floor(value));
    Optional<InstanceType> found = answers.type(type);
    if (limit.isEmpty() || found.isEmpty()) {
      return new Unknown(
          "It is not known how much of which quota it takes",
          "Look at Service Quotas, Amazon EC2, in " + region);
    }
    int needed = found.get().vcpus() * plan.roles().size();
    String detail =
        "The quota %s is %d vCPUs, and a meeting needs %d"
            .formatted(quota.orElseThrow(), limit.get(), needed);
    return limit.get() >= needed
        ? new Passed(detail)
        : new Obstacle(
            detail,
            "Ask for more: aws service-quotas request-service-quota-increase --region %s --service-code ec2 --quota-code %s --desired-value N"
                .formatted(region, quota.orElseThrow()));
  }
}
