package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.Zone;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Subnet;
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

  /** A machine that was started once. */
  static final class Instance {

    private final InstanceId id;
    private final Attempt attempt;
    private final @Nullable SimulatedProcess starter;
    private final long startTime;
    private boolean alive = true;
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

  /** A token counts within one zone. */
  private record Binding(ClientToken token, Zone zone) {}

  /** What a token stands for; a request that was refused can have bound it too. */
  private record Bound(LaunchRequest request, @Nullable Instance instance) {}

  /** Where machines of a kind come from. */
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

  /** Somebody else's machine, or one from before the run. */
  Instance existing(InstanceId id, Attempt attempt) {
    Instance instance = new Instance(id, attempt, null, 0);
    instances.put(id, instance);
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

  private static RunResult answer(Instance instance) {
    return instance.alive
        ? new RunResult.Started(instance.id())
        : new RunResult.Dead(
            new Refusal("IdempotentInstanceTerminated", instance.id() + " is dead"));
  }

  /** The id says where the instance comes from, whatever else was started before. */
  private Instance start(Attempt attempt, SimulatedProcess caller, long now) {
    String zone = attempt.request().candidate().subnet().zone().name();
    InstanceId id =
        new InstanceId("i-" + attempt.token() + "-" + zone.substring(zone.length() - 1));
    Instance instance = new Instance(id, attempt, caller, now);
    instances.put(id, instance);
    return instance;
  }

  /** The live instance with this token in its zone, once EC2 shows it. */
  List<Instance> find(Attempt attempt) {
    return instances.values().stream()
        .filter(instance -> instance.alive && instance.attempt.token().equals(attempt.token()))
        .filter(instance -> zone(instance.attempt).equals(zone(attempt)))
        .toList();
  }

  private static Zone zone(Attempt attempt) {
    return attempt.request().candidate().subnet().zone();
  }

  /** The process has decided to terminate; the request is still to be sent. */
  void willTerminate(Collection<InstanceId> ids, SimulatedProcess caller) {
    for (InstanceId id : ids) {
      instance(id).ifPresent(instance -> rules.willTerminate(instance, caller));
    }
  }

  void terminate(Collection<InstanceId> ids, SimulatedProcess caller) {
    for (InstanceId id : ids) {
      instance(id)
          .filter(Instance::isAlive)
          .ifPresent(instance -> {
            rules.terminates(instance, caller);
            instance.alive = false;
          });
    }
  }

  /** The instance dies of itself, or somebody terminates it by hand. */
  void die(Instance instance) {
    instance.alive = false;
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
              one, (instance.alive ? 1 : 0) + (instance.orphan ? 2 : 0) + (instance.stale ? 4 : 0));
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
