package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.FoundInstance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
import io.elephant.launcher.launch.Recovery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * EC2 as its documents describe it, without anything that goes wrong on the way there.
 *
 * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html">Ensuring
 *     idempotency in Amazon EC2 API requests</a>
 */
final class Cloud {

  /** An instance that was started once. */
  static final class Instance {

    private final InstanceId id;
    private final Attempt attempt;
    private final @Nullable SimulatedProcess starter;
    private final long startTime;
    private boolean alive = true;
    private long shownAliveUntil;
    private boolean stopped;
    private boolean isProtected;
    private boolean wasProtected;
    private boolean ended;
    private boolean interrupted;
    private long unknownUntil;
    private Refusal why = new Refusal("Server.InternalError", "it died");
    private boolean orphan;
    private boolean stale;

    private Instance(
        InstanceId id, Attempt attempt, @Nullable SimulatedProcess starter, long startTime) {
      this.id = id;
      this.attempt = attempt;
      this.starter = starter;
      this.startTime = startTime;
    }

    InstanceId id() {
      return id;
    }

    Attempt attempt() {
      return attempt;
    }

    String tag(String name) {
      return attempt.request().tags().getOrDefault(name, "");
    }

    boolean isAlive() {
      return alive;
    }

    /** DescribeInstances lags: what has died can be shown as it was. */
    boolean isShownAlive(long now) {
      return alive || now < shownAliveUntil;
    }

    Refusal why() {
      return why;
    }

    /** EC2 has said that it takes it back. */
    void isInterrupted() {
      interrupted = true;
    }

    boolean wasInterrupted() {
      return interrupted;
    }

    /** It is dead, and nobody wanted that. */
    boolean isLost() {
      return !alive && (interrupted || !Recovery.isOnPurpose(why));
    }

    boolean isStopped() {
      return stopped;
    }

    /** A delivery or a sweep has terminated it. */
    boolean wasEnded() {
      return ended;
    }

    /** At some time it could not be terminated. */
    boolean wasProtected() {
      return wasProtected;
    }

    long startTime() {
      return startTime;
    }

    /** Whoever asked for it had given up asking by the time that it was started. */
    boolean isOrphan() {
      return orphan;
    }

    /**
     * It was started when the row had already given up on its attempt, or somebody had been told
     * that there is no capacity for it, and has given up on it or is about to.
     */
    boolean isStale() {
      return stale;
    }

    void isOfAnAttemptThatTheRowGaveUp() {
      stale = true;
    }

    Optional<SimulatedProcess> starter() {
      return Optional.ofNullable(starter);
    }
  }

  /** Somebody, this function included, has terminated it. */
  static final Refusal ON_PURPOSE =
      new Refusal("Client.UserInitiatedShutdown", "User initiated shutdown");

  /** A token counts within one zone. */
  private record Binding(ClientToken token, Zone zone) {}

  /** What a token stands for; a request that was refused can have bound it too. */
  private record Bound(LaunchRequest request, @Nullable Instance instance) {}

  /** Where instances of a kind come from. */
  record Pool(Zone zone, String instanceType) {

    static Pool of(Candidate candidate) {
      return new Pool(candidate.subnet().zone(), candidate.instanceType());
    }
  }

  private final List<Subnet> subnets = new ArrayList<>();
  private final Map<Binding, Bound> tokens = new LinkedHashMap<>();
  private final Map<InstanceId, Instance> instances = new LinkedHashMap<>();
  private final List<Pool> full = new ArrayList<>();
  private final Map<Binding, Set<SimulatedProcess>> refused = new HashMap<>();
  private final List<String> overQuota = new ArrayList<>();
  private final Choices choices;
  private final Rules rules;

  Cloud(Choices choices, Rules rules) {
    this.choices = choices;
    this.rules = rules;
  }

  void offer(Subnet subnet) {
    subnets.add(subnet);
  }

  void fill(Pool pool) {
    if (!full.contains(pool)) {
      full.add(pool);
    }
  }

  void free(Pool pool) {
    full.remove(pool);
  }

