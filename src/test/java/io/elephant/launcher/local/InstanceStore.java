package io.elephant.launcher.local;

import io.elephant.launcher.local.Instance.Reason;
import io.elephant.launcher.local.Instance.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The instances of one account and region, their subnets, and the client tokens' rules.
 *
 * <p>The rules are those of <a
 * href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html">Ensuring
 * idempotency in Amazon EC2 API requests</a>: a token belongs to the zone of the subnet that it
 * came with; with the same parameters it answers what it has started, with others it is refused;
 * and once its instance is dead it starts nothing any more.
 */
final class InstanceStore {

  private final Clock clock = Clock.systemUTC();
  private final Map<String, Subnet> subnets = new LinkedHashMap<>();
  private final SequencedMap<String, Kept> kept = new LinkedHashMap<>();
  private final Map<TokenScope, Binding> bindings = new HashMap<>();
  private final Set<String> fullZones = new HashSet<>();
  private Duration startsWithin = Duration.ZERO;
  private Duration endsWithin = Duration.ZERO;
  private Duration lag = Duration.ZERO;
  private int lagCalls;
  private int describes;
  private boolean refusalsBindTokens;
  private boolean deadInstancesAnswer;
  private Duration unknownFor = Duration.ZERO;

  InstanceStore(List<Subnet> subnets) {
    subnets.forEach(subnet -> this.subnets.put(subnet.id(), subnet));
  }

  /** Where a token is known: the same one in another zone is another one. */
  private record TokenScope(String token, String zone) {}

  /** What a token was first used for; no ids if that was refused. */
  private record Binding(Map<String, String> request, List<String> instanceIds) {}

  /**
   * One instance and what is not visible of it: when its life changes, and since when it is shown.
   */
  private final class Kept {
    private final Instance launched;
    private final Instant running;
    private final int launchedAfterDescribes = describes;
    private Instant stopped = Instant.MAX;
    private Duration older = Duration.ZERO;
    private Instant dying = Instant.MAX;
    private Instant dead = Instant.MAX;
    private @Nullable Reason reason;
    private boolean isProtected;

    private Kept(Instance launched) {
      this.launched = launched;
      this.running = launched.launchTime().plus(startsWithin);
    }

    private Instance at(Instant moment) {
      State state;
      if (!moment.isBefore(dead)) {
        state = State.TERMINATED;
      } else if (!moment.isBefore(dying)) {
        state = State.SHUTTING_DOWN;
      } else if (!moment.isBefore(stopped)) {
        state = State.STOPPED;
      } else {
        state = moment.isBefore(running) ? State.PENDING : State.RUNNING;
      }
      return in(state);
    }

    private Instance in(State state) {
      return new Instance(
          launched.id(),
          launched.reservationId(),
          launched.subnet(),
          launched.type(),
          launched.imageId(),
          launched.token(),
          launched.tags(),
          launched.request(),
          launched.launchTime().minus(older),
          state,
          state.isLive() ? null : reason);
    }

    private boolean isShownAt(Instant moment) {
      return !launched.launchTime().isAfter(moment)
          && describes - launchedAfterDescribes > lagCalls;
    }

    private void terminate(Instant moment, @Nullable Reason why) {
      if (dying.equals(Instant.MAX)) {
        dying = moment;
        dead = moment.plus(endsWithin);
        reason = why;
      }
    }

    private void requireTermination(Instant now) {
      if (now.isBefore(launched.launchTime().plus(unknownFor))) {
        throw unknown(List.of(launched.id()));
      }
      if (isProtected && dying.equals(Instant.MAX)) {
        throw new Refusal(
            "OperationNotPermitted",
            "The instance '%s' may not be terminated. Modify its 'disableApiTermination' instance"
                    .formatted(launched.id())
                + " attribute and try again.");
      }
    }
  }

  synchronized List<Subnet> subnets() {
    return List.copyOf(subnets.values());
  }

