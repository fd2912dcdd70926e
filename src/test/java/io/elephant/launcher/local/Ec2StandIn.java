package io.elephant.launcher.local;

import com.sun.net.httpserver.Headers;
import io.elephant.launcher.fake.Ec2Error;
import io.elephant.launcher.fake.Ec2Model;
import io.elephant.launcher.fake.InstanceView.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * EC2 on this machine: the EC2 Query protocol over HTTP, with the rules that decide whether a
 * meeting gets one instance or two.
 *
 * <p>It knows RunInstances, its dry run, TerminateInstances and what there is to look at before and
 * after, and answers anything else with AWS's own error. What is to go wrong is said to its {@link
 * #script()}, what the account is like by the methods here and by its {@link #inventory()}; all of
 * it may change at any time, and from any thread.
 */
public final class Ec2StandIn extends StandIn {

  private static final int LARGEST_PAGE = 1000;
  private static final int SMALLEST_PAGE = 5;

  private final List<Subnet> subnets = Subnet.ofUsWest2();
  private volatile InstanceStore store = new InstanceStore(subnets);
  private volatile Inventory inventory = new Inventory();
  private final Random order = new Random();
  private volatile int pageSize = LARGEST_PAGE;

  /** Starts EC2 for an ordinary account, over HTTP. */
  public Ec2StandIn() {
    this(0, null);
  }

  Ec2StandIn(int port, @Nullable SSLContext tls) {
    super(port, tls);
  }

  /** Launches into this zone, for the script's {@code where}. */
  public Predicate<Call> inZone(String zone) {
    return call ->
        subnets.stream()
            .filter(subnet -> subnet.zone().equals(zone))
            .anyMatch(subnet -> subnet.id().equals(call.parameters().get("SubnetId")));
  }

  /** Launches of this instance type, for the script's {@code where}. */
  public static Predicate<Call> ofType(String type) {
    return call -> type.equals(call.parameters().get("InstanceType"));
  }

  /** Launches tagged with this role, for the script's {@code where}. */
  public static Predicate<Call> forRole(String role) {
    return call -> role.equals(new Ec2Query(call.parameters()).tags("instance").get("Role"));
  }

  /** Launches with this client token, for the script's {@code where}. */
  public static Predicate<Call> withToken(String token) {
    return call -> token.equals(call.parameters().get("ClientToken"));
  }

  /** From now on the zone has no capacity for anything new. */
  public void fill(String zone) {
    store.setFull(zone, true);
  }

  /** From now on the zone has capacity again. */
  public void free(String zone) {
    store.setFull(zone, false);
  }

  /** How many more instances fit into a subnet. */
  public void setFreeAddresses(String subnetId, int count) {
    store.setFreeAddresses(subnetId, count);
  }

  /** Deletes a zone's default subnet. */
  public void removeDefaultSubnet(String zone) {
    store.removeDefaultSubnet(zone);
  }

  /** What there is to launch from. */
  public Inventory inventory() {
    return inventory;
  }

  /** Every instance that there is was launched so much earlier. */
  public void age(Duration by) {
    store.age(by);
  }

  /** The next so many calls of DescribeInstances after a launch do not show it yet. */
  public void setLag(int calls) {
    store.setLag(calls);
  }

  /**
   * Whether the token of a dead instance answers that instance instead of {@code
   * IdempotentInstanceTerminated}. AWS has been seen to do both. At first, it does not.
   */
  public void setDeadInstancesAnswer(boolean answer) {
    store.setDeadInstancesAnswer(answer);
  }

  /** Pages of a Describe action hold no more than this, whatever was asked for. */
  public void setPageSize(int size) {
    pageSize = size;
  }

  /** Stops an instance, as a person does. */
  public void stop(String instanceId) {
    store.stop(instanceId);
  }

  /** From now on it takes no more requests than these buckets give tokens for. */
  public void throttle(RequestBuckets buckets) {
    script().onEveryCall().beforeWork(buckets::admit);
  }

  /** Ends an instance, as if its host had failed. */
  public void terminate(String instanceId) {
    terminate(instanceId, Instance.Reason.HOST_FAILED);
  }

  /** Ends an instance for this reason. */
  public void terminate(String instanceId, Instance.Reason reason) {
    store.end(
        instanceId, Optional.of(new Ec2Error(reason.code(), reason.message())), reason.code());
  }

  /** Ends an instance for a reason that only its state's transition tells. */
  public void terminateByOldReason(String instanceId, String why) {
    store.end(instanceId, Optional.empty(), why);
  }

  /** Changes what the account's EC2 does, or one of its instances. */
  public void change(Consumer<Ec2Model> change) {
    store.change(change);
  }

  /** All instances there ever were, in the order in which they were launched. */
  public List<Instance> instances() {
    return store.instances();
  }

  /** The instances that run, or will. */
  public List<Instance> live() {
    return instances().stream().filter(Instance::isLive).toList();
  }

  @Override
  List<Permission> permissions() {
    var permissions = new Ec2Permissions(subnets, instances());
    return calls().stream().flatMap(call -> permissions.of(call).stream()).toList();
  }

