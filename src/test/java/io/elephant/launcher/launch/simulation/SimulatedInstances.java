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
import io.elephant.launcher.launch.simulation.Network.Call;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** EC2 as one process reaches it; a planted mistake overrides a method. */
class SimulatedInstances implements Instances {

  private final Network network;
  private final SimulatedProcess process;
  private final Cloud cloud;

  SimulatedInstances(Network network, Cloud cloud) {
    this.network = network;
    this.process = network.process();
    this.cloud = cloud;
  }

  @Override
  public List<Subnet> subnets(Collection<Zone> zones) {
    return network.call(
        new Call<>(
            () -> "DescribeSubnets " + zones,
            Mishap.Call.READ,
            _ -> cloud.subnets(zones),
            refusal -> {
              throw Ec2Answers.failed("DescribeSubnets", refusal);
            }));
  }

  @Override
  public RunResult run(Attempt attempt) {
    RunResult result =
        network.call(
            new Call<>(
                () -> "RunInstances " + Describe.of(attempt),
                Mishap.Call.RUN,
                mishap -> run(attempt, mishap),
                refusal -> new RunResult.Refused(Ec2Answers.verdict(refusal), refusal)));
    process.lastRead = null;
    process.isAnswered(attempt, result);
    boolean isToldDead =
        switch (result) {
          case RunResult.Answered(Ec2Instance instance) -> !instance.runs();
          case RunResult.Refused(Verdict verdict, _) -> verdict == Verdict.TERMINATED;
        };
    if (isToldDead) {
      cloud.deadOf(attempt).ifPresent(process.dead::add);
    } else if (result instanceof RunResult.Answered(Ec2Instance instance)) {
      SimulatedInstance started = cloud.instance(instance.id()).orElseThrow();
      process.learn(started);
      process.calls.started(started, network.scheduler().now());
    }
    return result;
  }

  private RunResult run(Attempt attempt, Mishap mishap) {
    return switch (mishap) {
      case REFUSED -> refused(attempt, Verdict.REQUEST_REFUSED, "InvalidKeyPair.NotFound");
      case CANDIDATE_REFUSED ->
          refused(attempt, Verdict.CANDIDATE_REFUSED, "UnauthorizedOperation");
      default -> {
        boolean isLate = mishap == Mishap.LATE || mishap == Mishap.KILLED_LATE;
        yield cloud.allowsRun()
            ? Ec2Answers.run(cloud.run(attempt, process, isLate), cloud.ec2)
            : new RunResult.Refused(Verdict.THROTTLED, Network.THROTTLED);
      }
    };
  }

  private RunResult refused(Attempt attempt, Verdict verdict, String code) {
    cloud.refuses(attempt, process);
    return new RunResult.Refused(verdict, new Refusal(code, "refused"));
  }

  @Override
  public Optional<Ec2Instance> find(InstanceId id) {
    return look(
        () -> "DescribeInstances " + id,
        mishap ->
            Ec2Answers.find(
                mishap == Mishap.EMPTY ? Optional.empty() : cloud.ec2.describe(id.value())));
  }

  @Override
  public List<Ec2Instance> ofMeeting(MeetingId meeting) {
    return look(
        () -> "DescribeInstances of " + meeting,
        mishap -> Ec2Answers.ofMeeting(shown(mishap), meeting));
  }

  @Override
  public List<Ec2Instance> ofStack() {
    return look(
        () -> "DescribeInstances of this stack", mishap -> Ec2Answers.ofStack(shown(mishap)));
  }

  private List<InstanceView> shown(Mishap mishap) {
    return mishap == Mishap.EMPTY ? List.of() : cloud.ec2.describe();
  }

  /** DescribeInstances, which EC2 may refuse for its rate. */
  private <T> T look(Supplier<String> what, Function<Mishap, T> effect) {
    T shown =
        network.call(
            new Call<>(
                what,
                Mishap.Call.LOOK,
                mishap -> {
                  if (!cloud.allowsLook()) {
                    throw Ec2Answers.failed("DescribeInstances", Network.THROTTLED);
                  }
                  return effect.apply(mishap);
                },
                refusal -> {
                  throw Ec2Answers.failed("DescribeInstances", refusal);
                }));
    process.lastRead = null;
    return shown;
  }

  @Override
  public Termination terminate(InstanceId instance) {
    cloud.instance(instance).ifPresent(one -> cloud.rules.willTerminate(one, process));
    int seen = process.lastSeen;
    Termination result =
        network.call(
            new Call<>(
                () -> "TerminateInstances " + instance,
                Mishap.Call.TERMINATION,
                _ -> Ec2Answers.termination(cloud.terminate(instance, process, seen)),
                refusal -> new Termination.NotTerminated(Ec2Answers.verdict(refusal), refusal)));
    if (result instanceof Termination.Terminated) {
      process.ended.add(instance);
    }
    return result;
  }
}
