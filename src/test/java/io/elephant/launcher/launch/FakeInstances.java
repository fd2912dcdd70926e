package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.fake.Ec2Answers;
import io.elephant.launcher.fake.Ec2Error;
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
import io.elephant.launcher.instance.Plans;
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
import java.util.LinkedHashMap;
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

  /** The StateReason of an instance whose host has failed. */
  public static final Refusal HOST_FAILED =
      new Refusal("Server.InternalError", "Internal error on launch");

  private static final Refusal THROTTLED =
      new Refusal("RequestLimitExceeded", "Request limit exceeded.");

  public final List<Subnet> subnets = new ArrayList<>();
  public final List<Attempt> runs = new ArrayList<>();
  private final Ec2Model ec2 = new Ec2Model(this::millis, this, this::id);
  private final Map<InstanceId, LaunchRequest> requests = new LinkedHashMap<>();
  private final Map<Role, Queue<Function<Supplier<RunResult>, RunResult>>> answers =
      new HashMap<>();
  private Supplier<Instant> clock = () -> Instant.EPOCH;
  private Runnable beforeRun = () -> {};
  private Runnable afterRun = () -> {};
  private Predicate<Candidate> full = _ -> false;
  private long hiddenFrom = Long.MAX_VALUE;
  private boolean bringsDeadBack;
  private boolean showsDeadAsRunning;
  private int refusedLooks;
  private int refusedSubnets;
  private int calls;

  public FakeInstances(String... zones) {
    for (String zone : zones) {
      subnets.add(new Subnet("subnet-" + zone, new Zone(zone)));
    }
  }

  /** EC2's clock; at first, it stands at the epoch. */
  public void setClock(Supplier<Instant> now) {
    clock = now;
  }

  /** Each call takes a millisecond: what happens one after the other has times of its own. */
  private long millis() {
    return clock.get().toEpochMilli() + calls;
  }

  private String id(StartRequest request) {
    return "i-%017x".formatted(requests.size() + 1);
  }

  @Override
  public long lag(io.elephant.launcher.fake.Ec2Instance instance, long now) {
    if (instance.started() >= hiddenFrom) {
      return now - instance.started() + 1;
    }
    return showsDeadAsRunning && !instance.isAlive() ? now - instance.dying() + 1 : 0;
  }

  @Override
  public boolean bindsRefused() {
    return false;
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

  /** The answers to the role's runs are lost, after their work is done. */
  public void loseAnswers(Role role) {
    loseAnswers(role, 1_000);
  }

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

  /** From now on there is no capacity for these. */
  public void fill(Predicate<Candidate> candidates) {
    full = candidates;
  }

  public void reachQuota(String instanceType) {
    ec2.setOverQuota(instanceType, true);
  }

  /** Whether the token of a dead instance brings it back, and not only an error. */
  public void setBringsDeadBack(boolean brings) {
    bringsDeadBack = brings;
  }

  /** Whether EC2 shows what it starts from now on: its view lags. */
  public void setShown(boolean shows) {
    hiddenFrom = shows ? Long.MAX_VALUE : millis();
  }

  /** Whether EC2 shows what has died as if it still ran: its view lags. */
  public void setShowsDeadAsRunning(boolean shows) {
    showsDeadAsRunning = shows;
  }

  /** EC2 refuses so many looks at a meeting's instances for their rate. */
  public void refuseLooks(int times) {
    refusedLooks = times;
  }

  /** EC2 refuses so many look-ups of subnets for their rate. */
  public void refuseSubnets(int times) {
    refusedSubnets = times;
  }

  public void beforeRun(Runnable hook) {
    beforeRun = hook;
  }

  /** What somebody else does after each run. */
  public void afterRun(Runnable hook) {
    afterRun = hook;
  }

  /** An instance's host fails. */
  public void kill(InstanceId instance) {
    kill(instance, HOST_FAILED);
  }

  /** An instance ends with this StateReason. */
  public void kill(InstanceId instance, Refusal why) {
    calls++;
    ec2.end(model(instance), Optional.of(new Ec2Error(why.code(), why.message())), "");
  }

  /** An instance ends, and EC2 gives only the old reason for it. */
  public void kill(InstanceId instance, String oldReason) {
    calls++;
    ec2.end(model(instance), Optional.empty(), oldReason);
  }

  /** An instance is stopped with this StateReason. */
  public void stop(InstanceId instance, Refusal why) {
    calls++;
    ec2.stop(model(instance), Optional.of(new Ec2Error(why.code(), why.message())), "");
  }

  /** What only a test does to an instance, such as to protect it. */
  public io.elephant.launcher.fake.Ec2Instance model(InstanceId instance) {
    return ec2.instance(instance.value()).orElseThrow();
  }

  /** For so long EC2 does not know an id that it has given. */
  public void unknownFor(InstanceId instance, Duration time) {
    model(instance).unknownUntil(millis() + time.toMillis());
  }

  /** What was not ended, stopped or not. */
  public Set<InstanceId> live() {
    return ec2.instances().stream()
        .filter(io.elephant.launcher.fake.Ec2Instance::isAlive)
        .map(instance -> new InstanceId(instance.id()))
        .collect(Collectors.toSet());
  }

  public LaunchRequest requestOf(InstanceId id) {
    return Optional.ofNullable(requests.get(id)).orElseThrow();
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
    ec2.setFull(request.pool(), full.test(attempt.request().candidate()));
    RunResult result = Ec2Answers.run(ec2.start(request), ec2);
    if (result instanceof RunResult.Answered(Ec2Instance instance)) {
      requests.putIfAbsent(instance.id(), attempt.request());
    }
    return result;
  }

  @Override
  public List<Ec2Instance> ofMeeting(MeetingId meeting) {
    calls++;
    if (refusedLooks-- > 0) {
      throw Ec2Answers.failed("EC2 DescribeInstances", THROTTLED);
    }
    return Ec2Answers.ofMeeting(ec2.describe(), Plans.STACK, meeting);
  }

  @Override
  public List<Ec2Instance> ofStack() {
    calls++;
    return Ec2Answers.ofStack(ec2.describe(), Plans.STACK);
  }

  @Override
  public Optional<Ec2Instance> find(InstanceId id) {
    calls++;
    return Ec2Answers.find(ec2.describe(id.value()), Plans.STACK);
  }

  @Override
  public Termination terminate(InstanceId instance) {
    calls++;
    return Ec2Answers.termination(ec2.terminate(instance.value()));
  }

  public static RunResult lost() {
    return new RunResult.Refused(Verdict.UNCLEAR, new Refusal("NoAnswer", "Read timed out"));
  }
}
