package io.elephant.launcher.local;

import com.sun.net.httpserver.Headers;
import io.elephant.launcher.fake.Ec2Instance;
import io.elephant.launcher.fake.Ec2Model;
import io.elephant.launcher.fake.InstanceView;
import io.elephant.launcher.fake.InstanceView.State;
import io.elephant.launcher.fake.StartAnswer;
import io.elephant.launcher.fake.StartRequest;
import io.elephant.launcher.fake.StartRequest.Pool;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.InstanceStateChange;
import software.amazon.awssdk.services.ec2.model.Subnet;

/**
 * EC2 on this machine: the EC2 Query protocol over HTTP, with the rules that decide whether a
 * meeting gets one instance or two.
 *
 * <p>What is to go wrong is said to its {@link #script()}, what the account is like by the methods
 * here and by its {@link #inventory()}; all of it may change at any time, and from any thread.
 */
public final class Ec2StandIn extends StandIn implements Ec2Model.Chances {

  /** What the model does not know of an instance. */
  private record Launched(Ec2Query request, Subnet subnet, int afterLooks) {}

  private static final io.elephant.launcher.failure.Refusal HOST_FAILED =
      new io.elephant.launcher.failure.Refusal("Server.InternalError", "Internal error on launch");

  private final Object lock = new Object();
  private volatile Inventory inventory = new Inventory();
  private Ec2Model ec2 = newModel();
  private final Map<String, Launched> launched = new HashMap<>();
  private int looks;
  private int lagLooks;
  private volatile int pageSize = Ec2Description.LARGEST_PAGE;

  public Ec2StandIn() {
    this(0, null);
  }

  Ec2StandIn(int port, @Nullable SSLContext tls) {
    super(port, tls);
  }

  private Ec2Model newModel() {
    return new Ec2Model(
        Clock.systemUTC()::millis,
        this,
        _ -> "i-0%016x".formatted(ThreadLocalRandom.current().nextLong()));
  }

  @Override
  public long lag(Ec2Instance instance, long now) {
    Launched one = launched.get(instance.id());
    boolean isShown = one != null && looks - one.afterLooks() > lagLooks;
    return isShown ? 0 : now - instance.started() + 1;
  }

  @Override
  public boolean bringsDeadBack() {
    return false;
  }

  /** Launches into this zone, for the script's {@code where}. */
  public Predicate<Call> inZone(String zone) {
    return call -> {
      String subnet = call.parameters().getOrDefault("SubnetId", "");
      return inventory.subnets().containsKey(subnet)
          && inventory.subnet(subnet).availabilityZone().equals(zone);
    };
  }

  public static Predicate<Call> ofType(String type) {
    return call -> type.equals(call.parameters().get("InstanceType"));
  }

  public static Predicate<Call> forRole(String role) {
    return call -> role.equals(new Ec2Query(call.parameters()).tags("instance").get("Role"));
  }

  public Script.Sentence onLaunch(String role) {
    return on("RunInstances").where(forRole(role));
  }

  public static Predicate<Call> withToken(String token) {
    return call -> token.equals(call.parameters().get("ClientToken"));
  }

  /** From now on the zone has no capacity for anything new. */
  public void fill(String zone) {
    on("RunInstances").where(inZone(zone)).refuse("InsufficientInstanceCapacity");
  }

  /** How many more instances fit into a subnet. */
  public void setFreeAddresses(String subnetId, int count) {
    inventory
        .subnets()
        .computeIfPresent(
            subnetId, (_, was) -> was.toBuilder().availableIpAddressCount(count).build());
  }

  public void removeDefaultSubnet(String zone) {
    inventory
        .subnets()
        .values()
        .removeIf(subnet -> subnet.defaultForAz() && subnet.availabilityZone().equals(zone));
  }

  public Inventory inventory() {
    return inventory;
  }

  /** Every instance that there is was launched so much earlier. */
  public void age(Duration by) {
    change(model -> model.instances().forEach(one -> one.age(by.toMillis())));
  }

  /** The next so many calls of DescribeInstances after a launch do not show it yet. */
  public void setLag(int calls) {
    synchronized (lock) {
      lagLooks = calls;
    }
  }

  /** Pages of a Describe action hold no more than this, whatever was asked for. */
  public void setPageSize(int size) {
    pageSize = size;
  }

  /** From now on it takes no more requests than these buckets give tokens for. */
  public void throttle(RequestBuckets buckets) {
    script().onEveryCall().beforeWork(buckets::admit);
  }

  public void stop(String instanceId) {
    change(model -> model.stop(known(instanceId), Optional.of(Ec2Model.USER), "User initiated"));
  }

  /** Ends an instance, as if its host had failed. */
  public void terminate(String instanceId) {
    terminate(instanceId, HOST_FAILED);
  }

