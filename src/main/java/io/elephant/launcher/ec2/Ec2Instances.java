package io.elephant.launcher.ec2;

import io.elephant.launcher.aws.AwsError;
import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.id.Zone;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.TaggedInstance;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * The instances on Amazon EC2. The client repeats what asks and what terminates; RunInstances is
 * repeated by the launch protocol alone, see {@link RunRequest}.
 */
@Singleton
public final class Ec2Instances implements Instances {

  private static final Set<InstanceStateName> DEAD =
      Set.of(InstanceStateName.SHUTTING_DOWN, InstanceStateName.TERMINATED);

  /** What EC2 says of an id that it has never given out, or has forgotten by now. */
  private static final String UNKNOWN_INSTANCE = "InvalidInstanceID.NotFound";

  private final Ec2Client ec2;
  private final Stack stack;

  public Ec2Instances(Ec2Client ec2, Stack stack) {
    this.ec2 = ec2;
    this.stack = stack;
  }

  @Override
  public List<Subnet> subnets(Collection<Zone> zones) {
    DescribeSubnetsRequest request =
        DescribeSubnetsRequest.builder()
            .filters(
                filter("default-for-az", "true"),
                filter("availability-zone", zones.stream().map(Zone::name).toList()))
            .build();
    return call(
        "DescribeSubnets",
        () ->
            ec2.describeSubnetsPaginator(request).subnets().stream()
                .map(found -> new Subnet(found.subnetId(), new Zone(found.availabilityZone())))
                .toList());
  }

  @Override
  public RunResult run(Attempt attempt) {
    try {
      List<Instance> instances = ec2.runInstances(RunRequest.of(attempt)).instances();
      return instances.isEmpty()
          ? new RunResult.Unclear(new Refusal("NoInstance", "the answer names no instance"))
          : result(instances.getFirst());
    } catch (SdkException e) {
      return result(e);
    }
  }

  @Override
  public Optional<InstanceId> find(Attempt attempt) {
    LaunchRequest request = attempt.request();
    return describe(
            filter("client-token", attempt.token().value()),
            filter("availability-zone", request.candidate().subnet().zone().name()),
            tag("MeetingID", request.tags().getOrDefault("MeetingID", "")),
            tag("Role", request.tags().getOrDefault("Role", "")))
        .stream()
        .map(instance -> new InstanceId(instance.instanceId()))
        .findFirst();
  }

  @Override
  public List<TaggedInstance> machines() {
    return describe(
            tag("Project", stack.project()),
            tag(InstanceTemplate.STACK_TAG, stack.name()),
            filter("tag-key", "MeetingID"),
            filter("tag-key", "Role"))
        .stream()
        .flatMap(instance -> tagged(instance).stream())
        .toList();
  }

  /** One call an instance, because one id that EC2 does not know fails a call for all. */
  @Override
  public void terminate(Collection<InstanceId> instances) {
    List<InstancesFailed> failures = new ArrayList<>();
    for (InstanceId instance : instances) {
      try {
        call(
            "TerminateInstances of " + instance,
            () -> ec2.terminateInstances(request -> request.instanceIds(instance.value())));
      } catch (InstancesFailed e) {
        if (!e.refusal().code().equals(UNKNOWN_INSTANCE)) {
          failures.add(e);
        }
      }
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
  }

  private List<Instance> describe(Filter... filters) {
    List<Filter> all = new ArrayList<>(List.of(filters));
    all.add(filter("instance-state-name", "pending", "running", "stopping", "stopped"));
    DescribeInstancesRequest request = DescribeInstancesRequest.builder().filters(all).build();
    return call(
        "DescribeInstances",
        () ->
            ec2.describeInstancesPaginator(request).reservations().stream()
                .flatMap(reservation -> reservation.instances().stream())
                .toList());
  }

  /** Nothing for tags that this function cannot have written. */
  private static Optional<TaggedInstance> tagged(Instance instance) {
    Map<String, String> tags =
        instance.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value));
    try {
      return Optional.of(
          new TaggedInstance(
              new InstanceId(instance.instanceId()),
              new MeetingId(tags.getOrDefault("MeetingID", "")),
              new Role(tags.getOrDefault("Role", "")),
              instance.launchTime()));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** A repeated token can also bring back its instance in the state that it has come to since. */
  private static RunResult result(Instance instance) {
    InstanceId id = new InstanceId(instance.instanceId());
    boolean dead =
        Optional.ofNullable(instance.state())
            .filter(state -> DEAD.contains(state.name()))
            .isPresent();
    return dead
        ? new RunResult.Dead(new Refusal("InstanceTerminated", id + " is no longer running"))
        : new RunResult.Started(id);
  }

  private static RunResult result(SdkException e) {
    AwsError error = AwsError.of(e);
    return switch (error.meaning()) {
      case UNCLEAR -> new RunResult.Unclear(error.refusal());
      case NO_CAPACITY -> new RunResult.NoCapacity(error.refusal());
      case OVER_QUOTA -> new RunResult.OverQuota(error.refusal());
      case DEAD -> new RunResult.Dead(error.refusal());
      case OTHER_REQUEST -> new RunResult.OtherRequest(error.refusal());
      case REFUSED -> new RunResult.Refused(error.refusal());
    };
  }

  private static <T> T call(String action, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      throw new InstancesFailed(action, AwsError.of(e).refusal(), e);
    }
  }

  private static Filter tag(String key, String value) {
    return filter("tag:" + key, value);
  }

  static Filter filter(String name, String... values) {
    return filter(name, List.of(values));
  }

  static Filter filter(String name, Collection<String> values) {
    return Filter.builder().name(name).values(values).build();
  }
}
