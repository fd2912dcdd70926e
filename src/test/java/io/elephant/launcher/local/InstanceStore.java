package io.elephant.launcher.local;

import io.elephant.launcher.fake.Ec2Error;
import io.elephant.launcher.fake.Ec2Instance;
import io.elephant.launcher.fake.Ec2Model;
import io.elephant.launcher.fake.InstanceView;
import io.elephant.launcher.fake.StartAnswer;
import io.elephant.launcher.fake.StartRequest;
import io.elephant.launcher.fake.StartRequest.Pool;
import io.elephant.launcher.local.Instance.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The model of EC2 for one account and region, its subnets, and a lock around them. */
final class InstanceStore implements Ec2Model.Chances {

  /** What the model does not know of an instance. */
  private record Launched(Launch launch, Subnet subnet, int afterDescribes) {}

  private final Ec2Model ec2 = new Ec2Model(Clock.systemUTC()::millis, this, _ -> newId());
  private final Map<String, Subnet> subnets = new LinkedHashMap<>();
  private final Map<String, Launched> launched = new HashMap<>();
  private final Set<String> fullZones = new HashSet<>();
  private int lagCalls;
  private int describes;
  private boolean deadInstancesAnswer;

  InstanceStore(List<Subnet> subnets) {
    subnets.forEach(subnet -> this.subnets.put(subnet.id(), subnet));
  }

  private static String newId() {
    return "i-0%016x".formatted(ThreadLocalRandom.current().nextLong());
  }

  @Override
  public long lag(Ec2Instance instance, long now) {
    Launched one = launched.get(instance.id());
    boolean isShown = one != null && describes - one.afterDescribes() > lagCalls;
    return isShown ? 0 : now - instance.started() + 1;
  }

  @Override
  public boolean bindsRefused() {
    return false;
  }

  @Override
  public boolean bringsDeadBack() {
    return deadInstancesAnswer;
  }

  synchronized void change(Consumer<Ec2Model> change) {
    change.accept(ec2);
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

  synchronized void age(Duration by) {
    ec2.instances().forEach(one -> one.age(by.toMillis()));
  }

  synchronized void setLag(int calls) {
    lagCalls = calls;
  }

  synchronized void setDeadInstancesAnswer(boolean answer) {
    deadInstancesAnswer = answer;
  }

  synchronized void stop(String id) {
    ec2.stop(instance(id), Optional.of(Ec2Model.USER), "User initiated");
  }

  /** The instance ends of itself. */
  synchronized void end(String id, Optional<Ec2Error> why, String oldReason) {
    ec2.end(instance(id), why, oldReason);
  }

  /** All instances, dead ones too, in the order in which they were launched. */
  synchronized List<Instance> instances() {
    return ec2.instances().stream().map(ec2::now).map(this::shown).toList();
  }

  /**
   * The instances as DescribeInstances shows them.
   *
   * @param ids the instances asked for by id; all of them, if there are none
   */
  synchronized List<Instance> describe(List<String> ids, Predicate<Instance> filter) {
    describes++;
    List<Instance> shown = ec2.describe().stream().map(this::shown).toList();
    List<String> known = shown.stream().map(Instance::id).toList();
    ids.stream()
        .filter(id -> !known.contains(id))
        .findFirst()
        .ifPresent(id -> {
          throw unknown(id);
        });
    return shown.stream()
        .filter(instance -> ids.isEmpty() || ids.contains(instance.id()))
        .filter(filter)
        .toList();
  }

  /**
   * Terminates all of these, or none if one is refused; one that is dead already is fine.
   *
   * @return the instances as they were before
   */
  synchronized List<Instance> terminate(List<String> ids) {
    for (String id : ids) {
      ec2.refusesToTerminate(id)
          .ifPresent(error -> {
            throw new Refusal(error.code(), error.message());
          });
    }
    List<Instance> before = ids.stream().map(id -> shown(ec2.now(instance(id)))).toList();
    ids.forEach(ec2::terminate);
    return before;
  }

  /**
   * Launches what was asked for, or answers what its token has launched before.
   *
   * @param decision called right before something new is launched; throws if that is refused
   */
  synchronized Instance launch(Launch launch, Runnable decision) {
    Subnet subnet = subnet(launch.subnetId());
    Pool pool = new Pool(subnet.zone(), launch.type());
    String token = launch.token() == null ? "" : launch.token();
    StartRequest request = new StartRequest(token, pool, launch.identity(), launch.tags());
    StartAnswer answer =
        ec2.start(
            request,
            () -> {
              decision.run();
              ec2.setFull(pool, fullZones.contains(pool.zone()));
              requireAddress(subnet(launch.subnetId()));
            });
    return switch (answer) {
      case StartAnswer.Refused(Ec2Error error) -> throw new Refusal(error.code(), error.message());
      case StartAnswer.Started(Ec2Instance instance, boolean isNew) -> {
        if (isNew) {
          launched.put(instance.id(), new Launched(launch, subnet, describes));
          setFreeAddresses(subnet.id(), subnet(subnet.id()).freeAddresses() - 1);
        }
        yield shown(ec2.now(instance));
      }
    };
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

  private static void requireAddress(Subnet subnet) {
    if (subnet.freeAddresses() < 1) {
      throw new Refusal(
          "InsufficientFreeAddressesInSubnet",
          "There are not enough free addresses in subnet '%s' to satisfy the requested number of"
                  .formatted(subnet.id())
              + " instances.");
    }
  }

  private Instance shown(InstanceView view) {
    Launched one = Optional.ofNullable(launched.get(view.id())).orElseThrow();
    return new Instance(
        view.id(),
        one.subnet(),
        one.launch().type(),
        one.launch().imageId(),
        one.launch().token(),
        view.tags(),
        one.launch().request(),
        Instant.ofEpochMilli(view.launched()),
        view.state(),
        view.reason().map(why -> new Reason(why.code(), why.message())).orElse(null),
        view.oldReason());
  }

  private Subnet subnet(String id) {
    Subnet subnet = subnets.get(id);
    if (subnet == null) {
      throw new Refusal("InvalidSubnetID.NotFound", "The subnet ID '" + id + "' does not exist");
    }
    return subnet;
  }

  private Ec2Instance instance(String id) {
    return ec2.instance(id).orElseThrow(() -> unknown(id));
  }

  private static Refusal unknown(String id) {
    return new Refusal(Ec2Model.UNKNOWN_ID, "The instance ID '" + id + "' does not exist");
  }
}
