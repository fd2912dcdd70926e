package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.fake.Ec2Error;
import io.elephant.launcher.fake.Ec2Model;
import io.elephant.launcher.fake.InstanceView;
import io.elephant.launcher.fake.StartAnswer;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.Ec2Instance.Owner;
import io.elephant.launcher.instance.Ec2Instance.State;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
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
            () -> "RunInstances " + Describe.of(attempt),
            Mishap.OF_RUNS,
            mishap -> run(attempt, mishap),
            refusal -> new RunResult.Refused(verdict(refusal), refusal));
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
              ? result(cloud.run(attempt, wire.process(), isLate(mishap)))
              : new RunResult.Refused(Verdict.THROTTLED, Wire.THROTTLED);
    };
  }

  private RunResult result(StartAnswer answer) {
    return switch (answer) {
      case StartAnswer.Refused(Ec2Error error) ->
          new RunResult.Refused(verdict(refusal(error)), refusal(error));
      case StartAnswer.Started(var instance, boolean _) ->
          new RunResult.Answered(shown(cloud.ec2().now(instance)));
    };
  }

  private static Verdict verdict(Refusal refusal) {
    return switch (refusal.code()) {
      case "RequestLimitExceeded" -> Verdict.THROTTLED;
      case "IdempotentParameterMismatch" -> Verdict.PARAMETER_MISMATCH;
      case "IdempotentInstanceTerminated" -> Verdict.TERMINATED;
      case "VcpuLimitExceeded" -> Verdict.OVER_QUOTA;
      case "InsufficientInstanceCapacity" -> Verdict.NO_CAPACITY;
      case Ec2Model.UNKNOWN_ID, "UnauthorizedOperation" -> Verdict.UNKNOWN_ID;
      case "OperationNotPermitted" -> Verdict.CANDIDATE_REFUSED;
      default -> Verdict.UNCLEAR;
    };
  }

  private static Refusal refusal(Ec2Error error) {
    return new Refusal(error.code(), error.message());
  }

  private static boolean isLate(Mishap mishap) {
    return mishap == Mishap.LATE || mishap == Mishap.KILLED_LATE;
  }

  @Override
  public Optional<Ec2Instance> find(InstanceId id) {
    return look(
        () -> "DescribeInstances " + id,
        mishap ->
            Optional.of(mishap)
                .filter(one -> one != Mishap.EMPTY)
                .flatMap(_ -> cloud.describe(id))
                .map(view -> Optional.of(view).filter(WiredInstances::mayBeOurs))
                .orElseThrow(() ->
                    failed("DescribeInstances", new Refusal(Ec2Model.UNKNOWN_ID, "not shown")))
                .map(WiredInstances::shown));
  }

  /** EC2 takes the tags off a dead instance by and by. */
  private static boolean mayBeOurs(InstanceView view) {
    return view.tag("LaunchedBy").equals(Story.STACK)
        || (view.state().isDead() && view.tag("LaunchedBy").isEmpty());
  }

  private static Ec2Instance shown(InstanceView view) {
    Optional<Owner> owner =
        view.tag("MeetingID").isEmpty() || view.tag("Role").isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Owner(new MeetingId(view.tag("MeetingID")), new Role(view.tag("Role"))));
    return new Ec2Instance(
        new InstanceId(view.id()),
        owner,
        Optional.of(new ClientToken(view.request().token())),
        Optional.of(new Zone(view.request().pool().zone())),
        Instant.ofEpochMilli(view.launched()),
        state(view));
  }

  private static State state(InstanceView view) {
    if (view.state().isDead()) {
      return new State.Terminated(why(view));
    }
    return view.state().isStopped() ? new State.Stopped(why(view)) : new State.Running();
  }

  /** The adapter of EC2 does the same. */
  private static Refusal why(InstanceView view) {
    return view.reason()
        .map(WiredInstances::refusal)
        .orElse(
            view.oldReason().startsWith("User initiated")
                ? Cloud.ON_PURPOSE
                : new Refusal("InstanceTerminated", view.oldReason()));
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
            _ ->
                cloud
                    .terminate(instance, wire.process(), seen)
                    .map(WiredInstances::refusal)
                    .<Termination>map(
                        refusal -> new Termination.NotTerminated(verdict(refusal), refusal))
                    .orElse(new Termination.Terminated()),
            refusal -> new Termination.NotTerminated(verdict(refusal), refusal));
    if (result instanceof Termination.Terminated) {
      wire.process().ends(instance);
    }
    return result;
  }

  @Override
  public List<Ec2Instance> ofMeeting(MeetingId meeting) {
    return describe(
        "DescribeInstances of " + meeting, view -> view.tag("MeetingID").equals(meeting.value()));
  }

  @Override
  public List<Ec2Instance> ofStack() {
    return describe("DescribeInstances of this stack", view -> !view.state().isDead());
  }

  private List<Ec2Instance> describe(String what, Predicate<InstanceView> filter) {
    return look(
        () -> what,
        mishap ->
            mishap == Mishap.EMPTY
                ? List.of()
                : cloud.describe().stream()
                    .filter(view -> view.tag("LaunchedBy").equals(Story.STACK))
                    .filter(filter)
                    .map(WiredInstances::shown)
                    .toList());
  }

  private <T> T look(Supplier<String> what, Function<Mishap, T> effect) {
    return wire.look(
        what,
        cloud::allowsLook,
        effect,
        refusal -> {
          throw failed("DescribeInstances", refusal);
        });
  }

  private static CallFailed failed(String action, Refusal refusal) {
    return new CallFailed(action, verdict(refusal), refusal, null);
  }
}
