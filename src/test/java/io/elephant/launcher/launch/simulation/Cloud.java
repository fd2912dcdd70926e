package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.fake.Ec2Answers;
import io.elephant.launcher.fake.Ec2Instance;
import io.elephant.launcher.fake.Ec2Model;
import io.elephant.launcher.fake.RequestBucket;
import io.elephant.launcher.fake.StartAnswer;
import io.elephant.launcher.fake.StartRequest;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Zone;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** EC2 as the model has it, and beside it what the rules must know of each instance. */
final class Cloud implements Ec2Model.Chances {

  static final long LONGEST_LAG = 60_000;

  private record Scope(String token, Zone zone) {}

  private final Map<InstanceId, SimulatedInstance> instances = new LinkedHashMap<>();
  private final Map<Scope, Set<SimulatedProcess>> refused = new HashMap<>();
  private final RequestBucket runs = new RequestBucket(5, 2);
  private final RequestBucket looks = new RequestBucket(50, 10);
  private final Choices choices;
  final Rules rules;
  private final Set<World> world;
  private final LongSupplier clock;
  final Ec2Model ec2;
  private long looksRefusedFrom = Long.MAX_VALUE;
  private long looksRefusedUntil;

  /** What follows when an instance was started. */
  Consumer<SimulatedInstance> onStart = _ -> {};

  /** Faults have stopped. */
  boolean isCalm;

  Cloud(Choices choices, Rules rules, Set<World> world, LongSupplier clock) {
    this.choices = choices;
    this.rules = rules;
    this.world = world;
    this.clock = clock;
    ec2 = new Ec2Model(clock, this, Cloud::id);
    ec2.authorizesFirst = world.contains(World.AUTHORIZATION_FIRST);
    if (world.contains(World.CLOCKS)) {
      ec2.skew = choices.within(20_000) - 10_000;
    }
    if (world.contains(World.REFUSED_LOOKS)) {
      looksRefusedFrom = clock.getAsLong() + choices.within(60_000);
      looksRefusedUntil = looksRefusedFrom + choices.within(200_000);
    }
  }

  /** The id says where the instance comes from, whatever else was started before. */
  private static String id(StartRequest request) {
    String zone = request.pool().zone();
    return "i-" + request.token() + "-" + zone.charAt(zone.length() - 1);
  }

  @Override
  public long lag(Ec2Instance instance, long now) {
    long age = now - (instance.isAlive() ? instance.started() : instance.dying());
    boolean lags =
        world.contains(World.LAG) && !isCalm && age <= LONGEST_LAG && choices.pick(3) == 1;
    return lags ? choices.within(LONGEST_LAG) : 0;
  }

  @Override
  public boolean bindsRefused() {
    return choices.happens(30);
  }

  @Override
  public boolean bringsDeadBack() {
    return choices.pick(2) == 0;
  }

  List<Subnet> subnets(Collection<Zone> zones) {
    List<Subnet> found = new ArrayList<>();
    for (Zone zone : Scenario.ZONES) {
      if (zones.contains(zone)) {
        found.add(choices.pick(found.size() + 1), Scenario.subnet(zone));
      }
    }
    return found;
  }

  Collection<SimulatedInstance> instances() {
    return instances.values();
  }

  Optional<SimulatedInstance> instance(InstanceId id) {
    return Optional.ofNullable(instances.get(id));
  }

  /** Somebody else's instance, or one from before the run. */
  void existing(InstanceId id, Attempt attempt) {
    long started = Scenario.START.toEpochMilli() - 3_600_000;
    add(ec2.existing(id.value(), Ec2Answers.request(attempt), started), attempt, null);
  }

  private SimulatedInstance add(
      Ec2Instance started, Attempt attempt, @Nullable SimulatedProcess starter) {
    SimulatedInstance instance = new SimulatedInstance(started, attempt, starter);
    instances.put(instance.id, instance);
    return instance;
  }

