package io.elephant.launcher.aws;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.Ec2Response;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesRequest;

/**
 * The instances on Amazon EC2. The SDK repeats no call: the launch protocol does, which knows how
 * much time it has and how busy EC2 is.
 */
@Singleton
public final class Ec2Instances implements Instances {

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
    return pages("DescribeSubnets", ec2.describeSubnetsPaginator(request)).stream()
        .map(DescribeSubnetsResponse::subnets)
        .flatMap(List::stream)
        .map(found -> new Subnet(found.subnetId(), new Zone(found.availabilityZone())))
        .toList();
  }

  @Override
  public RunResult run(Attempt attempt) {
    try {
      return ec2.runInstances(RunRequest.of(attempt)).instances().stream()
          .flatMap(instance -> ShownInstance.read(instance).stream())
          .findFirst()
          .<RunResult>map(RunResult.Answered::new)
          .orElseGet(() ->
              new RunResult.Refused(
                  Verdict.UNCLEAR, new Refusal("NoAnswer", "the answer names no instance")));
    } catch (SdkException e) {
      AwsError error = error("RunInstances", e);
      return new RunResult.Refused(error.verdict(), error.refusal());
    }
  }

  @Override
  public List<Ec2Instance> ofMeeting(MeetingId meeting) {
    return ofThisStack(tag("MeetingID", meeting.value()));
  }

  @Override
  public List<Ec2Instance> ofStack() {
    return ofThisStack(
        filter("tag-key", "MeetingID"),
        filter("instance-state-name", "pending", "running", "stopping", "stopped"));
  }

  /** By the stack's own tag: an organization's tagger can rewrite {@code Project}. */
  private List<Ec2Instance> ofThisStack(Filter... filters) {
    List<Filter> all =
        Stream.concat(
                Stream.of(tag(InstanceTemplate.STACK_TAG, stack.name()), filter("tag-key", "Role")),
                Arrays.stream(filters))
            .toList();
    return describe(DescribeInstancesRequest.builder().filters(all).build()).stream()
        .flatMap(instance -> ShownInstance.read(instance).stream())
        .filter(instance -> instance.owner().isPresent())
        .toList();
  }

  @Override
  public Optional<Ec2Instance> find(InstanceId id) {
    Instance shown =
        describe(DescribeInstancesRequest.builder().instanceIds(id.value()).build()).stream()
            .findFirst()
            .orElseThrow(() ->
                new CallFailed(
                    "EC2 DescribeInstances",
                    Verdict.UNKNOWN_ID,
                    new Refusal("InvalidInstanceID.NotFound", id + " is not shown"),
                    null));
    return ShownInstance.read(shown).filter(_ -> ShownInstance.mayBeOf(shown, stack));
  }

  /**
   * Under a policy that asks for a tag, EC2 says {@code UnauthorizedOperation} of an id that it
   * does not know: there is no tag. Every id here was given or shown by EC2 a moment ago.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html">Eventual
   *     consistency in the Amazon EC2 API</a>
   */
  @Override
  public Termination terminate(InstanceId instance) {
    TerminateInstancesRequest request =
        TerminateInstancesRequest.builder().instanceIds(instance.value()).build();
    try {
      return ec2.terminateInstances(request).terminatingInstances().stream()
              .filter(change -> instance.value().equals(change.instanceId()))
              .anyMatch(change -> ShownInstance.isTerminated(change.currentState()))
          ? new Termination.Terminated()
          : new Termination.NotTerminated(
              Verdict.UNCLEAR,
              new Refusal("NoAnswer", "the answer does not say that it is terminated"));
    } catch (SdkException e) {
      AwsError error = error("TerminateInstances", e);
      return new Termination.NotTerminated(
          error.notPermitted() ? Verdict.UNKNOWN_ID : error.verdict(), error.refusal());
    }
  }

  private List<Instance> describe(DescribeInstancesRequest request) {
    return pages("DescribeInstances", ec2.describeInstancesPaginator(request)).stream()
        .map(DescribeInstancesResponse::reservations)
        .flatMap(List::stream)
        .flatMap(reservation -> reservation.instances().stream())
        .toList();
  }

  private static <T extends Ec2Response> List<T> pages(String action, Iterable<T> paginator) {
    List<T> pages = new ArrayList<>();
    try {
      for (T page : paginator) {
        if (page.responseMetadata().requestId().equals("UNKNOWN")) {
          throw SdkClientException.create("the answer is not EC2's");
        }
        pages.add(page);
      }
    } catch (SdkException e) {
      throw error(action, e).failed("EC2 " + action, e);
    }
    return pages;
  }

  /**
   * What went wrong.
   *
   * @throws CallFailed if the credentials have expired, whatever the call was
   */
  private static AwsError error(String action, SdkException e) {
    AwsError error = AwsError.of(e);
    if (error.credentialsExpired()) {
      throw error.failed("EC2 " + action, e);
    }
    return error;
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
