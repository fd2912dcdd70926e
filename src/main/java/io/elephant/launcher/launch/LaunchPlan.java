package io.elephant.launcher.launch;

import java.time.Duration;
import java.util.List;

/**
 * What is to be launched for every meeting.
 *
 * @param roles one machine each
 * @param zones where, in order of preference
 * @param machine what a machine is like
 * @param maxLateness how long after the meeting's start a launch still makes sense
 */
public record LaunchPlan(
    List<Role> roles, List<Zone> zones, MachineTemplate machine, Duration maxLateness) {

  public LaunchPlan {
    roles = List.copyOf(roles);
    zones = List.copyOf(zones);
  }

  /**
   * The subnet of the first zone that has one. It must not depend on the order in which EC2 lists
   * subnets: two deliveries that chose differently would start two instances.
   *
   * @throws NoSubnet if no zone has one
   */
  Subnet firstChoice(List<Subnet> subnets) {
    return zones.stream()
        .flatMap(zone ->
            subnets.stream()
                .filter(subnet -> subnet.zone().equals(zone))
                .min((one, other) -> one.id().compareTo(other.id()))
                .stream())
        .findFirst()
        .orElseThrow(() -> new NoSubnet(zones));
  }
}
