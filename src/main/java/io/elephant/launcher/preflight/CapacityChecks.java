package io.elephant.launcher.preflight;

import io.elephant.launcher.id.Zone;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.plan.LaunchPlan;
import io.elephant.launcher.preflight.Check.Obstacle;
import io.elephant.launcher.preflight.Check.Passed;
import io.elephant.launcher.preflight.Check.Result;
import io.elephant.launcher.preflight.Check.Unknown;
import io.elephant.launcher.preflight.Resources.DefaultSubnet;
import io.elephant.launcher.preflight.Resources.InstanceType;
import io.elephant.launcher.preflight.Resources.Offering;
import io.elephant.launcher.preflight.Resources.ZoneState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether a meeting's instances fit: types, zones with their subnets and offerings, and quotas. */
record CapacityChecks(String region, LaunchPlan plan) implements Check.Group {

  @Override
  public List<Check> checks(Answers answers) {
    List<Check> checks = new ArrayList<>();
    for (String type : plan.instanceTypes()) {
      checks.add(Check.of("instance-type", type, () -> instanceType(type, answers)));
    }
    for (Zone zone : plan.zones()) {
      checks.add(Check.of("zone", zone.name(), () -> zone(zone, answers)));
      checks.add(Check.of("subnet", zone.name(), () -> subnet(zone, answers)));
      checks.add(Check.of("offering", zone.name(), () -> offering(zone, answers)));
    }
    for (Market market : plan.markets()) {
      for (String type : plan.instanceTypes()) {
        checks.add(Check.of("quota", type + ", " + market, () -> quota(type, market, answers)));
      }
    }
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
        "No zone of AVAILABILITY_ZONES offers it", "Take it out of INSTANCE_TYPE" + elsewhere);
  }

  private Result zone(Zone zone, Answers answers) {
    Optional<ZoneState> found =
        answers.zones().get().stream().filter(state -> state.zone().equals(zone)).findFirst();
    if (found.isEmpty()) {
      return new Obstacle(
          region + " has no such zone for this account", "Correct AVAILABILITY_ZONES");
    }
    if (!found.get().optedIn()) {
      return new Obstacle(
          "This account has not opted in to it",
          "Enable its zone group in EC2's settings, or take it out of AVAILABILITY_ZONES");
    }
    String state = found.get().state();
    return state.equals("available")
        ? new Passed("It is available")
        : new Obstacle("It is " + state, "Take it out of AVAILABILITY_ZONES until it is back");
  }

  private Result subnet(Zone zone, Answers answers) {
    Optional<DefaultSubnet> found =
        answers.subnets().get().stream().filter(subnet -> subnet.zone().equals(zone)).findFirst();
    if (found.isEmpty()) {
      return new Obstacle(
          "It has no default subnet",
          "Make one: aws ec2 create-default-subnet --availability-zone %s; or take the zone out of AVAILABILITY_ZONES"
              .formatted(zone));
    }
    int free = found.get().freeAddresses();
    String detail = "%s has %d free addresses".formatted(found.get().id(), free);
    return free >= plan.roles().size()
        ? new Passed(detail)
        : new Obstacle(
            detail + ", and a meeting needs " + plan.roles().size(),
            "Terminate what is not needed in it, delete network interfaces that are left, or take"
                + " the zone out of AVAILABILITY_ZONES");
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
            "Take it out of AVAILABILITY_ZONES, or add a type that it offers to INSTANCE_TYPE")
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
