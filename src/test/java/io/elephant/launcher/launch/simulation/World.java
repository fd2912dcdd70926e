package io.elephant.launcher.launch.simulation;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/**
 * How hard the world is, and what is demanded in it beyond the rules of the beginning. {@code
 * -Dsimulation.world=LAG,PACE} names parts, {@code none} and {@code all} all of them; all is the
 * default.
 */
enum World {
  /** Each look at each instance lags by itself, up to a minute, also one by id. */
  LAG,
  /** TerminateInstances answers UnauthorizedOperation for an id that EC2 does not know. */
  AUTHORIZATION_FIRST,
  /** The tags of a dead instance are gone after a while. */
  TAGS_GO,
  /** Somebody's tagger rewrites {@code Project}. */
  TAGGER,
  /** EC2 allows so many calls a second. */
  RATES,
  /** EC2's clock and the function's differ by up to ten seconds. */
  CLOCKS,
  /** A process that has ended goes on hours later. */
  THAWS,
  /** Looks are refused for minutes. */
  REFUSED_LOOKS,
  /** Instances die within seconds, one after the other. */
  DEADLY,
  /** EC2 says why only in the old field. */
  OLD_REASONS,
  /** A meeting is moved to another time, also a half-recorded one. */
  MOVES,
  /** Others read the row and write the whole of it, or its status, seconds later. */
  STALE_COPIES,
  /** The table is restored as a whole. */
  RESTORES,
  /** The watchdog moves a status on while a role has no id. */
  STATUS_BETWEEN,
  /** EC2 or a cost tool stops a recorded instance. */
  STOPS,
  /** PROJECT_TAG changes between deliveries. */
  PROJECTS,
  /** Subnets, markets, types and the order of the roles change between deliveries. */
  CONFIGURATIONS,
  /** A role is added to ROLES or taken out of it between deliveries. */
  ROLES,
  /** What a process asks for in a minute falls. */
  PACE,
  /** No process goes on without a pause. */
  SPIN,
  /** Nothing of an invocation begins a call after its end. */
  END,
  /** What is started is recorded within half a minute. */
  RECORD_SOON,
  /** What a row counts on lives, or somebody was told. */
  TOLD,
  /** Nothing that works is ended on the strength of something missing. */
  EVIDENCE,
  /** What was taken out is not recorded again. */
  TAKEN_OUT,
  /** A failure says what EC2 said. */
  REASON;

  static Set<World> ofProperty() {
    String wanted = System.getProperty("simulation.world", "all");
    return switch (wanted) {
      case "all" -> EnumSet.allOf(World.class);
      case "none" -> EnumSet.noneOf(World.class);
      default -> {
        EnumSet<World> some = EnumSet.noneOf(World.class);
        Arrays.stream(wanted.split(",")).map(World::valueOf).forEach(some::add);
        yield some;
      }
    };
  }

  /** Whether it is a demand, and not a hardship. */
  boolean isDemand() {
    return compareTo(PACE) >= 0;
  }
}
