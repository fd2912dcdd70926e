package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Something that calls the ports and can be killed: a delivery of the event, or a sweep. */
final class SimulatedProcess {

  enum Fate {
    RUNNING,
    /** It answered, or failed for a reason that is in the row. */
    ENDED,
    /** A call failed it: what it knew, it could not act on. */
    BROKEN,
    KILLED
  }

  /** At its end nothing is waited for, in milliseconds. */
  static final long KEPT_TO_ANSWER = 4_000;

  private final String name;
  private final Set<Role> roles;
  private final long start;
  private final long deadline;
  private final int firstVersion;

  /** Each instance that an answer named, and how many calls had succeeded by then. */
  private final Map<SimulatedInstance, Integer> known = new LinkedHashMap<>();

  private final Map<Role, Set<Candidate>> refused = new HashMap<>();
  private final Set<InstanceId> told = new LinkedHashSet<>();
  private final Set<InstanceId> ended = new LinkedHashSet<>();
  private final Set<SimulatedInstance> dead = new LinkedHashSet<>();
  private Fate fate = Fate.RUNNING;
  private final Runnable afterwards;
  private @Nullable MeetingId lastRead;
  private int lastSeen;
  private boolean answered;
  private boolean expired;
  private boolean recovers;
  private boolean completed;
  private boolean completedThisLaunch;
  private int successes;
  private long heldUp;
  private final CallWatch calls;
  private final boolean isAnsweredOddlyOnce;
  private boolean wasAnsweredOddly;

  /**
   * @param roles those that it finds configured
   * @param start in milliseconds, as every time here
   * @param firstVersion the row's version when it starts
   * @param afterwards what follows when it has ended or was killed
   */
  SimulatedProcess(
      String name,
      Collection<Role> roles,
      long start,
      long deadline,
      int firstVersion,
      Rules rules,
      Set<World> world,
      Runnable afterwards) {
    this.calls = new CallWatch(this, rules, world);
    this.isAnsweredOddlyOnce = world.contains(World.TOLD);
    this.name = name;
    this.roles = Set.copyOf(roles);
    this.start = start;
    this.deadline = deadline;
    this.firstVersion = firstVersion;
    this.lastSeen = firstVersion;
    this.afterwards = afterwards;
  }

  CallWatch calls() {
    return calls;
  }

  /** Somebody else's turns kept it from going on when it could have. */
  void isHeldUp(long millis) {
    heldUp += millis;
  }

  long heldUp() {
    return heldUp;
  }

  /** A look is answered oddly once. */
  boolean mayBeAnsweredOddly() {
    boolean may = !(isAnsweredOddlyOnce && wasAnsweredOddly);
    wasAnsweredOddly = true;
    return may;
  }

  Set<Role> roles() {
    return roles;
  }

  long start() {
    return start;
  }

  long deadline() {
    return deadline;
  }

  int firstVersion() {
    return firstVersion;
  }

  Fate fate() {
    return fate;
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

  /** An answer showed it this version of the row. */
  void see(int version) {
    lastSeen = version;
  }

  int lastSeen() {
    return lastSeen;
  }

  boolean isRunning() {
    return fate == Fate.RUNNING;
  }

  /** An answer named the instance to the process. */
  void learn(SimulatedInstance instance) {
    known.putIfAbsent(instance, successes);
  }

  /** RunInstances answered, or did not. */
  void isAnswered(Attempt attempt, RunResult result) {
    Role role = new Role(attempt.request().tags().get("Role"));
    Set<Candidate> candidates = refused.computeIfAbsent(role, _ -> new LinkedHashSet<>());
    if (result instanceof RunResult.Refused(Verdict verdict, _) && verdict == Verdict.NO_CAPACITY) {
      candidates.add(attempt.request().candidate());
    } else {
      candidates.clear();
    }
  }

  /** The candidates of which EC2 said, since it said anything else, that they are full. */
  Set<Candidate> full(Role role) {
    return refused.getOrDefault(role, Set.of());
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

  /** It was told of an instance's end. */
  void recovers() {
    recovers = true;
  }

  boolean isRecovery() {
    return recovers;
  }

  boolean isSweep() {
    return name.startsWith("sweep");
  }

  void credentialsExpire() {
    expired = true;
  }

  boolean credentialsAreExpired() {
    return expired;
  }

  /** A call got its answer, and not so late that there is no time left to act on it. */
  void succeeds(long now) {
    if (now < deadline - KEPT_TO_ANSWER) {
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

  /** What it completed is over, and another launch begins. */
  void beginsAnotherLaunch() {
    completedThisLaunch = false;
  }

  boolean completedThisLaunch() {
    return completedThisLaunch;
  }

  boolean completed() {
    return completed;
  }

  /** A row named the instance to the process: it may terminate it, and need not. */
  void isTold(InstanceId instance) {
    told.add(instance);
  }

  boolean mayTerminate(SimulatedInstance instance) {
    return known.containsKey(instance) || told.contains(instance.id());
  }

  Set<SimulatedInstance> known() {
    return known.keySet();
  }

  boolean knows(SimulatedInstance instance) {
    return known.containsKey(instance);
  }

  /** The call that it makes now is about this row, or about none. */
  void reads(@Nullable MeetingId row) {
    lastRead = row;
  }

  /** Whether its last call read this row. */
  boolean hasJustRead(MeetingId row) {
    return row.equals(lastRead);
  }

  @Override
  public String toString() {
    return name;
  }
}
