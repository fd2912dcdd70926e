package io.elephant.launcher.instance;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is to be launched for every meeting.
 *
 * @param roles one instance each
 * @param markets in order of preference
 * @param instanceTypes in order of preference
 * @param placement where
 * @param template what an instance is like
 * @param maxLateness how long after the meeting's start a launch still makes sense
 * @param maxEarliness how long before the meeting's start a launch makes sense already
 */
public record LaunchPlan(
    List<Role> roles,
    List<Market> markets,
    List<String> instanceTypes,
    Placement placement,
    InstanceTemplate template,
    Duration maxLateness,
    Duration maxEarliness) {

  public LaunchPlan {
    roles = List.copyOf(roles);
    markets = List.copyOf(markets);
    instanceTypes = List.copyOf(instanceTypes);
  }

  /** The zones that may be used, in order of preference. */
  public List<Zone> zones() {
    return placement.zones();
  }

  /** All candidates, where EC2 need not be asked for subnets. */
  public Optional<List<Candidate>> knownCandidates() {
    return switch (placement) {
      case Placement.InSubnets(List<Subnet> subnets) -> Optional.of(candidates(subnets));
      case Placement.InZones _ -> Optional.empty();
    };
  }

  /**
   * All candidates in order of preference.
   *
   * @param defaults finds the default subnets of zones, where the plan names no subnets
   */
  public List<Candidate> candidates(Function<List<Zone>, List<Subnet>> defaults) {
    return candidates(
        switch (placement) {
          case Placement.InSubnets(List<Subnet> subnets) -> subnets;
          case Placement.InZones allowed -> allowed.inOrder(defaults.apply(allowed.zones()));
        });
  }

  /**
   * All candidates in order of preference: market by market, type by type, subnet by subnet.
   *
   * @param subnets in order of preference
   */
  public List<Candidate> candidates(List<Subnet> subnets) {
    return markets.stream()
        .flatMap(market ->
            instanceTypes.stream()
                .flatMap(
                    type -> subnets.stream().map(subnet -> new Candidate(market, type, subnet))))
        .toList();
  }
}
