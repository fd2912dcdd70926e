package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.fake.Ec2Answers;
import io.elephant.launcher.fake.InstanceView;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

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
    return wire.callThatReadsNothing(
        () -> "DescribeSubnets " + zones,
        Mishap.OF_READS,
        _ -> cloud.subnets(zones),
        refusal -> {
          throw Ec2Answers.failed("DescribeSubnets", refusal);
        });
  }

  @Override
  public RunResult run(Attempt attempt) {
    RunResult result =
        wire.call(
            () -> "RunInstances " + Describe.of(attempt),
            Mishap.OF_RUNS,
            mishap -> run(attempt, mishap),
            refusal -> new RunResult.Refused(Ec2Answers.verdict(refusal), refusal));
    if (result instanceof RunResult.Answered(Ec2Instance instance) && instance.runs()) {
      cloud.instance(instance.id()).ifPresent(wire.process()::learn);
      cloud
          .instance(instance.id())
          .ifPresent(started -> wire.process().calls().started(started, wire.now()));
    }
    wire.process().isAnswered(attempt, result);
    boolean isToldDead =
        result instanceof RunResult.Answered(Ec2Instance instance)
            ? !instance.runs()
            : result instanceof RunResult.Refused(Verdict verdict, _)
                && verdict == Verdict.TERMINATED;
    if (isToldDead) {
      cloud.deadOf(attempt).ifPresent(wire.process()::learnsDeath);
    }
    return result;
  }

  private RunResult run(Attempt attempt, Mishap mishap) {
    return switch (mishap) {
      case REFUSED -> {
        cloud.refuses(attempt, wire.process());
        yield new RunResult.Refused(
            Verdict.REQUEST_REFUSED, new Refusal("InvalidKeyPair.NotFound", "no such key"));
      }
      case CANDIDATE_REFUSED -> {
        cloud.refuses(attempt, wire.process());
        yield new RunResult.Refused(
            Verdict.CANDIDATE_REFUSED, new Refusal("UnauthorizedOperation", "not allowed to"));
      }
      default ->
          cloud.allowsRun()
              ? Ec2Answers.run(cloud.run(attempt, wire.process(), isLate(mishap)), cloud.ec2())
              : new RunResult.Refused(Verdict.THROTTLED, Wire.THROTTLED);
    };
  }

  private static boolean isLate(Mishap mishap) {
    return mishap == Mishap.LATE || mishap == Mishap.KILLED_LATE;
  }

  @Override
  public Optional<Ec2Instance> find(InstanceId id) {
    return look(
        () -> "DescribeInstances " + id,
        mishap ->
            Ec2Answers.find(
                mishap == Mishap.EMPTY ? Optional.empty() : cloud.describe(id), Story.STACK));
  }

  @Override
  public Termination terminate(InstanceId instance) {
    cloud.willTerminate(instance, wire.process());
    cloud.instance(instance).ifPresent(wire.process().calls()::settles);
    int seen = wire.process().lastSeen();
    Termination result =
        wire.callThatReadsNothing(
            () -> "TerminateInstances " + instance,
            Mishap.OF_TERMINATIONS,
            _ -> Ec2Answers.termination(cloud.terminate(instance, wire.process(), seen)),
            refusal -> new Termination.NotTerminated(Ec2Answers.verdict(refusal), refusal));
    if (result instanceof Termination.Terminated) {
      wire.process().ends(instance);
    }
    return result;
  }

  @Override
  public List<Ec2Instance> ofMeeting(MeetingId meeting) {
    return look(
        () -> "DescribeInstances of " + meeting,
        mishap -> Ec2Answers.ofMeeting(shown(mishap), Story.STACK, meeting));
  }

  @Override
  public List<Ec2Instance> ofStack() {
    return look(
        () -> "DescribeInstances of this stack",
        mishap -> Ec2Answers.ofStack(shown(mishap), Story.STACK));
  }

  private List<InstanceView> shown(Mishap mishap) {
    return mishap == Mishap.EMPTY ? List.of() : cloud.describe();
  }

  private <T> T look(Supplier<String> what, Function<Mishap, T> effect) {
    return wire.look(
        what,
        cloud::allowsLook,
        effect,
        refusal -> {
          throw Ec2Answers.failed("DescribeInstances", refusal);
        });
  }
}
