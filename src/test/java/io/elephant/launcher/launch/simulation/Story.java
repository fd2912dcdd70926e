package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.fake.StartRequest.Pool;
import io.elephant.launcher.instance.ImdsTokens;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Market;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Placement;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RootVolume;
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
 * @param outsiders what others do meanwhile, each thing once
 * @param full where there is no capacity at the beginning
 * @param world how hard the world is, and what is demanded in it
 */
record Story(
    List<Role> roles,
    List<LaunchPlan> plans,
    Optional<Meeting> row,
    int events,
    int retries,
    int sweeps,
    List<Outsider> outsiders,
    List<Pool> full,
    Set<World> world) {

  static final String PROJECT = "Elephant";
  static final String STACK = Plans.STACK;
  static final MeetingId MEETING = new MeetingId("m");
  static final Instant START = Instant.parse("2026-11-22T09:55:00Z");
  static final Duration MAX_LATENESS = Duration.ofHours(1);

  static final Duration MAX_EARLINESS = Duration.ofHours(1);
  private static final Instant MEET_TIME = Instant.parse("2026-11-22T10:00:00Z");
  private static final Role TEACHER = new Role("teacher");
  private static final Role STUDENT = new Role("student");
  private static final List<Zone> ZONES =
      List.of(new Zone("us-west-2a"), new Zone("us-west-2b"), new Zone("us-west-2c"));

  private static final List<String> TYPES = List.of("t3.large", "t3a.large");

  private static final int ALWAYS = 6;

  static final List<Outsider> ANYTHING =
      List.of(
          Outsider.DELETES_THE_ROW,
          Outsider.CANCELS,
          Outsider.MOVES_THE_STATUS_ON,
          Outsider.MOVES_THE_STATUS_ON,
          Outsider.REMOVES_THE_LAUNCH_RECORD,
          Outsider.RESTORES_THE_ROW,
          Outsider.MOVES_THE_MEETING,
          Outsider.MOVES_THE_MEETING,
          Outsider.BOOKS_AGAIN,
          Outsider.COPIES_ANOTHER_ROW,
          Outsider.FILLS_A_POOL,
          Outsider.FILLS_A_POOL,
          Outsider.FREES_A_POOL,
          Outsider.REACHES_A_QUOTA,
          Outsider.RAISES_A_QUOTA,
          Outsider.TERMINATES_AN_INSTANCE,
          Outsider.TERMINATES_AN_INSTANCE,
          Outsider.LOSES_AN_INSTANCE,
          Outsider.LOSES_AN_INSTANCE,
          Outsider.LOSES_AN_INSTANCE,
          Outsider.ENDS_AN_INSTANCE,
          Outsider.INTERRUPTS_AN_INSTANCE,
          Outsider.STOPS_AN_INSTANCE,
          Outsider.PROTECTS_AN_INSTANCE,
          Outsider.EMPTIES_THE_TABLE);

  /** What the harder worlds have besides. */
  private static final Map<World, List<Outsider>> HARDER =
      Map.of(
          World.MOVES,
          List.of(Outsider.MOVES_TO_ANOTHER_TIME, Outsider.MOVES_TO_ANOTHER_TIME),
          World.STALE_COPIES,
          List.of(Outsider.WRITES_A_STALE_COPY, Outsider.WRITES_A_STALE_COPY),
          World.RESTORES,
          List.of(Outsider.RESTORES_THE_TABLE),
          World.STATUS_BETWEEN,
          List.of(Outsider.MOVES_THE_STATUS_ON_ANYWAY, Outsider.MOVES_THE_STATUS_ON_ANYWAY),
          World.STOPS,
          List.of(Outsider.STOPS_A_RECORDED_ONE),
          World.TAGGER,
          List.of(Outsider.REWRITES_A_TAG));

  /** A story by chance. */
  static Story of(Choices choices, Set<World> allowed) {
    Set<World> world = world(choices, allowed);
    List<Role> both = List.of(TEACHER, STUDENT);
    List<Role> roles = choices.happens(75) ? both : List.of(TEACHER);
    List<LaunchPlan> plans = new ArrayList<>();
    plans.add(plan(roles, "ami-1", ZONES));
    if (choices.happens(50)) {
      plans.add(plan(roles, "ami-2", ZONES));
    }
    if (world.contains(World.PROJECTS)) {
      plans.add(plan(roles, "ami-1", ZONES, "Renamed"));
    }
    if (world.contains(World.CONFIGURATIONS)) {
      plans.add(elsewhere(roles));
    }
    boolean changesRoles = world.contains(World.ROLES);
    if (changesRoles) {
      plans.add(
          plan(roles.size() == 1 ? both : List.of(both.get(choices.pick(2))), "ami-1", ZONES));
    }
    if (choices.happens(50)) {
      plans.add(plan(roles, "ami-1", ZONES.reversed()));
    }
    List<Outsider> outsiders = new ArrayList<>();
    if (choices.happens(50)) {
      for (Outsider outsider : ANYTHING) {
        if (choices.happens(25)) {
          outsiders.add(outsider);
        }
      }
    }
    for (World part : world) {
      for (Outsider outsider : HARDER.getOrDefault(part, List.of())) {
        if (choices.happens(50)) {
          outsiders.add(outsider);
        }
      }
    }
    List<Pool> full = new ArrayList<>();
    int crowded = choices.pick(4);
    for (Zone zone : ZONES) {
      for (String type : TYPES) {
        if (choices.pick(4) < crowded) {
          full.add(new Pool(zone.name(), type));
        }
      }
    }
    return new Story(
        changesRoles ? both : roles,
        plans,
        row(choices, roles),
        1 + choices.pick(3),
        choices.pick(3),
        choices.pick(3),
        outsiders,
        full,
        world);
  }

  /**
   * Every demand, and some of the hardships where all are allowed: a run in which all come together
   * finds less.
   */
  private static Set<World> world(Choices choices, Set<World> allowed) {
    Set<World> world = EnumSet.noneOf(World.class);
    int likely = allowed.size() == World.values().length ? choices.pick(4) : ALWAYS;
    for (World part : allowed) {
      if (part.isDemand() || choices.pick(ALWAYS) < likely) {
        world.add(part);
      }
    }
    return world;
  }

  private static Optional<Meeting> row(Choices choices, List<Role> roles) {
    return switch (choices.pick(20)) {
      case 0 -> Optional.empty();
      case 1 -> Optional.of(row(Optional.of(new Status("HEALTHY")), MEET_TIME, Map.of()));
      case 2 -> Optional.of(row(Optional.of(new Status("CANCELLED")), MEET_TIME, Map.of()));
      case 3 -> Optional.of(row(Optional.of(Status.LAUNCH_FAILED), MEET_TIME, Map.of()));
      case 4 -> Optional.of(row(Optional.empty(), MEET_TIME, Map.of()));
      case 5 -> {
        Map<Role, InstanceId> recorded = Map.of(roles.getFirst(), earlier(roles.getFirst()));
        yield Optional.of(row(Optional.of(Status.LAUNCHED), MEET_TIME, recorded));
      }
      case 6 -> {
        Instant longAgo = START.minus(MAX_LATENESS).minusSeconds(1);
        yield Optional.of(row(Optional.of(Status.SCHEDULED), longAgo, Map.of()));
      }
      case 7 -> {
        Instant soonLate = START.minus(MAX_LATENESS).plusSeconds(choices.pick(300));
        yield Optional.of(row(Optional.of(Status.SCHEDULED), soonLate, Map.of()));
      }
      default -> Optional.of(row(Optional.of(Status.SCHEDULED), MEET_TIME, Map.of()));
    };
  }

  /** The id of an instance that was recorded before the run. */
  private static InstanceId earlier(Role role) {
    return new InstanceId("i-earlier-" + role);
  }

  private static Meeting row(
      Optional<Status> status, Instant meetTime, Map<Role, InstanceId> instances) {
    return new Meeting(MEETING, status, Optional.of(meetTime), instances, Optional.empty());
  }

  List<Zone> zones() {
    return ZONES;
  }

  /** Everywhere where an instance could come from. */
  List<Pool> pools() {
    return ZONES.stream()
        .flatMap(zone -> TYPES.stream().map(type -> new Pool(zone.name(), type)))
        .toList();
  }

  List<String> types() {
    return TYPES;
  }

  private static LaunchPlan plan(List<Role> roles, String imageId, List<Zone> zones) {
    return plan(roles, imageId, zones, PROJECT);
  }

  /** Other subnets first, another market first, and the roles in another order. */
  private static LaunchPlan elsewhere(List<Role> roles) {
    LaunchPlan plan = plan(roles, "ami-1", ZONES);
    return new LaunchPlan(
        roles.reversed(),
        List.of(Market.SPOT, Market.ON_DEMAND),
        TYPES.reversed(),
        new Placement.InSubnets(ZONES.reversed().stream().map(Story::subnet).toList()),
        plan.template(),
        MAX_LATENESS,
        MAX_EARLINESS);
  }

  static Subnet subnet(Zone zone) {
    return new Subnet("subnet-" + zone.name().substring(9), zone);
  }

  private static LaunchPlan plan(
      List<Role> roles, String imageId, List<Zone> zones, String project) {
    InstanceTemplate template =
        new InstanceTemplate(
            imageId,
            "key",
            List.of("sg-1"),
            "profile",
            new RootVolume("/dev/xvda", 60, "gp2", true, Optional.empty()),
            ImdsTokens.REQUIRED,
            Optional.empty(),
            project,
            STACK,
            Map.of(),
            true);
    return new LaunchPlan(
        roles,
        List.of(Market.ON_DEMAND),
        TYPES,
        new Placement.InZones(zones),
        template,
        MAX_LATENESS,
        MAX_EARLINESS);
  }
}
