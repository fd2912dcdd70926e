package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.fake.StartRequest.Pool;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Placement;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who takes part in a run.
 *
 * @param roles one instance each, in one of the plans at least
 * @param plans the configurations that a delivery may find; each finds one of them
 * @param row the meeting's row at the beginning
 * @param events how often the event is sent
 * @param retries how often Lambda delivers an event again that failed
 * @param sweeps how many sweeps run meanwhile
 * @param changes what others do meanwhile
 * @param full where there is no capacity at the beginning
 * @param world what makes the run hard
 */
record Scenario(
    List<Role> roles,
    List<LaunchPlan> plans,
    Optional<Meeting> row,
    int events,
    int retries,
    int sweeps,
    List<OutsideChange> changes,
    List<Pool> full,
    Set<World> world) {

  static final MeetingId MEETING = new MeetingId("m");

  /** A meeting that the run must leave alone. */
  static final MeetingId OTHER_MEETING = new MeetingId("other");

  static final Instant START = Instant.parse("2026-11-22T09:55:00Z");
  static final Duration MAX_LATENESS = Plans.standard().maxLateness();
  static final Duration MAX_EARLINESS = Plans.standard().maxEarliness();
  static final List<Zone> ZONES =
      List.of(new Zone("us-west-2a"), new Zone("us-west-2b"), new Zone("us-west-2c"));
  static final List<String> TYPES = List.of("t3.large", "t3a.large");

  private static final Instant MEET_TIME = Instant.parse("2026-11-22T10:00:00Z");
  private static final List<Role> BOTH = List.of(Plans.TEACHER, Plans.STUDENT);

  /** A scenario by chance. */
  static Scenario of(Choices choices) {
    Set<World> world = world(choices);
    List<Role> roles = choices.happens(75) ? BOTH : BOTH.subList(0, 1);
    boolean changesRoles = world.contains(World.ROLES);
    List<OutsideChange> changes = new ArrayList<>();
    if (choices.happens(67)) {
      for (OutsideChange change : OutsideChange.values()) {
        for (int again = 0; again < change.most; again++) {
          if (choices.happens(25)) {
            changes.add(change);
          }
        }
      }
    }
    int crowded = choices.pick(4);
    return new Scenario(
        changesRoles ? BOTH : roles,
        plans(choices, world, roles),
        row(choices, roles.getFirst()),
        1 + choices.pick(3),
        choices.pick(3),
        choices.pick(3),
        changes,
        pools().stream().filter(_ -> choices.pick(4) < crowded).toList(),
        world);
  }

  /** Some of what makes a run hard: a run in which all comes together finds less. */
  private static Set<World> world(Choices choices) {
    Set<World> world = EnumSet.noneOf(World.class);
    int likely = choices.pick(4);
    for (World part : World.values()) {
      if (choices.pick(6) < likely) {
        world.add(part);
      }
    }
    return world;
  }

  private static List<LaunchPlan> plans(Choices choices, Set<World> world, List<Role> roles) {
    InstanceTemplate template = Plans.template("ami-1");
    List<LaunchPlan> plans = new ArrayList<>();
    plans.add(plan(roles, template, ZONES));
    if (choices.happens(50)) {
      plans.add(plan(roles, Plans.template("ami-2"), ZONES));
    }
    if (world.contains(World.PROJECTS)) {
      plans.add(Plans.of(roles, TYPES, new Placement.InZones(ZONES), template, "Renamed"));
    }
    if (world.contains(World.CONFIGURATIONS)) {
      plans.add(elsewhere(roles, template));
    }
    if (world.contains(World.ROLES)) {
      List<Role> one = List.of(BOTH.get(choices.pick(2)));
      plans.add(plan(roles.size() == 1 ? BOTH : one, template, ZONES));
    }
    if (choices.happens(50)) {
      plans.add(plan(roles, template, ZONES.reversed()));
    }
    return plans;
  }

  private static LaunchPlan plan(List<Role> roles, InstanceTemplate template, List<Zone> zones) {
    return Plans.of(roles, TYPES, new Placement.InZones(zones), template);
  }

  /** Other subnets first, another market first, and the roles in another order. */
  private static LaunchPlan elsewhere(List<Role> roles, InstanceTemplate template) {
    return new LaunchPlan(
        roles.reversed(),
        List.of(Market.SPOT, Market.ON_DEMAND),
        TYPES.reversed(),
        new Placement.InSubnets(ZONES.reversed().stream().map(Scenario::subnet).toList()),
        template,
        Plans.tags("Elephant"),
        MAX_LATENESS,
        MAX_EARLINESS);
  }

  private static Optional<Meeting> row(Choices choices, Role first) {
    return switch (choices.pick(20)) {
      case 0 -> Optional.empty();
      case 1 -> row("HEALTHY", MEET_TIME, Map.of());
      case 2 -> row("CANCELLED", MEET_TIME, Map.of());
      case 3 -> row("LAUNCH_FAILED", MEET_TIME, Map.of());
      case 4 ->
          Optional.of(
              new Meeting(
                  MEETING, Optional.empty(), Optional.of(MEET_TIME), Map.of(), Optional.empty()));
      case 5 -> row("LAUNCHED", MEET_TIME, Map.of(first, new InstanceId("i-earlier-" + first)));
      case 6 -> row("SCHEDULED", START.minus(MAX_LATENESS).minusSeconds(1), Map.of());
      case 7 ->
          row("SCHEDULED", START.minus(MAX_LATENESS).plusSeconds(choices.pick(300)), Map.of());
      default -> row("SCHEDULED", MEET_TIME, Map.of());
    };
  }

  private static Optional<Meeting> row(
      String status, Instant meetTime, Map<Role, InstanceId> instances) {
    return Optional.of(
        new Meeting(
            MEETING,
            Optional.of(new Status(status)),
            Optional.of(meetTime),
            instances,
            Optional.empty()));
  }

  /** Everywhere where an instance could come from. */
  static List<Pool> pools() {
    return ZONES.stream()
        .flatMap(zone -> TYPES.stream().map(type -> new Pool(zone.name(), type)))
        .toList();
  }

  static Subnet subnet(Zone zone) {
    return new Subnet("subnet-" + zone.name().substring(9), zone);
  }
}
