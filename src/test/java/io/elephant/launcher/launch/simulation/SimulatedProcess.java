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
    /** It answered, or failed for a reason that is in the row. */
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

  final CallWatch calls;
  private final String name;
  private final Runnable afterwards;

  /** Each instance that an answer named, and how many calls had succeeded by then. */
  private final Map<SimulatedInstance, Integer> known = new LinkedHashMap<>();

  private final Map<Role, Set<Candidate>> full = new HashMap<>();
  private final Set<InstanceId> told = new LinkedHashSet<>();
  private final Set<InstanceId> ended = new LinkedHashSet<>();
  private final Set<SimulatedInstance> dead = new LinkedHashSet<>();
  private Fate fate = Fate.RUNNING;
  private @Nullable MeetingId lastRead;
  private int lastSeen;
  private boolean answered;
  private boolean expired;
  private boolean completed;
  private boolean completedThisLaunch;
  private boolean wasShownNothing;
  private int successes;
  private long heldUp;

  /**
   * @param number of its kind
   * @param plan what it finds configured
   * @param afterwards what follows when it has ended or was killed
   */
  SimulatedProcess(
      Kind kind, int number, LaunchPlan plan, long start, Rules rules, Runnable afterwards) {
    this.kind = kind;
    this.name = kind.name().toLowerCase(Locale.ROOT) + " " + number;
    this.plan = plan;
    this.roles = Set.copyOf(plan.roles());
    this.start = start;
    this.firstVersion = rules.table().version();
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

  void end(Fate end) {
    fate = end;
    afterwards.run();
  }

  /** It answered normally. */
  void answer() {
    answered = true;
    end(Fate.ENDED);
  }

  boolean answered() {
    return answered;
  }

  /** Somebody else's turns kept it from going on when it could have. */
  void isHeldUp(long millis) {
    heldUp += millis;
  }

  long heldUp() {
    return heldUp;
  }

  /** EC2's view is empty once at most. */
  boolean mayBeShownNothing() {
    boolean may = !wasShownNothing;
    wasShownNothing = true;
    return may;
  }

  void credentialsExpire() {
    expired = true;
  }

  boolean credentialsAreExpired() {
    return expired;
  }

  /** The call that it makes now is about this row, or about none. */
  void reads(@Nullable MeetingId row) {
    lastRead = row;
  }

  /** Whether its last call read this row. */
  boolean hasJustRead(MeetingId row) {
    return row.equals(lastRead);
  }

  /** An answer showed it this version of the row. */
  void see(int version) {
    lastSeen = version;
  }

  int lastSeen() {
    return lastSeen;
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

  /** A row named the instance to the process: it may terminate it, and need not. */
  void isTold(InstanceId instance) {
    told.add(instance);
  }

  boolean mayTerminate(SimulatedInstance instance) {
    return knows(instance) || told.contains(instance.id());
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

  /** The candidates of which EC2 said, since it said anything else, that they are full. */
  Set<Candidate> full(Role role) {
    return full.getOrDefault(role, Set.of());
  }

  /** The token's answer told it that the instance is dead. */
  void learnsDeath(SimulatedInstance instance) {
    dead.add(instance);
  }

  boolean knowsToBeDead(SimulatedInstance instance) {
    return dead.contains(instance);
  }

  /** EC2 has told it that it has terminated the instance. */
  void ends(InstanceId instance) {
    ended.add(instance);
  }

  boolean hasEnded(InstanceId instance) {
    return ended.contains(instance);
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

  boolean completed() {
    return completed;
  }

  /** What it completed is over, and another launch begins. */
  void beginsAnotherLaunch() {
    completedThisLaunch = false;
  }

  boolean completedThisLaunch() {
    return completedThisLaunch;
  }

  @Override
  public String toString() {
    return name;
  }
}
