package io.elephant.launcher.instance;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * @param tags those that every instance gets, of the organization and of this stack
 * @param maxLateness how long after the meeting's start a launch still makes sense
 * @param maxEarliness how long before the meeting's start a launch makes sense already
 */
public record LaunchPlan(
    List<Role> roles,
    List<Market> markets,
    List<String> instanceTypes,
    Placement placement,
    InstanceTemplate template,
    Map<String, String> tags,
    Duration maxLateness,
    Duration maxEarliness) {

  /**
   * The tag that names the stack that an instance belongs to, for the sweep and for IAM policies.
   */
  public static final String STACK_TAG = "LaunchedBy";

  /** The tag by which costs are told apart. */
  public static final String PROJECT_TAG = "Project";

  /** The keys of the tags that each instance gets beside the organization's own. */
  public static final List<String> TAG_KEYS =
      List.of("Name", "MeetingID", "Role", PROJECT_TAG, STACK_TAG);

  public LaunchPlan {
    roles = List.copyOf(roles);
    markets = List.copyOf(markets);
    instanceTypes = List.copyOf(instanceTypes);
    tags = Map.copyOf(tags);
  }

  /** Today's request for a role's instance. */
  public LaunchRequest request(MeetingId meeting, Role role, Candidate candidate) {
    Map<String, String> all = new HashMap<>(tags);
    all.put("Name", meeting + "_" + role);
    all.put("MeetingID", meeting.value());
    all.put("Role", role.value());
    return new LaunchRequest(candidate, template, all);
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