  /** The account may not have more of a type, until it may again. */
  void setOverQuota(String instanceType, boolean over) {
    overQuota.remove(instanceType);
    if (over) {
      overQuota.add(instanceType);
    }
  }

  boolean isFull(Pool pool) {
    return full.contains(pool);
  }

  Collection<Instance> instances() {
    return instances.values();
  }

  Optional<Instance> instance(InstanceId id) {
    return Optional.ofNullable(instances.get(id));
  }

  /** Somebody else's instance, or one from before the run. */
  Instance existing(InstanceId id, Attempt attempt) {
    Instance instance = new Instance(id, attempt, null, 0);
    instances.put(id, instance);
    tokens.put(new Binding(attempt.token(), zone(attempt)), new Bound(attempt.request(), instance));
    return instance;
  }

  List<Subnet> subnets(Collection<Zone> zones) {
    List<Subnet> found = new ArrayList<>();
    for (Subnet subnet : subnets) {
      if (zones.contains(subnet.zone())) {
        found.add(choices.whichever(found.size() + 1), subnet);
      }
    }
    return found;
  }

  /** EC2 refuses the caller before it looks at the token. */
  void refuses(Attempt attempt, SimulatedProcess caller) {
    Binding binding = new Binding(attempt.token(), zone(attempt));
    refused.computeIfAbsent(binding, _ -> new LinkedHashSet<>()).add(caller);
  }

  RunResult run(Attempt attempt, SimulatedProcess caller, boolean late, long now) {
    LaunchRequest request = attempt.request();
    Binding binding = new Binding(attempt.token(), request.candidate().subnet().zone());
    Set<SimulatedProcess> givenUp = refused.computeIfAbsent(binding, _ -> new LinkedHashSet<>());
    givenUp.remove(caller);
    Bound bound = tokens.get(binding);
    if (bound != null && !bound.request().equals(request)) {
      return new RunResult.OtherRequest(new Refusal("IdempotentParameterMismatch", "other"));
    }
    if (bound != null && bound.instance() != null) {
      return answer(bound.instance());
    }
    Pool pool = Pool.of(request.candidate());
    if (overQuota.contains(request.candidate().instanceType())) {
      givenUp.add(caller);
      return new RunResult.OverQuota(
          new Refusal("VcpuLimitExceeded", request.candidate().instanceType()));
    }
    if (full.contains(pool)) {
      givenUp.add(caller);
      if (bound == null && choices.happens(30)) {
        tokens.put(binding, new Bound(request, null));
      }
      return new RunResult.NoCapacity(
          new Refusal("InsufficientInstanceCapacity", pool.zone() + " is full"));
    }
    Instance instance = start(attempt, caller, now);
    instance.orphan = late;
    instance.stale = !givenUp.isEmpty();
    tokens.put(binding, new Bound(request, instance));
    rules.started(instance, caller);
    return answer(instance);
  }

  /** EC2 gives the dead instance back as it is, or says only that it is dead. */
  private RunResult answer(Instance instance) {
    if (instance.stopped && instance.alive) {
      return new RunResult.Stopped(instance.id(), new Refusal("InstanceStopped", "stopped"));
    }
    if (instance.alive) {
      return new RunResult.Started(instance.id());
    }
    return choices.whichever(2) == 0
        ? new RunResult.Dead(instance.why, Optional.of(Instant.ofEpochMilli(instance.startTime)))
        : new RunResult.Dead(
            new Refusal("IdempotentInstanceTerminated", instance.id() + " is dead"),
            Optional.empty());
  }

  /** The id says where the instance comes from, whatever else was started before. */
  private Instance start(Attempt attempt, SimulatedProcess caller, long now) {
    String zone = attempt.request().candidate().subnet().zone().name();
    InstanceId id =
        new InstanceId("i-" + attempt.token() + "-" + zone.substring(zone.length() - 1));
    Instance instance = new Instance(id, attempt, caller, now);
    if (choices.whichever(7) == 1) {
      // "Eventual consistency": for a while EC2 does not know what it gave.
      instance.unknownUntil = now + choices.within(20_000);
    }
    instances.put(id, instance);
    return instance;
  }

