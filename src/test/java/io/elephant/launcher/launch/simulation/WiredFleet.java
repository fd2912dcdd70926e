package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.launch.Attempt;
import io.elephant.launcher.launch.Fleet;
import io.elephant.launcher.launch.FleetFailed;
import io.elephant.launcher.launch.InstanceId;
import io.elephant.launcher.launch.MeetingId;
import io.elephant.launcher.launch.Refusal;
import io.elephant.launcher.launch.Role;
import io.elephant.launcher.launch.RunResult;
import io.elephant.launcher.launch.Subnet;
import io.elephant.launcher.launch.TaggedInstance;
import io.elephant.launcher.launch.Zone;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** One process's way to EC2. */
final class WiredFleet implements Fleet {

  private final Wire wire;
  private final Cloud cloud;

  WiredFleet(Wire wire, Cloud cloud) {
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

  private static FleetFailed failed(String action, Refusal refusal) {
    return new FleetFailed(action, refusal, new RuntimeException());
  }
}