  /** An account with nothing in it, in which nothing goes wrong, at the same endpoint. */
  @Override
  public void reset() {
    super.reset();
    store = new InstanceStore(subnets);
    inventory = new Inventory();
    pageSize = LARGEST_PAGE;
  }

  @Override
  Answer answer(Call call, Headers headers, Consumer<Call> decision) {
    var query = new Ec2Query(call.parameters());
    if (!call.action().equals("RunInstances")) {
      decision.accept(call);
    }
    return switch (call.action()) {
      case "RunInstances" -> {
        Launch launch = Launch.of(query);
        inventory.requireFor(launch);
        Runnable decide = () -> decision.accept(call);
        if (launch.isDryRun()) {
          throw store.dryRun(launch, decide);
        }
        yield Ec2Xml.response(
            "RunInstances", Ec2Description.reservation(store.launch(launch, decide)));
      }
      case "DescribeVpcs" -> describe(Ec2Description.VPCS, Vpc.of(store.subnets()), query);
      case "DescribeSubnets" -> {
        List<String> ids = query.values("SubnetId");
        List<Subnet> subnets = new ArrayList<>(store.subnets());
        subnets.removeIf(subnet -> !ids.isEmpty() && !ids.contains(subnet.id()));
        if (page(query).size() >= subnets.size()) {
          Collections.shuffle(subnets, order);
        }
        yield describe(Ec2Description.SUBNETS, subnets, query);
      }
      case "DescribeInstances" -> describeInstances(query);
      case "DescribeAvailabilityZones" -> {
        boolean all = query.value("AllAvailabilityZones").filter("true"::equals).isPresent();
        List<Inventory.ZoneState> zones = new ArrayList<>(inventory.zones().values());
        zones.removeIf(zone -> !all && zone.optInStatus().equals("not-opted-in"));
        yield describe(Ec2Description.ZONES, zones, query);
      }
      case "DescribeImages" ->
          describe(Ec2Description.IMAGES, inventory.images(query.values("ImageId")), query);
      case "DescribeKeyPairs" ->
          describe(Ec2Description.KEY_PAIRS, inventory.keyPairs(query.values("KeyName")), query);
      case "DescribeSecurityGroups" ->
          describe(
              Ec2Description.SECURITY_GROUPS,
              List.copyOf(inventory.securityGroups().values()),
              query);
      case "DescribeInstanceTypes" ->
          describe(
              Ec2Description.INSTANCE_TYPES,
              List.copyOf(inventory.instanceTypes().values()),
              query);
      case "DescribeInstanceTypeOfferings" -> {
        String location = query.value("LocationType").orElse("region");
        if (!location.equals("availability-zone")) {
          throw Refusal.invalid("This stand-in knows no offerings by " + location);
        }
        yield describe(Ec2Description.OFFERINGS, inventory.offerings(), query);
      }
      case "TerminateInstances" -> {
        query.required("InstanceId.1");
        yield Ec2Xml.response(
            "TerminateInstances",
            Ec2Xml.fields(
                "instancesSet",
                store.terminate(query.values("InstanceId")).stream()
                    .map(before ->
                        Ec2Xml.fields(
                            "instanceId", before.id(),
                            "currentState", Ec2Description.state(after(before.state())),
                            "previousState", Ec2Description.state(before.state())))
                    .toList()));
      }
      case "" -> throw new Refusal("MissingAction", "The request is missing an action.");
      default ->
          throw new Refusal(
              "InvalidAction",
              "The action " + call.action() + " is not valid for this web service.");
    };
  }

  @Override
  Answer answer(Refusal refusal) {
    return Ec2Xml.error(refusal);
  }

  private static State after(State before) {
    return before == State.TERMINATED ? before : State.SHUTTING_DOWN;
  }

  private <T> Answer describe(Ec2Description<T> description, List<T> all, Ec2Query query) {
    return description.of(page(query).of(all.stream().filter(description.filter(query)).toList()));
  }

  private Answer describeInstances(Ec2Query query) {
    List<String> ids = query.values("InstanceId");
    if (!ids.isEmpty() && query.value("MaxResults").isPresent()) {
      throw new Refusal(
          "InvalidParameterCombination",
          "The parameter instancesSet cannot be used with the parameter maxResults");
    }
    List<Instance> found = store.describe(ids, Ec2Description.INSTANCES.filter(query));
    return Ec2Description.ofInstances(page(query).of(found));
  }

  private Paging page(Ec2Query query) {
    int asked = query.number("MaxResults", LARGEST_PAGE);
    if (asked < SMALLEST_PAGE || asked > LARGEST_PAGE) {
      throw Refusal.invalid(
          "Value ( %d ) for parameter maxResults is invalid. Expecting a value between %d and %d."
              .formatted(asked, SMALLEST_PAGE, LARGEST_PAGE));
    }
    return new Paging(Math.min(asked, pageSize), query.number("NextToken", 0));
  }
}
