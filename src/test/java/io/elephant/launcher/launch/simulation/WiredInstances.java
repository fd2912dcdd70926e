package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.id.Zone;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.TaggedInstance;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** One process's way to EC2. */
final class WiredInstances implements Instances {

  private final Wire wire;
  private final Cloud cloud;

  WiredInstances(Wire wire, Cloud cloud) {
    this.wire = wire;
    this.cloud = cloud;
  }

  @Override
  public List<Subnet> subnets(Collection<Zone> zones) {
    return wire.callAboutConstants(
        () -> "DescribeSubnets " + zones,
        Mishap.OF_READS,
        _ -> cloud.subnets(zones),
        refusal -> {
          throw failed("DescribeSubnets", refusal);
        });
  }

  @Override
  public RunResult run(Attempt attempt) {
    RunResult result =
        wire.call(
            () -> "RunInstances " + Words.of(attempt),
            Mishap.OF_RUNS,
            mishap -> run(attempt, mishap),
            RunResult.Unclear::new);
    if (result instanceof RunResult.Started(InstanceId instance)) {
      learn(instance);
    }
    return result;
  }

  private RunResult run(Attempt attempt, Mishap mishap) {
    return mishap == Mishap.REFUSED
        ? new RunResult.Refused(new Refusal("UnauthorizedOperation", "not allowed to"))
        : cloud.run(attempt, wire.process(), isLate(mishap), wire.now());
  }

  private static boolean isLate(Mishap mishap) {
    return mishap == Mishap.LATE || mishap == Mishap.KILLED_LATE;
  }

  @Override
  public Optional<InstanceId> find(Attempt attempt) {
    Optional<InstanceId> found =
        wire.call(
            () -> "DescribeInstances of token " + attempt.token(),
            Mishap.OF_DESCRIBES,
            mishap ->
                mishap == Mishap.EMPTY
                    ? Optional.empty()
                    : cloud.find(attempt).stream().map(Cloud.Instance::id).findFirst(),
            refusal -> {
              throw failed("DescribeInstances", refusal);
            });
    found.ifPresent(this::learn);
    return found;
  }

  @Override
  public void terminate(Collection<InstanceId> instances) {
    List<InstanceId> asked = List.copyOf(instances);
    cloud.willTerminate(asked, wire.process());
    wire.call(
        () -> "TerminateInstances " + asked,
        Mishap.OF_WRITES,
        _ -> {
          cloud.terminate(asked, wire.process());
          return "done";
        },
        refusal -> {
          throw failed("TerminateInstances", refusal);
        });
  }

  @Override
  public List<TaggedInstance> machines() {
    return wire.call(
        () -> "DescribeInstances of this stack",
        Mishap.OF_DESCRIBES,
        mishap -> mishap == Mishap.EMPTY ? List.of() : live(),
        refusal -> {
          throw failed("DescribeInstances", refusal);
        });
  }

  private List<TaggedInstance> live() {
    return cloud.instances().stream()
        .filter(instance -> instance.isAlive() && instance.tag("Project").equals(Story.PROJECT))
        .map(instance ->
            new TaggedInstance(
                instance.id(),
                new MeetingId(instance.tag("MeetingID")),
                new Role(instance.tag("Role")),
                Instant.ofEpochMilli(instance.startTime())))
        .toList();
  }

  private void learn(InstanceId id) {
    cloud.instance(id).ifPresent(wire.process()::learn);
  }

  private static InstancesFailed failed(String action, Refusal refusal) {
    return new InstancesFailed(action, refusal, new RuntimeException());
  }
}