  /** The instance with this token in its zone, as DescribeInstances shows it. */
  Optional<FoundInstance> find(Attempt attempt, long now) {
    List<Instance> found = of(attempt);
    return found.stream()
        .filter(instance -> instance.isShownAlive(now))
        .findFirst()
        .or(() -> found.stream().findFirst())
        .map(instance -> shown(instance, now));
  }

  /** What the attempt's token has started, where it is dead. */
  Optional<Instance> deadOf(Attempt attempt) {
    return of(attempt).stream().filter(instance -> !instance.isAlive()).findFirst();
  }

  private List<Instance> of(Attempt attempt) {
    return instances.values().stream()
        .filter(instance -> instance.attempt.token().equals(attempt.token()))
        .filter(instance -> zone(instance.attempt).equals(zone(attempt)))
        .toList();
  }

  private static FoundInstance shown(Instance instance, long now) {
    if (!instance.isShownAlive(now)) {
      return new FoundInstance.Dead(
          instance.id(), Instant.ofEpochMilli(instance.startTime), instance.why);
    }
    return instance.stopped
        ? new FoundInstance.Stopped(instance.id())
        : new FoundInstance.Alive(instance.id());
  }

  private static Zone zone(Attempt attempt) {
    return attempt.request().candidate().subnet().zone();
  }

  /** The process has decided to terminate; the request is still to be sent. */
  void willTerminate(InstanceId id, SimulatedProcess caller) {
    instance(id).ifPresent(instance -> rules.willTerminate(instance, caller));
  }

  /**
   * @param seen the version of the row that the caller knew when it sent the request
   */
  Termination terminate(InstanceId id, SimulatedProcess caller, int seen, long now) {
    Optional<Instance> found = instance(id);
    if (found.isEmpty() || now < found.get().unknownUntil) {
      return new Termination.UnknownId(new Refusal("InvalidInstanceID.NotFound", id.toString()));
    }
    Instance instance = found.get();
    if (instance.isProtected && instance.alive) {
      return new Termination.Refused(new Refusal("OperationNotPermitted", "protected"));
    }
    if (instance.alive) {
      rules.terminates(instance, caller, seen);
      die(instance, ON_PURPOSE, now);
      instance.ended = true;
    }
    return new Termination.Terminated();
  }

  /** Somebody protects the instance from being terminated, or no longer does. */
  void protect(Instance instance, boolean on) {
    instance.isProtected = on;
    instance.wasProtected |= on;
  }

  void stop(Instance instance) {
    instance.stopped = true;
  }

  /** The instance dies of itself, or somebody terminates it by hand. */
  void die(Instance instance, Refusal why, long now) {
    if (instance.alive) {
      instance.alive = false;
      instance.why = why;
      if (choices.whichever(3) == 1) {
        instance.shownAliveUntil = now + choices.within(60_000);
      }
    }
  }

  long fingerprint() {
    long sum = 0;
    for (Map.Entry<Binding, Bound> entry : tokens.entrySet()) {
      sum += Fingerprint.mix(text(entry.getKey()), text(entry.getValue()));
    }
    for (Instance instance : instances.values()) {
      long one = Fingerprint.mix(Fingerprint.EMPTY, instance.id().value());
      one =
          Fingerprint.mix(
              one,
              (instance.alive ? 1 : 0)
                  + (instance.orphan ? 2 : 0)
                  + (instance.stale ? 4 : 0)
                  + (instance.stopped ? 8 : 0)
                  + (instance.isProtected ? 16 : 0)
                  + 32 * instance.unknownUntil);
      sum += Fingerprint.mix(one, instance.starter == null ? "" : instance.starter.toString());
    }
    for (Pool pool : full) {
      sum += Fingerprint.mix(Fingerprint.EMPTY, pool.toString());
    }
    for (String type : overQuota) {
      sum += Fingerprint.mix(Fingerprint.EMPTY, type);
    }
    return sum;
  }

  private static long text(Binding binding) {
    return Fingerprint.mix(Fingerprint.EMPTY, binding.toString());
  }

  private static String text(Bound bound) {
    return bound.request().imageId() + (bound.instance() == null ? "" : bound.instance().id());
  }
}
