package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.InstancesFailed.Remedy;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.FoundInstance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
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
            WiredInstances::notStarted);
    if (result instanceof RunResult.Started(InstanceId instance)) {
      learn(instance);
    }
    if (result instanceof RunResult.Dead) {
      cloud.deadOf(attempt).ifPresent(wire.process()::learnsDeath);
    }
    return result;
  }

  private RunResult run(Attempt attempt, Mishap mishap) {
    return switch (mishap) {
      case REFUSED -> {
        cloud.refuses(attempt, wire.process());
        yield new RunResult.RequestRefused(new Refusal("InvalidKeyPair.NotFound", "no such key"));
      }
      case CANDIDATE_REFUSED -> {
        cloud.refuses(attempt, wire.process());
        yield new RunResult.CandidateRefused(
            new Refusal("UnauthorizedOperation", "not allowed to"));
      }
      default -> cloud.run(attempt, wire.process(), isLate(mishap), wire.now());
    };
  }

  private static RunResult notStarted(Refusal refusal) {
    return refusal.equals(Wire.THROTTLED)
        ? new RunResult.Throttled(refusal)
        : new RunResult.Unclear(refusal);
  }

  private static boolean isLate(Mishap mishap) {
    return mishap == Mishap.LATE || mishap == Mishap.KILLED_LATE;
  }

  @Override
  public Optional<FoundInstance> find(Attempt attempt) {
    Optional<FoundInstance> found =
        wire.call(
            () -> "DescribeInstances of token " + attempt.token(),
            Mishap.OF_DESCRIBES,
            mishap -> mishap == Mishap.EMPTY ? Optional.empty() : cloud.find(attempt, wire.now()),
            refusal -> {
              throw failed("DescribeInstances", refusal);
            });
    if (found.orElse(null) instanceof FoundInstance.Alive(InstanceId instance)) {
      learn(instance);
    }
    return found;
  }

  @Override
  public Optional<TaggedInstance> ofStack(InstanceId id) {
    return wire.call(
        () -> "DescribeInstances " + id,
        Mishap.OF_DESCRIBES,
        mishap ->
            mishap == Mishap.EMPTY ? Optional.empty() : cloud.instance(id).flatMap(this::ofStack),
        refusal -> {
          throw failed("DescribeInstances", refusal);
        });
  }

  private Optional<TaggedInstance> ofStack(Cloud.Instance instance) {
    return Optional.of(instance)
        .filter(one -> one.tag("Project").equals(Story.PROJECT))
        .map(one ->
            new TaggedInstance(
                one.id(),
                new MeetingId(one.tag("MeetingID")),
                new Role(one.tag("Role")),
                Instant.ofEpochMilli(one.startTime()),
                one.isShownAlive(wire.now()),
                Optional.of(one.attempt().token()),
                Optional.of(one.attempt().zone()),
                one.isShownAlive(wire.now()) ? Optional.empty() : Optional.of(one.why())));
  }

  @Override
  public Termination terminate(InstanceId instance) {
    cloud.willTerminate(instance, wire.process());
    int seen = wire.process().lastSeen();
    return wire.callThatReadsNothing(
        () -> "TerminateInstances " + instance,
        Mishap.OF_TERMINATIONS,
        _ -> cloud.terminate(instance, wire.process(), seen, wire.now()),
        Termination.Unclear::new);
  }

  @Override
  public List<TaggedInstance> ofMeeting(MeetingId meeting) {
    return describe("DescribeInstances of " + meeting, Optional.of(meeting));
  }

  @Override
  public List<TaggedInstance> ofStack() {
    return describe("DescribeInstances of this stack", Optional.empty());
  }

  private List<TaggedInstance> describe(String what, Optional<MeetingId> meeting) {
    return wire.call(
        () -> what,
        Mishap.OF_DESCRIBES,
        mishap -> mishap == Mishap.EMPTY ? List.of() : live(meeting),
        refusal -> {
          throw failed("DescribeInstances", refusal);
        });
  }

  private List<TaggedInstance> live(Optional<MeetingId> meeting) {
    return cloud.instances().stream()
        .filter(instance ->
            instance.isShownAlive(wire.now()) && instance.tag("Project").equals(Story.PROJECT))
        .filter(instance ->
            meeting.map(id -> instance.tag("MeetingID").equals(id.value())).orElse(true))
        .map(instance ->
            new TaggedInstance(
                instance.id(),
                new MeetingId(instance.tag("MeetingID")),
                new Role(instance.tag("Role")),
                Instant.ofEpochMilli(instance.startTime()),
                !instance.isStopped(),
                Optional.of(instance.attempt().token()),
                Optional.of(instance.attempt().zone()),
                Optional.empty()))
        .toList();
  }

  private void learn(InstanceId id) {
    cloud.instance(id).ifPresent(wire.process()::learn);
  }

  private static InstancesFailed failed(String action, Refusal refusal) {
    Remedy remedy = refusal.equals(Wire.THROTTLED) ? Remedy.SLOWER : Remedy.AGAIN;
    return new InstancesFailed(action, refusal, remedy, new RuntimeException());
  }
}
