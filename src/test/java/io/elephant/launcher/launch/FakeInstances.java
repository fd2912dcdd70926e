package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.fake.Ec2Answers;
import io.elephant.launcher.fake.Ec2Model;
import io.elephant.launcher.fake.Ec2Model.Chances;
import io.elephant.launcher.fake.StartRequest;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The model of EC2 for one caller, with what a test says that goes wrong. */
public final class FakeInstances implements Instances, Chances {

  private static final Refusal HOST_FAILED =
      new Refusal("Server.InternalError", "Internal error on launch");

  private static final Refusal THROTTLED =
      new Refusal("RequestLimitExceeded", "Request limit exceeded.");

  public final Ec2Model model = new Ec2Model(this::millis, this, this::id);
  public final List<Subnet> subnets = new ArrayList<>();
  public final List<Attempt> runs = new ArrayList<>();

  /** EC2's clock. */
  public Supplier<Instant> clock = () -> Instant.EPOCH;

  /** What somebody else does before each run. */
  public Runnable beforeRun = () -> {};

  /** What somebody else does after each run. */
  public Runnable afterRun = () -> {};

  /** What there is no capacity for. */
  public Predicate<Candidate> full = _ -> false;

  /** Whether the token of a dead instance brings it back, and not only an error. */
  public boolean bringsDeadBack;

  /** Whether EC2 shows what has died as if it still ran: its view lags. */
  public boolean showsDeadAsRunning;

  /** EC2 refuses so many looks at a meeting's instances for their rate. */
  public int refusedLooks;

  /** EC2 refuses so many look-ups of subnets for their rate. */
  public int refusedSubnets;

  private final Map<Role, Queue<Function<Supplier<RunResult>, RunResult>>> answers =
      new HashMap<>();
  private long hiddenFrom = Long.MAX_VALUE;
  private int calls;

  public FakeInstances(String... zones) {
    for (String zone : zones) {
      subnets.add(new Subnet("subnet-" + zone, new Zone(zone)));
    }
  }

  /** Each call takes a millisecond: what happens one after the other has times of its own. */
  private long millis() {
    return clock.get().toEpochMilli() + calls;
  }

  private String id(StartRequest request) {
    return "i-%017x".formatted(model.instances().size() + 1);
  }

  @Override
  public long lag(io.elephant.launcher.fake.Ec2Instance instance, long now) {
    if (instance.started() >= hiddenFrom) {
      return now - instance.started() + 1;
    }
    return showsDeadAsRunning && !instance.isAlive() ? now - instance.dying() + 1 : 0;
  }

  @Override
  public boolean bringsDeadBack() {
    return bringsDeadBack;
  }

  /** The next run for the role does its work, and then this is made of its answer. */
  public void answer(Role role, UnaryOperator<RunResult> answer) {
    answerNext(role, work -> answer.apply(work.get()));
  }

  private void answerNext(Role role, Function<Supplier<RunResult>, RunResult> answer) {
    answers.computeIfAbsent(role, _ -> new ArrayDeque<>()).add(answer);
  }

  /** The answers to the role's next runs are lost, after their work is done. */
  public void loseAnswers(Role role, int times) {
    for (int i = 0; i < times; i++) {
      answer(role, _ -> lost());
    }
  }

  /** The next runs for the role are refused without any work. */
  public void refuse(Role role, int times, Verdict verdict, String code, String message) {
    for (int i = 0; i < times; i++) {
      answerNext(role, _ -> new RunResult.Refused(verdict, new Refusal(code, message)));
    }
  }

  /** What was still to come comes as it is. */
  public void forgetAnswers() {
    answers.clear();
  }

  /** Whether EC2 shows what it starts from now on: its view lags. */
  public void setShown(boolean shows) {
    hiddenFrom = shows ? Long.MAX_VALUE : millis();
  }

  /** An instance's host fails. */
  public void kill(InstanceId instance) {
    kill(instance, HOST_FAILED);
  }

  /** An instance ends with this StateReason. */
  public void kill(InstanceId instance, Refusal why) {
    calls++;
    model.end(instance(instance), Optional.of(why), "");
  }

  /** An instance is stopped with this StateReason. */
  public void stop(InstanceId instance, Refusal why) {
    calls++;
    model.stop(instance(instance), Optional.of(why), "");
  }

  /** The instance, for what a test does to it. */
  public io.elephant.launcher.fake.Ec2Instance instance(InstanceId instance) {
    return model.instance(instance.value()).orElseThrow();
  }

  /** For so long EC2 does not know an id that it has given. */
  public void unknownFor(InstanceId instance, Duration time) {
    instance(instance).unknownUntil(millis() + time.toMillis());
  }

  /** What was not ended, stopped or not. */
  public Set<InstanceId> live() {
    return model.instances().stream()
        .filter(io.elephant.launcher.fake.Ec2Instance::isAlive)
        .map(instance -> new InstanceId(instance.id()))
        .collect(Collectors.toSet());
  }

  public LaunchRequest requestOf(InstanceId id) {
    return Ec2Answers.launchRequest(instance(id));
  }

  /** The zones and types of these, in their order. */
  public List<String> placesOf(Collection<InstanceId> instances) {
    return instances.stream()
        .map(id -> requestOf(id).candidate())
        .map(candidate -> candidate.instanceType() + " " + candidate.subnet().zone())
        .toList();
  }

  /** The tokens that were sent, in their order. */
  public List<String> tokens() {
    return runs.stream().map(run -> run.token().value()).toList();
  }

  @Override
  public List<Subnet> subnets(Collection<Zone> zones) {
    if (refusedSubnets-- > 0) {
      throw Ec2Answers.failed("EC2 DescribeSubnets", THROTTLED);
    }
    return subnets.stream().filter(subnet -> zones.contains(subnet.zone())).toList();
  }

  @Override
  public RunResult run(Attempt attempt) {
    calls++;
    beforeRun.run();
    runs.add(attempt);
    Role role = new Role(attempt.request().tags().getOrDefault("Role", "none"));
    Function<Supplier<RunResult>, RunResult> answer =
        answers.getOrDefault(role, new ArrayDeque<>()).poll();
    RunResult answered = answer == null ? start(attempt) : answer.apply(() -> start(attempt));
    afterRun.run();
    return answered;
  }

  private RunResult start(Attempt attempt) {
    StartRequest request = Ec2Answers.request(attempt);
    model.setFull(request.pool(), full.test(attempt.request().candidate()));
    return Ec2Answers.run(model.start(request), model);
  }

  @Override
  public List<Ec2Instance> ofMeeting(MeetingId meeting) {
    calls++;
    if (refusedLooks-- > 0) {
      throw Ec2Answers.failed("EC2 DescribeInstances", THROTTLED);
    }
    return Ec2Answers.ofMeeting(model.describe(), meeting);
  }

  @Override
  public List<Ec2Instance> ofStack() {
    calls++;
    return Ec2Answers.ofStack(model.describe());
  }

  @Override
  public Optional<Ec2Instance> find(InstanceId id) {
    calls++;
    return Ec2Answers.find(model.describe(id.value()));
  }

  @Override
  public Termination terminate(InstanceId instance) {
    calls++;
    return Ec2Answers.termination(model.terminate(instance.value()));
  }

  public static RunResult lost() {
    return new RunResult.Refused(Verdict.UNCLEAR, new Refusal("NoAnswer", "Read timed out"));
  }
}
