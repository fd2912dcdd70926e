package io.elephant.launcher.aws;

import io.elephant.launcher.failure.CredentialsExpired;
import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.FoundInstance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.Ec2Response;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.TerminateInstancesRequest;

/**
 * The instances on Amazon EC2. The SDK repeats no call: the launch protocol does, which knows how
 * much time it has and how busy EC2 is.
 */
@Singleton
public final class Ec2Instances implements Instances {

  /** What EC2 says of an id that it does not know yet, has never given out, or has forgotten. */
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
          .filter(instance -> instance.instanceId() != null)
          .findFirst()
          .map(ShownInstance::new)
          .map(ShownInstance::result)
          .orElseGet(
              () -> new RunResult.Unclear(new Refusal("NoAnswer", "the answer names no instance")));
    } catch (SdkException e) {
      return result(error("RunInstances", e));
    }
  }

  @Override
  public Optional<FoundInstance> find(Attempt attempt) {
    LaunchRequest request = attempt.request();
    return describe(
            filter("client-token", attempt.token().value()),
            filter("availability-zone", request.candidate().subnet().zone().name()),
            tag("MeetingID", request.tags().getOrDefault("MeetingID", "")),
            tag("Role", request.tags().getOrDefault("Role", "")))
        .stream()
        .min(ShownInstance.RUNNING_FIRST)
        .map(ShownInstance::found);
  }

  @Override
  public List<TaggedInstance> ofMeeting(MeetingId meeting) {
    return tagged(tag("MeetingID", meeting.value()));
  }

  @Override
  public List<TaggedInstance> ofStack() {
    return tagged(filter("tag-key", "MeetingID"));
  }

  @Override
  public Optional<TaggedInstance> ofStack(InstanceId instance) {
    DescribeInstancesRequest request =
        DescribeInstancesRequest.builder().instanceIds(instance.value()).build();
    try {
      return describe(request).stream().flatMap(shown -> shown.ofStack(stack).stream()).findFirst();
    } catch (InstancesFailed e) {
      if (e.refusal().code().equals(UNKNOWN_INSTANCE)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private List<TaggedInstance> tagged(Filter meeting) {
    return describe(
            tag("Project", stack.project()),
            tag(InstanceTemplate.STACK_TAG, stack.name()),
            meeting,
            filter("tag-key", "Role"),
            filter("instance-state-name", "pending", "running", "stopping", "stopped"))
        .stream()
        .flatMap(instance -> instance.tagged().stream())
        .toList();
  }

  @Override
  public Termination terminate(InstanceId instance) {
    TerminateInstancesRequest request =
        TerminateInstancesRequest.builder().instanceIds(instance.value()).build();
    try {
      return ec2.terminateInstances(request).terminatingInstances().stream()
              .filter(change -> instance.value().equals(change.instanceId()))
              .anyMatch(change -> ShownInstance.isDead(change.currentState()))
          ? new Termination.Terminated()
          : new Termination.Unclear(
              new Refusal("NoAnswer", "the answer does not say that it is terminated"));
    } catch (SdkException e) {
      AwsError error = error("TerminateInstances", e);
      if (error.refusal().code().equals(UNKNOWN_INSTANCE)) {
        return new Termination.UnknownId(error.refusal());
      }
      return error.mayHeal()
          ? new Termination.Unclear(error.refusal())
          : new Termination.Refused(error.refusal());
    }
  }

  private List<ShownInstance> describe(Filter... filters) {
    return describe(DescribeInstancesRequest.builder().filters(filters).build());
  }

  private List<ShownInstance> describe(DescribeInstancesRequest request) {
    return pages("DescribeInstances", ec2.describeInstancesPaginator(request)).stream()
        .map(DescribeInstancesResponse::reservations)
        .flatMap(List::stream)
        .flatMap(reservation -> reservation.instances().stream())
        .map(ShownInstance::new)
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
      AwsError error = error(action, e);
      throw new InstancesFailed(action, error.refusal(), remedy(error), e);
    }
    return pages;
  }

  private static RunResult result(AwsError error) {
    Refusal refusal = error.refusal();
    return switch (error.meaning()) {
      case UNCLEAR, NOT_YET, EXPIRED -> new RunResult.Unclear(refusal);
      case THROTTLED -> new RunResult.Throttled(refusal);
      case NO_CAPACITY -> new RunResult.NoCapacity(refusal);
      case OVER_QUOTA -> new RunResult.OverQuota(refusal);
      case DEAD -> new RunResult.Dead(refusal, Optional.empty());
      case OTHER_REQUEST -> new RunResult.OtherRequest(refusal);
      case CANDIDATE_REFUSED -> new RunResult.CandidateRefused(refusal);
      case REQUEST_REFUSED -> new RunResult.RequestRefused(refusal);
    };
  }

  /**
   * What went wrong.
   *
   * @throws CredentialsExpired if it is that
   */
  private static AwsError error(String action, SdkException e) {
    AwsError error = AwsError.of(e);
    if (error.credentialsExpired()) {
      throw new CredentialsExpired("EC2 " + action, error.refusal(), e);
    }
    return error;
  }

  private static InstancesFailed.Remedy remedy(AwsError error) {
    if (error.meaning() == Meaning.THROTTLED) {
      return InstancesFailed.Remedy.SLOWER;
    }
    return error.mayHeal() ? InstancesFailed.Remedy.AGAIN : InstancesFailed.Remedy.NONE;
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