  synchronized void setFreeAddresses(String subnetId, int count) {
    subnets.put(subnetId, subnet(subnetId).withFreeAddresses(count));
  }

  synchronized void removeDefaultSubnet(String zone) {
    subnets.values().removeIf(subnet -> subnet.defaultForAz() && subnet.zone().equals(zone));
  }

  synchronized void setFull(String zone, boolean full) {
    if (full) {
      fullZones.add(zone);
    } else {
      fullZones.remove(zone);
    }
  }

  synchronized void setStartsWithin(Duration duration) {
    startsWithin = duration;
  }

  synchronized void setEndsWithin(Duration duration) {
    endsWithin = duration;
  }

  synchronized void age(Duration by) {
    kept.values().forEach(one -> one.older = one.older.plus(by));
  }

  synchronized void setLag(Duration duration) {
    lag = duration;
  }

  synchronized void setLag(int calls) {
    lagCalls = calls;
  }

  synchronized void setRefusalsBindTokens(boolean bind) {
    refusalsBindTokens = bind;
  }

  synchronized void setDeadInstancesAnswer(boolean answer) {
    deadInstancesAnswer = answer;
  }

  synchronized void setUnknownFor(Duration duration) {
    unknownFor = duration;
  }

  synchronized void forgetTokens() {
    bindings.clear();
  }

  synchronized void setProtected(String id, boolean isProtected) {
    kept(id).isProtected = isProtected;
  }

  synchronized void stop(String id) {
    kept(id).stopped = clock.instant();
    kept(id).reason = Reason.USER;
  }

  /** The instance ends of itself. */
  synchronized void die(String id, @Nullable Reason why) {
    kept(id).terminate(clock.instant(), why);
  }

  /** All instances, dead ones too, in the order in which they were launched. */
  synchronized List<Instance> instances() {
    Instant now = clock.instant();
    return kept.values().stream().map(one -> one.at(now)).toList();
  }

  /**
   * The instances as DescribeInstances shows them: as they were a while ago, if it lags.
   *
   * @param ids the instances asked for by id; all of them, if there are none
   */
  synchronized List<Instance> describe(List<String> ids, Predicate<Instance> filter) {
    describes++;
    Instant then = clock.instant().minus(lag);
    List<Kept> shown = kept.values().stream().filter(one -> one.isShownAt(then)).toList();
    List<String> known = shown.stream().map(one -> one.launched.id()).toList();
    requireAll(ids, known);
    return shown.stream()
        .map(one -> one.at(then))
        .filter(instance -> ids.isEmpty() || ids.contains(instance.id()))
        .filter(filter)
        .toList();
  }

  /** Terminates all of these, or none if one is unknown; one that is dead already is fine. */
  synchronized List<Change> terminate(List<String> ids) {
    requireAll(ids, List.copyOf(kept.keySet()));
    Instant now = clock.instant();
    ids.forEach(id -> kept(id).requireTermination(now));
    var changes = new ArrayList<Change>();
    for (String id : ids) {
      Kept one = kept(id);
      State before = one.at(now).state();
      one.terminate(now, Reason.USER);
      State after = before == State.TERMINATED ? before : State.SHUTTING_DOWN;
      changes.add(new Change(id, before, after));
    }
    return changes;
  }

  /** How TerminateInstances changed an instance. */
  record Change(String id, State before, State after) {}

  /**
   * Launches what was asked for, or answers what its token has launched before.
   *
   * @param decision called right before something new is launched; throws if that is refused
   */
  synchronized List<Instance> launch(Launch launch, Runnable decision) {
    Subnet subnet = subnet(launch.subnetId());
    @Nullable TokenScope scope =
        launch.token() == null ? null : new TokenScope(launch.token(), subnet.zone());
    Optional<List<Instance>> earlier =
        Optional.ofNullable(scope).map(bindings::get).flatMap(bound -> replay(launch, bound));
    if (earlier.isPresent()) {
      return earlier.get();
    }
    try {
      decision.run();
      requireRoom(subnet, launch);
    } catch (Refusal refusal) {
      if (refusalsBindTokens && scope != null) {
        bindings.put(scope, new Binding(launch.identity(), List.of()));
      }
      throw refusal;
    }
    List<Instance> launched = start(launch, subnet);
    if (scope != null) {
      List<String> ids = launched.stream().map(Instance::id).toList();
      bindings.put(scope, new Binding(launch.identity(), ids));
    }
    return launched;
  }

