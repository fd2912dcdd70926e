package io.elephant.launcher.local;

import com.sun.net.httpserver.Headers;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * EC2 on this machine: the EC2 Query protocol over HTTP, with the rules that decide whether a
 * meeting gets one machine or two.
 *
 * <p>It knows RunInstances, its dry run, TerminateInstances and what there is to look at before and
 * after, and answers anything else with AWS's own error. What is to go wrong is said to its {@link
 * #script()}, what the account is like by the methods here and by its {@link #inventory()}; all of
 * it may change at any time, and from any thread.
 */
public final class Ec2StandIn implements AutoCloseable {

  private static final int LARGEST_PAGE = 1000;
  private static final int SMALLEST_PAGE = 5;

  private final List<Subnet> subnets;
  private final ScriptedServer server;
  private volatile InstanceStore fleet;
  private volatile Inventory inventory = new Inventory();
  private volatile Random order = new Random();
  private volatile int pageSize = LARGEST_PAGE;

  private Ec2StandIn(List<Subnet> subnets, @Nullable SSLContext tls) {
    this.subnets = List.copyOf(subnets);
    this.fleet = new InstanceStore(subnets);
    this.server = new ScriptedServer(new QueryApi(), tls);
  }

  /** Starts EC2 for an ordinary account, over HTTP. */
  public static Ec2StandIn start() {
    return new Ec2StandIn(Subnet.ofUsWest2(), null);
  }

  /** Starts EC2 for an account with these subnets, over HTTP. */
  public static Ec2StandIn start(List<Subnet> subnets) {
    return new Ec2StandIn(subnets, null);
  }

  /** Starts EC2 for an account with these subnets, over HTTP, or over HTTPS with a certificate. */
  static Ec2StandIn start(List<Subnet> subnets, @Nullable SSLContext tls) {
    return new Ec2StandIn(subnets, tls);
  }

  /** Where it listens: the value for {@code AWS_ENDPOINT_URL_EC2}. */
  public URI endpoint() {
    return server.endpoint();
  }

  /** What is to go wrong. */
  public Script script() {
    return server.script();
  }

  /** Shorthand for a sentence of the script about one action. */
  public Script.Sentence on(String action) {
    return script().on(action);
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
    fleet.setFull(zone, true);
  }

  /** From now on the zone has capacity again. */
  public void free(String zone) {
    fleet.setFull(zone, false);
  }

  /** How many more instances fit into a subnet. */
  public void setFreeAddresses(String subnetId, int count) {
    fleet.setFreeAddresses(subnetId, count);
  }

  /** Deletes a zone's default subnet. */
  public void removeDefaultSubnet(String zone) {
    fleet.removeDefaultSubnet(zone);
  }

  /** What there is to launch from. */
  public Inventory inventory() {
    return inventory;
  }

  /** How long an instance that is launched from now on stays pending; at first, not at all. */
  public void setStartsWithin(Duration duration) {
    fleet.setStartsWithin(duration);
  }

  /** How long an instance that is terminated from now on takes to be gone; at first, no time. */
  public void setEndsWithin(Duration duration) {
    fleet.setEndsWithin(duration);
  }

  /** DescribeInstances shows the world as it was so long ago: AWS is eventually consistent. */
  public void setLag(Duration lag) {
    fleet.setLag(lag);
  }

  /** The next so many calls of DescribeInstances after a launch do not show it yet. */
  public void setLag(int calls) {
    fleet.setLag(calls);
  }

  /** Whether a launch that was refused binds its token to its parameters. At first, it does not. */
  public void setRefusalsBindTokens(boolean bind) {
    fleet.setRefusalsBindTokens(bind);
  }

  /**
   * Whether the token of a dead instance answers that instance instead of {@code
   * IdempotentInstanceTerminated}. AWS has been seen to do both. At first, it does not.
   */
  public void setDeadInstancesAnswer(boolean answer) {
    fleet.setDeadInstancesAnswer(answer);
  }

  /** Pages of a Describe action hold no more than this, whatever was asked for. */
  public void setPageSize(int size) {
    pageSize = size;
  }

  /** Makes the order in which AWS lists subnets, which is none, repeatable. */
  public void setSeed(long seed) {
    order = new Random(seed);
  }

  /** Kills an instance, as if its machine had failed. */
  public void terminate(String instanceId) {
    fleet.terminate(List.of(instanceId));
  }

  /** All instances there ever were, in the order in which they were launched. */
  public List<Instance> instances() {
    return fleet.instances();
  }

  /** The instances that run, or will. */
  public List<Instance> live() {
    return instances().stream().filter(Instance::isLive).toList();
  }

  /** All calls there were, in the order in which they arrived. */
  public List<Call> calls() {
    return server.calls();
  }

  /** All calls of one action, in the order in which they arrived. */
  public List<Call> calls(String action) {
    return calls().stream().filter(call -> call.action().equals(action)).toList();
  }

  /** What the calls so far had to be allowed. */
  List<Permission> permissions() {
    var permissions = new Ec2Permissions(subnets, instances());
    return calls().stream().flatMap(call -> permissions.of(call).stream()).toList();
  }

