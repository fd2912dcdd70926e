package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Something that calls the ports and can be killed, and what the rules must know of it. */
final class SimulatedProcess {

  enum Kind {
    DELIVERY,
    RECOVERY,
    SWEEP
  }

  enum Fate {
    RUNNING,
    ANSWERED,
    /** It failed for a reason that is in the row. */
    ENDED,
    /** A call failed it: what it knew, it could not act on. */
    BROKEN,
    KILLED
  }

  /** An invocation's time, in milliseconds, as every time here. */
  private static final long TIME_OUT = 540_000;

  /** At its end nothing is waited for. */
  static final long KEPT_TO_ANSWER = 4_000;

  final Kind kind;

  /** What it finds configured. */
  final LaunchPlan plan;

  final Set<Role> roles;
  final long start;

  /** The row's version when it started. */
  final int firstVersion;

  /** The row's version that an answer has shown it last. */
  int lastSeen;

  /** The row that its last call was about, where that was about one. */
  @Nullable MeetingId lastRead;

  /** The candidates of which EC2 said, since it said anything else, that they are full. */
  final Map<Role, Set<Candidate>> full = new HashMap<>();

  /** What a row has named to it: it may terminate that, and need not. */
  final Set<InstanceId> told = new LinkedHashSet<>();

  /** What EC2 has told it that it has terminated. */
  final Set<InstanceId> ended = new LinkedHashSet<>();

  /** What a token's answer has told it that it is dead. */
  final Set<SimulatedInstance> dead = new LinkedHashSet<>();

  /** Its credentials have expired. */
  boolean isExpired;

  /** It wrote LAUNCHED into the row. */
  boolean completed;

  /** As {@link #completed}, and no other launch has begun since. */
  boolean completedThisLaunch;

  /** So long somebody else's turns kept it from going on when it could have. */
  long heldUp;

  final CallWatch calls;
  private final String name;
  private final Consumer<SimulatedProcess> afterwards;

  /** Each instance that an answer named, and how many calls had succeeded by then. */
  private final Map<SimulatedInstance, Integer> known = new LinkedHashMap<>();

  private Fate fate = Fate.RUNNING;
  private boolean wasShownNothing;
  private int successes;

  /**
   * @param number of its kind
   * @param afterwards what follows when it has ended or was killed
   */
  SimulatedProcess(
      Kind kind,
      int number,
      LaunchPlan plan,
      long start,
      Rules rules,
      Consumer<SimulatedProcess> afterwards) {
    this.kind = kind;
    this.name = kind.name().toLowerCase(Locale.ROOT) + " " + number;
    this.plan = plan;
    this.roles = Set.copyOf(plan.roles());
    this.start = start;
    this.firstVersion = rules.table.version();
    this.lastSeen = firstVersion;
    this.calls = new CallWatch(this, rules);
    this.afterwards = afterwards;
  }

  long deadline() {
    return start + TIME_OUT;
  }

  Fate fate() {
    return fate;
  }

  boolean isRunning() {
    return fate == Fate.RUNNING;
  }

  boolean answered() {
    return fate == Fate.ANSWERED;
  }

  void end(Fate end) {
    fate = end;
    afterwards.accept(this);
  }

  /** EC2's view is empty once at most. */
  boolean mayBeShownNothing() {
    boolean may = !wasShownNothing;
    wasShownNothing = true;
    return may;
  }

  /** An answer named the instance to the process. */
  void learn(SimulatedInstance instance) {
    known.putIfAbsent(instance, successes);
  }

  Set<SimulatedInstance> known() {
    return known.keySet();
  }

  boolean knows(SimulatedInstance instance) {
    return known.containsKey(instance);
  }

  /** RunInstances answered, or did not. */
  void isAnswered(Attempt attempt, RunResult result) {
    Role role = new Role(attempt.request().tags().get("Role"));
    Set<Candidate> candidates = full.computeIfAbsent(role, _ -> new LinkedHashSet<>());
    if (result instanceof RunResult.Refused(Verdict verdict, _) && verdict == Verdict.NO_CAPACITY) {
      candidates.add(attempt.request().candidate());
    } else {
      candidates.clear();
    }
  }

  /** A call got its answer, and not so late that there is no time left to act on it. */
  void succeeds(long now) {
    if (now < deadline() - KEPT_TO_ANSWER) {
      successes++;
    }
  }

  /** Every call since it learned of the instance has failed or came in its last seconds. */
  boolean couldDoNothingAbout(SimulatedInstance instance) {
    return known.getOrDefault(instance, 0) == successes;
  }

  /** It wrote LAUNCHED into the row. */
  void completes() {
    completed = true;
    completedThisLaunch = true;
  }

  @Override
  public String toString() {
    return name;
  }
}
