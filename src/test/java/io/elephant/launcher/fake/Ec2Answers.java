package io.elephant.launcher.fake;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.fake.StartRequest.Pool;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.Ec2Instance.Owner;
import io.elephant.launcher.instance.Ec2Instance.State;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The model's answers as the port to EC2 gives them, to the callers of one stack. */
public final class Ec2Answers {

  private Ec2Answers() {}

  public static StartRequest request(Attempt attempt) {
    LaunchRequest request = attempt.request();
    return new StartRequest(
        attempt.token().value(),
        new Pool(attempt.zone().name(), request.candidate().instanceType()),
        request,
        request.tags());
  }

  /** What the instance was asked for with. */
  public static LaunchRequest launchRequest(io.elephant.launcher.fake.Ec2Instance instance) {
    return (LaunchRequest) instance.request().parameters();
  }

  public static RunResult run(StartAnswer answer, Ec2Model ec2) {
    return switch (answer) {
      case StartAnswer.Refused(Refusal why) -> new RunResult.Refused(verdict(why), why);
      case StartAnswer.Started(var instance, boolean _) ->
          new RunResult.Answered(instance(ec2.now(instance)));
    };
  }

  /** What each error that the model or a world answers with means; the adapter of EC2 knows all. */
  public static Verdict verdict(Refusal refusal) {
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

  public static CallFailed failed(String action, Refusal refusal) {
    return new CallFailed(action, verdict(refusal), refusal, null);
  }

  /** DescribeInstances of one id: nothing for an instance that is not this stack's. */
  public static Optional<Ec2Instance> find(Optional<InstanceView> shown) {
    InstanceView view =
        shown.orElseThrow(
            () -> failed("EC2 DescribeInstances", new Refusal(Ec2Model.UNKNOWN_ID, "not shown")));
    // EC2 takes the tags off a dead instance by and by.
    boolean mayBeOurs =
        view.tag("LaunchedBy").equals(Plans.STACK)
            || (view.state().isDead() && view.tag("LaunchedBy").isEmpty());
    return mayBeOurs ? Optional.of(instance(view)) : Optional.empty();
  }

  public static List<Ec2Instance> ofMeeting(List<InstanceView> shown, MeetingId meeting) {
    return shown.stream()
        .filter(view -> view.tag("LaunchedBy").equals(Plans.STACK))
        .filter(view -> view.tag("MeetingID").equals(meeting.value()))
        .map(Ec2Answers::instance)
        .toList();
  }

  public static List<Ec2Instance> ofStack(List<InstanceView> shown) {
    return shown.stream()
        .filter(view -> view.tag("LaunchedBy").equals(Plans.STACK) && !view.state().isDead())
        .map(Ec2Answers::instance)
        .filter(instance -> instance.owner().isPresent())
        .toList();
  }

  public static Termination termination(Optional<Refusal> error) {
    return error
        .<Termination>map(refusal -> new Termination.NotTerminated(verdict(refusal), refusal))
        .orElseGet(Termination.Terminated::new);
  }

  public static Ec2Instance instance(InstanceView view) {
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
        .orElseGet(() ->
            view.oldReason().startsWith("User initiated")
                ? Ec2Model.USER
                : new Refusal("InstanceTerminated", view.oldReason()));
  }
}
