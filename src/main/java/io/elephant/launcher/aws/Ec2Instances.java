package io.elephant.launcher.aws;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Ec2Response;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;

/**
 * The instances on Amazon EC2. The SDK repeats no call: the launch protocol does, which knows how
 * much time it has and how busy EC2 is.
 *
 * @param stack whose instances they are, as their tags say
 */
public record Ec2Instances(Ec2Client ec2, String stack) implements Instances {

  @Override
  public List<Subnet> subnets(Collection<Zone> zones) {
    String[] names = zones.stream().map(Zone::name).toArray(String[]::new);
    return pages(
            "DescribeSubnets",
            ec2.describeSubnetsPaginator(request ->
                request.filters(
                    filter("default-for-az", "true"), filter("availability-zone", names))))
        .flatMap(page -> page.subnets().stream())
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
    Filter[] ours = {tag(LaunchPlan.STACK_TAG, stack), filter("tag-key", "Role")};
    return describe(request ->
            request.filters(
                Stream.of(ours, filters).flatMap(Arrays::stream).toArray(Filter[]::new)))
        .flatMap(instance -> ShownInstance.read(instance).stream())
        .filter(instance -> instance.owner().isPresent())
        .toList();
  }

  @Override
  public Optional<Ec2Instance> find(InstanceId id) {
    Instance shown =
        describe(request -> request.instanceIds(id.value()))
            .findFirst()
            .orElseThrow(() ->
                new CallFailed(
                    "EC2 DescribeInstances",
                    Verdict.UNKNOWN_ID,
                    new Refusal("InvalidInstanceID.NotFound", id + " is not shown"),
                    null));
    // EC2 takes the tags off a terminated instance one by one.
    return ShownInstance.read(shown)
        .filter(instance ->
            ShownInstance.tag(shown, LaunchPlan.STACK_TAG)
                .map(stack::equals)
                .orElse(instance.isTerminated()));
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
    try {
      return ec2
              .terminateInstances(request -> request.instanceIds(instance.value()))
              .terminatingInstances()
              .stream()
              .filter(change -> instance.value().equals(change.instanceId()))
              .anyMatch(change -> ShownInstance.isTerminated(change.currentState()))
          ? new Termination.Terminated()
          : new Termination.NotTerminated(
              Verdict.UNCLEAR,
              new Refusal("NoAnswer", "the answer does not say that it is terminated"));
    } catch (SdkException e) {
      AwsError error = error("TerminateInstances", e);
      return new Termination.NotTerminated(
          AwsError.isNotPermitted(error.refusal()) ? Verdict.UNKNOWN_ID : error.verdict(),
          error.refusal());
    }
  }

  private Stream<Instance> describe(Consumer<DescribeInstancesRequest.Builder> request) {
    return pages("DescribeInstances", ec2.describeInstancesPaginator(request))
        .flatMap(page -> page.reservations().stream())
        .flatMap(reservation -> reservation.instances().stream());
  }

  /** All pages: one that cannot be read must not look like the end of what there is. */
  private static <T extends Ec2Response> Stream<T> pages(String action, Iterable<T> paginator) {
    List<T> pages = new ArrayList<>();
    try {
      for (T page : paginator) {
        if (page.responseMetadata().requestId().equals("UNKNOWN")) {
          throw SdkClientException.create("the answer is not from EC2");
        }
        pages.add(page);
      }
    } catch (SdkException e) {
      throw AwsError.of(e).failed("EC2 " + action, e);
    }
    return pages.stream();
  }

  /**
   * What went wrong.
   *
   * @throws CallFailed if the credentials have expired: no launch goes on in this process
   */
  private static AwsError error(String action, SdkException e) {
    AwsError error = AwsError.of(e);
    if (error.verdict() == Verdict.EXPIRED) {
      throw error.failed("EC2 " + action, e);
    }
    return error;
  }

  private static Filter tag(String key, String value) {
    return filter("tag:" + key, value);
  }

  private static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }
}