  /** An account with nothing in it, in which nothing goes wrong, at the same endpoint. */
  public void reset() {
    server.reset();
    fleet = new InstanceStore(subnets);
    inventory = new Inventory();
    pageSize = LARGEST_PAGE;
  }

  @Override
  public void close() {
    server.close();
  }

  /** The actions, from their parameters to their XML. */
  private final class QueryApi implements Service {

    @Override
    public Request read(Headers headers, String body) {
      Ec2Query query = Ec2Query.ofForm(body);
      return new Request(query.value("Action").orElse(""), query.parameters());
    }

    @Override
    public Answer answer(Call call, Headers headers, Consumer<Call> decision) {
      var query = new Ec2Query(call.parameters());
      return switch (call.action()) {
        case "RunInstances" -> {
          Launch launch = Launch.of(query);
          Runnable decide =
              () -> {
                decision.accept(call);
                inventory.requireFor(launch);
              };
          if (launch.isDryRun()) {
            throw fleet.rehearse(launch, decide);
          }
          yield Ec2Answers.launched(fleet.launch(launch, decide));
        }
        case "DescribeVpcs" -> {
          decision.accept(call);
          yield Ec2Answers.vpcs(
              page(query)
                  .of(Vpc.of(fleet.subnets()).stream().filter(Ec2Filters.VPCS.of(query)).toList()));
        }
        case "DescribeSubnets" -> {
          decision.accept(call);
          yield describeSubnets(query);
        }
        case "DescribeInstances" -> {
          decision.accept(call);
          yield describeInstances(query);
        }
        case "DescribeAvailabilityZones" -> {
          decision.accept(call);
          boolean all = query.value("AllAvailabilityZones").filter("true"::equals).isPresent();
          yield Ec2Answers.zones(
              filtered(inventory.zones(), Ec2Filters.ZONES, query).stream()
                  .filter(zone -> all || !zone.optInStatus().equals("not-opted-in"))
                  .toList());
        }
        case "DescribeImages" -> {
          decision.accept(call);
          yield Ec2Answers.images(
              filtered(inventory.images(query.values("ImageId")), Ec2Filters.IMAGES, query));
        }
        case "DescribeKeyPairs" -> {
          decision.accept(call);
          yield Ec2Answers.keyPairs(
              filtered(inventory.keyPairs(query.values("KeyName")), Ec2Filters.KEY_PAIRS, query));
        }
        case "DescribeSecurityGroups" -> {
          decision.accept(call);
          yield Ec2Answers.securityGroups(
              page(query)
                  .of(filtered(inventory.securityGroups(), Ec2Filters.SECURITY_GROUPS, query)));
        }
        case "DescribeInstanceTypes" -> {
          decision.accept(call);
          yield Ec2Answers.instanceTypes(
              page(query)
                  .of(filtered(inventory.instanceTypes(), Ec2Filters.INSTANCE_TYPES, query)));
        }
        case "DescribeInstanceTypeOfferings" -> {
          decision.accept(call);
          yield Ec2Answers.offerings(
              page(query).of(filtered(offerings(query), Ec2Filters.OFFERINGS, query)));
        }
        case "TerminateInstances" -> {
          decision.accept(call);
          query.required("InstanceId.1");
          yield Ec2Answers.terminated(fleet.terminate(query.values("InstanceId")));
        }
        case "" -> throw new Refusal("MissingAction", "The request is missing an action.");
        default ->
            throw new Refusal(
                "InvalidAction",
                "The action " + call.action() + " is not valid for this web service.");
      };
    }

    @Override
    public Answer answer(Refusal refusal) {
      return Ec2Xml.error(refusal);
    }

    private List<Inventory.Offering> offerings(Ec2Query query) {
      String location = query.value("LocationType").orElse("region");
      if (!location.equals("availability-zone")) {
        throw Refusal.invalid("This stand-in knows no offerings by " + location);
      }
      return inventory.offerings();
    }

    private <T> List<T> filtered(List<T> all, Ec2Filters<T> filters, Ec2Query query) {
      return all.stream().filter(filters.of(query)).toList();
    }

    private Answer describeSubnets(Ec2Query query) {
      Predicate<Subnet> filter = Ec2Filters.SUBNETS.of(query);
      List<String> ids = query.values("SubnetId");
      var found =
          new ArrayList<>(
              fleet.subnets().stream()
                  .filter(subnet -> ids.isEmpty() || ids.contains(subnet.id()))
                  .filter(filter)
                  .toList());
      Paging page = page(query);
      if (page.size() >= found.size()) {
        Collections.shuffle(found, order);
      }
      return Ec2Answers.subnets(page.of(found));
    }

    private Answer describeInstances(Ec2Query query) {
      List<String> ids = query.values("InstanceId");
      if (!ids.isEmpty() && query.value("MaxResults").isPresent()) {
        throw new Refusal(
            "InvalidParameterCombination",
            "The parameter instancesSet cannot be used with the parameter maxResults");
      }
      List<Instance> found = fleet.describe(ids, Ec2Filters.INSTANCES.of(query));
      return Ec2Answers.instances(page(query).of(found));
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
}
