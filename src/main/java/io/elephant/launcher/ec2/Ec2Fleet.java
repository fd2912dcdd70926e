package io.elephant.launcher.ec2;

import io.elephant.launcher.ec2.ErrorCodes.Meaning;
import io.elephant.launcher.launch.Attempt;
import io.elephant.launcher.launch.ClientToken;
import io.elephant.launcher.launch.Fleet;
import io.elephant.launcher.launch.FleetFailed;
import io.elephant.launcher.launch.InstanceId;
import io.elephant.launcher.launch.Refusal;
import io.elephant.launcher.launch.RunResult;
import io.elephant.launcher.launch.Subnet;
import io.elephant.launcher.launch.Zone;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/**
 * The fleet on Amazon EC2. The client that it is given must not repeat anything by itself: a
 * repetition of RunInstances is the protocol's decision, and the repetition of everything else is
 * {@link #persistently} here.
 */
@Singleton
public final class Ec2Fleet implements Fleet {

  private static final Set<InstanceStateName> DEAD =
      Set.of(InstanceStateName.SHUTTING_DOWN, InstanceStateName.TERMINATED);

  private static final int TRIES = 4;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  private final Ec2Client ec2;

  public Ec2Fleet(Ec2Client ec2) {
    this.ec2 = ec2;
  }

  @Override
  public List<Subnet> subnets(Collection<Zone> zones) {
    DescribeSubnetsRequest request =
        DescribeSubnetsRequest.builder()
            .filters(
                filter("default-for-az", "true"),
                filter("availability-zone", zones.stream().map(Zone::name).toArray(String[]::new)))
            .build();
    return persistently(
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
  public Optional<InstanceId> find(ClientToken token) {
    DescribeInstancesRequest request =
        DescribeInstancesRequest.builder()
            .filters(
                filter("client-token", token.value()),
                filter("instance-state-name", "pending", "running", "stopping", "stopped"))
            .build();
    return persistently(
        "DescribeInstances",
        () ->
            ec2.describeInstancesPaginator(request).reservations().stream()
                .flatMap(reservation -> reservation.instances().stream())
                .map(instance -> new InstanceId(instance.instanceId()))
                .findFirst());
  }

  /** One call an instance, because one id that EC2 does not know fails a call for all. */
  @Override
  public void terminate(Collection<InstanceId> instances) {
    for (InstanceId instance : instances) {
      persistently(
          "TerminateInstances",
          () -> ec2.terminateInstances(request -> request.instanceIds(instance.value())));
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
    Refusal refusal = refusal(e);
    return switch (meaning(e)) {
      case UNCLEAR -> new RunResult.Unclear(refusal);
      case NO_CAPACITY -> new RunResult.NoCapacity(refusal);
      case OVER_QUOTA -> new RunResult.OverQuota(refusal);
      case DEAD -> new RunResult.Dead(refusal);
      case OTHER_REQUEST -> new RunResult.OtherRequest(refusal);
      case REFUSED -> new RunResult.Refused(refusal);
    };
  }

  /** Where no answer of EC2's came back, or none that can be read, anything may have happened. */
  private static Meaning meaning(SdkException e) {
    return e instanceof Ec2Exception answer
        ? ErrorCodes.meaning(refusal(e).code(), answer.statusCode())
        : Meaning.UNCLEAR;
  }

  private static Refusal refusal(SdkException e) {
    if (e instanceof Ec2Exception answer) {
      Optional<AwsErrorDetails> details = Optional.ofNullable(answer.awsErrorDetails());
      return new Refusal(
          details.map(AwsErrorDetails::errorCode).orElse("HTTP " + answer.statusCode()),
          details.map(AwsErrorDetails::errorMessage).orElse("no message"));
    }
    return new Refusal("NoAnswer", String.valueOf(e.getMessage()));
  }

  private static <T> T persistently(String action, Supplier<T> call) {
    Duration pause = FIRST_PAUSE;
    for (int tried = 1; ; tried++) {
      try {
        return call.get();
      } catch (SdkException e) {
        if (tried == TRIES || meaning(e) != Meaning.UNCLEAR) {
          throw new FleetFailed(action, refusal(e), e);
        }
      }
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(pause.toNanos()));
      pause = pause.multipliedBy(2);
    }
  }

  private static Filter filter(String name, String... values) {
    return Filter.builder().name(name).values(values).build();
  }
}