  /** Whether EC2 allows one more RunInstances now. */
  boolean allowsRun() {
    return isCalm || !world.contains(World.RATES) || runs.allows(clock.getAsLong());
  }

  boolean allowsLook() {
    long now = clock.getAsLong();
    return isCalm
        || ((!world.contains(World.RATES) || looks.allows(now))
            && (now < looksRefusedFrom || now >= looksRefusedUntil));
  }

  /**
   * EC2 refuses the caller before it looks at the token: it may leave the attempt, although
   * somebody else has just been given its instance.
   */
  void refuses(Attempt attempt, SimulatedProcess caller) {
    givenUp(attempt).add(caller);
    instances.values().stream()
        .filter(one -> one.attempt.equals(attempt))
        .filter(one -> one.starter != caller)
        .forEach(one -> one.isStale = true);
  }

  private Set<SimulatedProcess> givenUp(Attempt attempt) {
    Scope scope = new Scope(attempt.token().value(), attempt.zone());
    return refused.computeIfAbsent(scope, _ -> new LinkedHashSet<>());
  }

  StartAnswer run(Attempt attempt, SimulatedProcess caller, boolean late) {
    Set<SimulatedProcess> givenUp = givenUp(attempt);
    givenUp.remove(caller);
    StartAnswer answer = ec2.start(Ec2Answers.request(attempt));
    if (answer instanceof StartAnswer.Started(Ec2Instance started, boolean isNew) && isNew) {
      SimulatedInstance instance = add(started, attempt, caller);
      if (choices.pick(7) == 1) {
        started.unknownUntil(clock.getAsLong() + choices.within(20_000));
      }
      instance.isOrphan = late;
      // Somebody had been told that there is no capacity for it, and has given up on it.
      instance.isStale = !givenUp.isEmpty();
      rules.started(instance, caller);
      onStart.accept(instance);
    }
    if (answer instanceof StartAnswer.Refused(Refusal error)
        && (error.code().equals("VcpuLimitExceeded")
            || error.code().equals("InsufficientInstanceCapacity"))) {
      givenUp.add(caller);
    }
    return answer;
  }

  /** What the attempt's token has started, where it is dead. */
  Optional<SimulatedInstance> deadOf(Attempt attempt) {
    return instances.values().stream()
        .filter(instance -> instance.attempt.sharesTokenWith(attempt))
        .filter(instance -> !instance.isAlive())
        .findFirst();
  }

  /**
   * @param seen the version of the row that the caller knew when it sent the request
   */
  Optional<Refusal> terminate(InstanceId id, SimulatedProcess caller, int seen) {
    boolean wasAlive = instance(id).filter(SimulatedInstance::isAlive).isPresent();
    Optional<Refusal> error = ec2.terminate(id.value());
    instance(id)
        .filter(one -> wasAlive && !one.isAlive())
        .ifPresent(ended -> {
          rules.terminates(ended, caller, seen, clock.getAsLong());
          isDead(ended);
          ended.wasEnded = true;
        });
    return error;
  }

  void stop(SimulatedInstance instance, Refusal why) {
    ec2.stop(instance.ec2, Optional.of(why), why.message());
  }

  /** The instance dies of itself, or somebody terminates it by hand. */
  void die(SimulatedInstance instance, Refusal why) {
    if (instance.isAlive()) {
      boolean old =
          world.contains(World.OLD_REASONS) && why.equals(Ec2Model.USER) && choices.happens(50);
      ec2.end(
          instance.ec2,
          old ? Optional.empty() : Optional.of(why),
          why.equals(Ec2Model.USER) ? "User initiated (2026-11-22 09:55:00 GMT)" : why.code());
      isDead(instance);
    }
  }

  private void isDead(SimulatedInstance instance) {
    if (world.contains(World.TAGS_GO)) {
      instance.ec2.losesTagsAt(clock.getAsLong() + choices.within(120_000));
    }
  }
}