  public void terminate(String instanceId, io.elephant.launcher.failure.Refusal reason) {
    change(model -> model.end(known(instanceId), Optional.of(reason), reason.code()));
  }

  public void change(Consumer<Ec2Model> change) {
    synchronized (lock) {
      change.accept(ec2);
    }
  }

  /** All instances there ever were, in the order in which they were launched. */
  public List<Instance> instances() {
    synchronized (lock) {
      return ec2.instances().stream().map(ec2::now).map(this::shown).toList();
    }
  }

  public List<Instance> live() {
    return instances().stream().filter(Instance::isLive).toList();
  }

  public List<Instance> live(String role) {
    return live().stream().filter(instance -> role.equals(instance.tag("Role"))).toList();
  }

  @Override
  List<Permission> permissions() {
    return Ec2Permissions.of(calls(), instances());
  }

  /** An account with nothing in it, in which nothing goes wrong, at the same endpoint. */
  @Override
  public void reset() {
    super.reset();
    synchronized (lock) {
      inventory = new Inventory();
      ec2 = newModel();
      launched.clear();
      looks = 0;
      lagLooks = 0;
    }
    pageSize = Ec2Description.LARGEST_PAGE;
  }

  @Override
  Answer answer(Call call, Headers headers, Consumer<Call> decision) {
    var query = new Ec2Query(call.parameters());
    if (!call.action().equals("RunInstances")) {
      decision.accept(call);
    }
    synchronized (lock) {
      return switch (call.action()) {
        case "RunInstances" ->
            Ec2Xml.response(
                call.action(),
                Map.of("instancesSet", List.of(run(query, () -> decision.accept(call)).toSdk())));
        case "TerminateInstances" ->
            Ec2Xml.response(
                call.action(), Map.of("instancesSet", terminate(query.values("InstanceId"))));
        case "DescribeInstances" -> {
          looks++;
          List<Instance> shown = ec2.describe().stream().map(this::shown).toList();
          yield new Ec2Description(query, pageSize).ofInstances(shown);
        }
        default -> new Ec2Description(query, pageSize).of(call.action(), inventory);
      };
    }
  }

  @Override
  Answer answer(Refusal refusal) {
    return Ec2Xml.error(refusal);
  }

  /**
   * Launches what was asked for, or answers what its token has launched before.
   *
   * @param decision called right before something new is launched; throws if that is refused
   */
  private Instance run(Ec2Query query, Runnable decision) {
    if (query.number("MinCount", 0) != 1 || query.number("MaxCount", 0) != 1) {
      throw Refusal.invalid("This stand-in starts one instance at a time");
    }
    inventory.requireFor(query);
    Subnet subnet = inventory.subnet(query.required("SubnetId"));
    Pool pool = new Pool(subnet.availabilityZone(), query.required("InstanceType"));
    if (query.value("DryRun").filter("true"::equals).isPresent()) {
      decision.run();
      throw new Refusal("DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
    }
    StartRequest request =
        new StartRequest(
            query.value("ClientToken").orElse(""), pool, query.identity(), query.tags("instance"));
    StartAnswer answer =
        ec2.start(
            request,
            () -> {
              decision.run();
              if (inventory.subnet(subnet.subnetId()).availableIpAddressCount() < 1) {
                throw new Refusal(
                    "InsufficientFreeAddressesInSubnet",
                    "There are not enough free addresses in subnet " + subnet.subnetId());
              }
            });
    return switch (answer) {
      case StartAnswer.Refused(var error) -> throw new Refusal(error.code(), error.message());
      case StartAnswer.Started(Ec2Instance instance, boolean isNew) -> {
        if (isNew) {
          launched.put(instance.id(), new Launched(query, subnet, looks));
          setFreeAddresses(subnet.subnetId(), subnet.availableIpAddressCount() - 1);
        }
        yield shown(ec2.now(instance));
      }
    };
  }

  /** Terminates all of these, or none if one is refused; one that is dead already is fine. */
  private List<InstanceStateChange> terminate(List<String> ids) {
    for (String id : ids) {
      ec2.refusesToTerminate(id)
          .ifPresent(error -> {
            throw new Refusal(error.code(), error.message());
          });
    }
    return ids.stream()
        .map(id -> {
          State before = ec2.now(known(id)).state();
          ec2.terminate(id);
          return InstanceStateChange.builder()
              .instanceId(id)
              .previousState(Instance.toSdk(before))
              .currentState(
                  Instance.toSdk(before == State.TERMINATED ? before : State.SHUTTING_DOWN))
              .build();
        })
        .toList();
  }

  private Instance shown(InstanceView view) {
    Launched one = Optional.ofNullable(launched.get(view.id())).orElseThrow();
    return new Instance(view, one.subnet(), one.request().parameters());
  }

  private Ec2Instance known(String id) {
    return ec2.instance(id).orElseThrow();
  }
}
