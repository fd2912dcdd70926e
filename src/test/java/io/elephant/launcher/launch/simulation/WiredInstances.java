package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.InstancesFailed.Remedy;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.fake.Ec2Error;
import io.elephant.launcher.fake.Ec2Instance;
import io.elephant.launcher.fake.Ec2Model;
import io.elephant.launcher.fake.InstanceView;
import io.elephant.launcher.fake.StartAnswer;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.ClientToken;
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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** One process's way to EC2. */
final class WiredInstances implements Instances {

  private final Wire wire;
  private final Cloud cloud;
  private final String project;

  /**
   * @param project the caller's PROJECT_TAG
   */
  WiredInstances(Wire wire, Cloud cloud, String project) {
    this.wire = wire;
    this.cloud = cloud;
    this.project = project;
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
      cloud
          .instance(instance)
          .ifPresent(started -> wire.process().calls().started(started, wire.now()));
    }
    wire.process().isAnswered(attempt, result);
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
      default ->
          cloud.allowsRun()
              ? result(cloud.run(attempt, wire.process(), isLate(mishap)))
              : notStarted(Wire.THROTTLED);
    };
  }

  private RunResult result(StartAnswer answer) {
    return switch (answer) {
      case StartAnswer.Refused(Ec2Error error) -> refused(refusal(error));
      case StartAnswer.Started(Ec2Instance instance, boolean _) when !instance.isAlive() ->
          new RunResult.Dead(
              instance.reason().map(WiredInstances::refusal).orElse(unexplained(instance)),
              Optional.of(Instant.ofEpochMilli(cloud.ec2().launched(instance))));
      case StartAnswer.Started(Ec2Instance instance, boolean _) when instance.isStopped() ->
          new RunResult.Stopped(
              new InstanceId(instance.id()), new Refusal("InstanceStopped", "stopped"));
      case StartAnswer.Started(Ec2Instance instance, boolean _) ->
          new RunResult.Started(new InstanceId(instance.id()));
    };
  }

  private static RunResult refused(Refusal refusal) {
    return switch (refusal.code()) {
      case "IdempotentParameterMismatch" -> new RunResult.OtherRequest(refusal);
      case "IdempotentInstanceTerminated" -> new RunResult.Dead(refusal, Optional.empty());
      case "VcpuLimitExceeded" -> new RunResult.OverQuota(refusal);
      default -> new RunResult.NoCapacity(refusal);
    };
  }

  private static Refusal refusal(Ec2Error error) {
    return new Refusal(error.code(), error.message());
  }

  /** As the adapter of EC2 says it where there is no StateReason. */
  private static Refusal unexplained(Ec2Instance instance) {
    return new Refusal("InstanceTerminated", instance.oldReason());
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
        look(
            () -> "DescribeInstances of token " + attempt.token(),
            mishap ->
                mishap == Mishap.EMPTY
                    ? Optional.empty()
                    : cloud.describe().stream()
                        .filter(one -> one.request().token().equals(attempt.token().value()))
                        .filter(one -> one.request().pool().zone().equals(attempt.zone().name()))
                        .filter(one -> one.tag("MeetingID").equals(Story.MEETING.value()))
                        .min(Comparator.comparing(InstanceView::state))
                        .map(WiredInstances::found));
    if (found.orElse(null) instanceof FoundInstance.Alive(InstanceId instance)) {
      learn(instance);
    }
    return found;
  }

  private static FoundInstance found(InstanceView view) {
    InstanceId id = new InstanceId(view.id());
    if (view.state().isDead()) {
      return new FoundInstance.Dead(id, Instant.ofEpochMilli(view.launched()), why(view));
    }
    return view.state().isStopped() ? new FoundInstance.Stopped(id) : new FoundInstance.Alive(id);
  }

  /** The adapter of EC2 does the same. */
  private static Refusal why(InstanceView view) {
    return view.reason()
        .map(WiredInstances::refusal)
        .orElse(new Refusal("InstanceTerminated", view.oldReason()));
  }

  @Override
  public Optional<TaggedInstance> ofStack(InstanceId id) {
    return look(
        () -> "DescribeInstances " + id,
        mishap ->
            mishap == Mishap.EMPTY
                ? Optional.empty()
                : cloud.describe(id).filter(this::isOurs).map(WiredInstances::tagged));
  }

  private boolean isOurs(InstanceView view) {
    return view.tag("Project").equals(project) && view.tag("LaunchedBy").equals(Story.STACK);
  }

  private static TaggedInstance tagged(InstanceView view) {
    return new TaggedInstance(
        new InstanceId(view.id()),
        new MeetingId(view.tag("MeetingID")),
        new Role(view.tag("Role")),
        Instant.ofEpochMilli(view.launched()),
        !view.state().isDead() && !view.state().isStopped(),
        Optional.of(new ClientToken(view.request().token())),
        Optional.of(new Zone(view.request().pool().zone())),
        view.state().isDead() ? Optional.of(why(view)) : Optional.empty());
  }

  @Override
  public Termination terminate(InstanceId instance) {
    cloud.willTerminate(instance, wire.process());
    cloud.instance(instance).ifPresent(wire.process().calls()::settles);
    int seen = wire.process().lastSeen();
    return wire.callThatReadsNothing(
        () -> "TerminateInstances " + instance,
        Mishap.OF_TERMINATIONS,
        _ -> termination(cloud.terminate(instance, wire.process(), seen)),
        Termination.Unclear::new);
  }

  private static Termination termination(Optional<Ec2Error> error) {
    return error
        .map(WiredInstances::refusal)
        .<Termination>map(refusal ->
            refusal.code().equals(Ec2Model.UNKNOWN_ID)
                ? new Termination.UnknownId(refusal)
                : new Termination.Refused(refusal))
        .orElse(new Termination.Terminated());
  }

  @Override
  public List<TaggedInstance> ofMeeting(MeetingId meeting) {
    return describe(
        "DescribeInstances of " + meeting, view -> view.tag("MeetingID").equals(meeting.value()));
  }

  @Override
  public List<TaggedInstance> ofStack() {
    return describe("DescribeInstances of this stack", _ -> true);
  }

  private List<TaggedInstance> describe(String what, Predicate<InstanceView> filter) {
    return look(
        () -> what,
        mishap ->
            mishap == Mishap.EMPTY
                ? List.of()
                : cloud.describe().stream()
                    .filter(view -> !view.state().isDead())
                    .filter(this::isOurs)
                    .filter(filter)
                    .map(WiredInstances::tagged)
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

  private void learn(InstanceId id) {
    cloud.instance(id).ifPresent(wire.process()::learn);
  }

  private static InstancesFailed failed(String action, Refusal refusal) {
    Remedy remedy = refusal.equals(Wire.THROTTLED) ? Remedy.SLOWER : Remedy.AGAIN;
    return new InstancesFailed(action, refusal, remedy, new RuntimeException());
  }
}