  /**
   * Launches nothing, and says whether it would: a dry run neither uses nor binds its token.
   *
   * @param decision throws if the launch is refused
   */
  synchronized Refusal dryRun(Launch launch, Runnable decision) {
    subnet(launch.subnetId());
    decision.run();
    return new Refusal("DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
  }

  private Optional<List<Instance>> replay(Launch launch, Binding binding) {
    if (!binding.request().equals(launch.identity())) {
      throw new Refusal(
          "IdempotentParameterMismatch",
          "The client token you have provided is associated with a resource that was created with"
              + " different parameters.");
    }
    if (binding.instanceIds().isEmpty()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    List<Instance> bound = binding.instanceIds().stream().map(id -> kept(id).at(now)).toList();
    if (!deadInstancesAnswer && bound.stream().allMatch(Instance::isGone)) {
      throw new Refusal(
          "IdempotentInstanceTerminated",
          "The client token you have provided is associated with an instance that was terminated.");
    }
    return Optional.of(bound);
  }

  private void requireRoom(Subnet subnet, Launch launch) {
    if (fullZones.contains(subnet.zone())) {
      throw new Refusal(
          "InsufficientInstanceCapacity",
          "We currently do not have sufficient %s capacity in the Availability Zone you requested (%s)."
              .formatted(launch.type(), subnet.zone()));
    }
    if (subnet.freeAddresses() < launch.count()) {
      throw new Refusal(
          "InsufficientFreeAddressesInSubnet",
          "There are not enough free addresses in subnet '%s' to satisfy the requested number of"
                  .formatted(subnet.id())
              + " instances.");
    }
  }

  private List<Instance> start(Launch launch, Subnet subnet) {
    String reservationId = newId("r-");
    Instant now = clock.instant();
    var started = new ArrayList<Instance>();
    for (int n = 0; n < launch.count(); n++) {
      var one =
          new Kept(
              new Instance(
                  newId("i-"),
                  reservationId,
                  subnet,
                  launch.type(),
                  launch.imageId(),
                  launch.token(),
                  launch.tags(),
                  launch.request(),
                  now,
                  State.PENDING,
                  null));
      kept.put(one.launched.id(), one);
      started.add(one.launched);
    }
    setFreeAddresses(subnet.id(), subnet.freeAddresses() - launch.count());
    return started;
  }

  private Subnet subnet(String id) {
    Subnet subnet = subnets.get(id);
    if (subnet == null) {
      throw new Refusal("InvalidSubnetID.NotFound", "The subnet ID '" + id + "' does not exist");
    }
    return subnet;
  }

  private Kept kept(String id) {
    Kept one = kept.get(id);
    if (one == null) {
      throw unknown(List.of(id));
    }
    return one;
  }

  private static void requireAll(List<String> ids, List<String> known) {
    List<String> unknown = ids.stream().filter(id -> !known.contains(id)).toList();
    if (!unknown.isEmpty()) {
      throw unknown(unknown);
    }
  }

  private static Refusal unknown(List<String> ids) {
    String text =
        ids.size() == 1
            ? "The instance ID '" + ids.getFirst() + "' does not exist"
            : "The instance IDs '" + String.join(", ", ids) + "' do not exist";
    return new Refusal("InvalidInstanceID.NotFound", text);
  }

  private static String newId(String prefix) {
    return prefix + "0%016x".formatted(ThreadLocalRandom.current().nextLong());
  }
}
