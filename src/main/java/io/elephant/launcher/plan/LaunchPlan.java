package io.elephant.launcher.plan;

import io.elephant.launcher.failure.NoSubnet;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.id.Zone;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.Subnet;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is to be launched for every meeting.
 *
 * @param roles one instance each
 * @param markets in order of preference
 * @param instanceTypes in order of preference
 * @param zones in order of preference
 * @param machine what an instance is like
 * @param maxLateness how long after the meeting's start a launch still makes sense
 * @param maxEarliness how long before the meeting's start a launch makes sense already
 */
public record LaunchPlan(
    List<Role> roles,
    List<Market> markets,
    List<String> instanceTypes,
    List<Zone> zones,
    InstanceTemplate machine,
    Duration maxLateness,
    Duration maxEarliness) {

  public LaunchPlan {
    roles = List.copyOf(roles);
    markets = List.copyOf(markets);
    instanceTypes = List.copyOf(instanceTypes);
    zones = List.copyOf(zones);
  }

  /**
   * All candidates in order of preference: market by market, type by type, zone by zone. Their
   * order must not depend on the order in which EC2 lists subnets: two deliveries that chose
   * differently would start two instances.
   *
   * @throws NoSubnet if no zone has a subnet
   */
  public List<Candidate> candidates(List<Subnet> subnets) {
    List<Subnet> inOrder = zones.stream().flatMap(zone -> subnetOf(zone, subnets)).toList();
    if (inOrder.isEmpty()) {
      throw new NoSubnet(zones);
    }
    return markets.stream()
        .flatMap(market ->
            instanceTypes.stream()
                .flatMap(
                    type -> inOrder.stream().map(subnet -> new Candidate(market, type, subnet))))
        .toList();
  }

  private static Stream<Subnet> subnetOf(Zone zone, List<Subnet> subnets) {
    return subnets.stream()
        .filter(subnet -> subnet.zone().equals(zone))
        .min((one, other) -> one.id().compareTo(other.id()))
        .stream();
  }
}
