package io.elephant.launcher.launch;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.FoundInstance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.RunResult.Dead;
import io.elephant.launcher.instance.RunResult.NoCapacity;
import io.elephant.launcher.instance.RunResult.OtherRequest;
import io.elephant.launcher.instance.RunResult.Started;
import io.elephant.launcher.instance.RunResult.Stopped;
import io.elephant.launcher.instance.RunResult.Unclear;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.instance.Zone;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** EC2 in memory, with its rules for client tokens. */
public final class FakeInstances implements Instances {

  private record Launched(
      InstanceId id, ClientToken token, LaunchRequest request, Instant launchTime) {

    String tag(String key) {
      return request.tags().getOrDefault(key, "");
    }
  }

  private record Binding(ClientToken token, Zone zone) {

    static Binding of(Attempt attempt) {
      return new Binding(attempt.token(), attempt.request().candidate().subnet().zone());
    }
  }

  /** The StateReason of an instance whose host has failed. */
  public static final Refusal HOST_FAILED =
      new Refusal("Server.InternalError", "Internal error on launch");

  private static final Refusal TERMINATED =
      new Refusal("Client.UserInitiatedShutdown", "User initiated shutdown");

  public final List<Subnet> subnets = new ArrayList<>();
  public final List<Attempt> runs = new ArrayList<>();
  private final Map<Binding, Launched> launched = new LinkedHashMap<>();
  private final Map<InstanceId, Refusal> dead = new HashMap<>();
  private final Set<InstanceId> stopped = new HashSet<>();
  private final Set<InstanceId> protectedOnes = new HashSet<>();
  private final Set<InstanceId> notYetKnown = new HashSet<>();
  private final Map<String, Queue<UnaryOperator<RunResult>>> scripts = new HashMap<>();
  private boolean shown = true;
  private Runnable beforeRun = () -> {};
  private Runnable afterRun = () -> {};
  private Predicate<Candidate> full = _ -> false;
  private Supplier<Instant> clock = () -> Instant.EPOCH;
  private boolean showsDeadByToken;
  private boolean showsDeadAsRunning;
  private int throttledLooks;
  private int throttledSubnets;
  private int count;

  public FakeInstances(String... zones) {
    for (String zone : zones) {
      subnets.add(new Subnet("subnet-" + zone, new Zone(zone)));
    }
  }

  /** When instances are launched; at first, at the epoch. */
  public void setClock(Supplier<Instant> now) {
    clock = now;
  }

  /** The next run for the role does its work, and then this is made of its answer. */
  public void answer(Role role, UnaryOperator<RunResult> answer) {
    scripts.computeIfAbsent(role.value(), _ -> new ArrayDeque<>()).add(answer);
  }

  /** The next run for the role is refused without any work. */
  public void refuse(Role role, RunResult refusal) {
    scripts.computeIfAbsent("before " + role, _ -> new ArrayDeque<>()).add(_ -> refusal);
  }

  /** The answers that are still to come come as they are. */
  public void forgetAnswers() {
    scripts.clear();
  }

  /** From now on there is no capacity for these. */
  public void fill(Predicate<Candidate> candidates) {
    full = candidates;
  }

  /** Kills an instance, as a failing host does. */
  public void kill(InstanceId instance) {
    kill(instance, HOST_FAILED);
  }

  /** Kills an instance with this StateReason. */
  public void kill(InstanceId instance, Refusal why) {
    dead.putIfAbsent(instance, why);
  }

  /** The token of a dead instance answers that instance, not only that it is dead. */
  public void setShowsDeadByToken(boolean shows) {
    showsDeadByToken = shows;
  }

  /** Whether EC2 shows what runs yet: its view lags. */
  public void setShown(boolean shows) {
    shown = shows;
  }

  /** Whether EC2 shows what has died as if it still ran: its view lags. */
  public void setShowsDeadAsRunning(boolean shows) {
    showsDeadAsRunning = shows;
  }

  public void stop(InstanceId instance) {
    stopped.add(instance);
  }

  /** From now on the instance may not be terminated. */
  public void protect(InstanceId instance) {
    protectedOnes.add(instance);
  }

  /** The next termination does not find the instance yet. */
  public void notYetKnown(InstanceId instance) {
    notYetKnown.add(instance);
  }

  /** What somebody else does after each run. */
  public void afterRun(Runnable hook) {
    afterRun = hook;
  }

  public Set<InstanceId> live() {
    Set<InstanceId> live = new LinkedHashSet<>();
    launched.values().forEach(instance -> live.add(instance.id()));
    live.removeAll(dead.keySet());
    return live;
  }

  public LaunchRequest requestOf(InstanceId id) {
    return launched.values().stream()
        .filter(instance -> instance.id().equals(id))
        .findFirst()
        .orElseThrow()
        .request();
  }

  /** What happens right before each run. */
  public void beforeRun(Runnable hook) {
    beforeRun = hook;
  }

  /** EC2 refuses so many looks at a meeting's instances for their rate. */
  public void throttleLooks(int times) {
    throttledLooks = times;
  }

  /** EC2 refuses so many look-ups of subnets for their rate. */
  public void throttleSubnets(int times) {
    throttledSubnets = times;
  }

  private static InstancesFailed throttled(String action) {
    return new InstancesFailed(
        action,
        new Refusal("RequestLimitExceeded", "Request limit exceeded."),
        InstancesFailed.Remedy.SLOWER,
        new RuntimeException());
  }

  @Override
  public List<Subnet> subnets(Collection<Zone> zones) {
    if (throttledSubnets-- > 0) {
      throw throttled("DescribeSubnets");
    }
    return subnets.stream().filter(subnet -> zones.contains(subnet.zone())).toList();
  }

  @Override
  public RunResult run(Attempt attempt) {
    beforeRun.run();
    runs.add(attempt);
    String role = attempt.request().tags().getOrDefault("Role", "");
    Queue<UnaryOperator<RunResult>> before =
        scripts.getOrDefault("before " + role, new ArrayDeque<>());
    if (!before.isEmpty()) {
      return before.remove().apply(lost());
    }
    Candidate candidate = attempt.request().candidate();
    if (full.test(candidate) && !launched.containsKey(Binding.of(attempt))) {
      return new NoCapacity(new Refusal("InsufficientInstanceCapacity", "full"));
    }
    RunResult result = start(attempt);
    Queue<UnaryOperator<RunResult>> after = scripts.getOrDefault(role, new ArrayDeque<>());
    RunResult answer = after.isEmpty() ? result : after.remove().apply(result);
    afterRun.run();
    return answer;
  }

  private RunResult start(Attempt attempt) {
    Binding binding = Binding.of(attempt);
    Launched known = launched.get(binding);
    if (known == null) {
      InstanceId id = new InstanceId("i-%017x".formatted(++count));
      launched.put(binding, new Launched(id, attempt.token(), attempt.request(), clock.get()));
      return new Started(id);
    }
    if (!known.request().equals(attempt.request())) {
      return new OtherRequest(new Refusal("IdempotentParameterMismatch", "other parameters"));
    }
    Refusal why = dead.get(known.id());
    if (why != null) {
      return showsDeadByToken
          ? new Dead(why, Optional.of(known.launchTime()))
          : new Dead(new Refusal("IdempotentInstanceTerminated", "terminated"), Optional.empty());
    }
    return stopped.contains(known.id())
        ? new Stopped(known.id(), new Refusal("Client.InstanceInitiatedShutdown", "stopped"))
        : new Started(known.id());
  }

  @Override
  public Optional<FoundInstance> find(Attempt attempt) {
    Map<String, String> tags = attempt.request().tags();
    return Optional.ofNullable(launched.get(Binding.of(attempt)))
        .filter(_ -> shown)
        .filter(instance ->
            Stream.of("MeetingID", "Role")
                .allMatch(key -> instance.tag(key).equals(tags.getOrDefault(key, ""))))
        .map(this::shown);
  }

  private FoundInstance shown(Launched instance) {
    Refusal why = dead.get(instance.id());
    if (why != null && !showsDeadAsRunning) {
      return new FoundInstance.Dead(instance.id(), instance.launchTime(), why);
    }
    return stopped.contains(instance.id())
        ? new FoundInstance.Stopped(instance.id())
        : new FoundInstance.Alive(instance.id());
  }

  @Override
  public List<TaggedInstance> ofMeeting(MeetingId meeting) {
    if (throttledLooks-- > 0) {
      throw throttled("DescribeInstances");
    }
    return ofStack().stream().filter(instance -> instance.meeting().equals(meeting)).toList();
  }

  @Override
  public List<TaggedInstance> ofStack() {
    return launched.values().stream()
        .filter(instance -> shown && (showsDeadAsRunning || !dead.containsKey(instance.id())))
        .map(instance ->
            new TaggedInstance(
                instance.id(),
                new MeetingId(instance.tag("MeetingID")),
                new Role(instance.tag("Role")),
                instance.launchTime(),
                !stopped.contains(instance.id()),
                Optional.of(instance.token()),
                Optional.of(instance.request().candidate().subnet().zone()),
                Optional.empty()))
        .toList();
  }

  @Override
  public Optional<TaggedInstance> ofStack(InstanceId id) {
    return launched.values().stream()
        .filter(instance -> shown && instance.id().equals(id))
        .findFirst()
        .map(instance ->
            new TaggedInstance(
                id,
                new MeetingId(instance.tag("MeetingID")),
                new Role(instance.tag("Role")),
                instance.launchTime(),
                showsDeadAsRunning || !dead.containsKey(id),
                Optional.of(instance.token()),
                Optional.of(instance.request().candidate().subnet().zone()),
                Optional.ofNullable(dead.get(id)).filter(_ -> !showsDeadAsRunning)));
  }

  @Override
  public Termination terminate(InstanceId instance) {
    boolean known = launched.values().stream().anyMatch(one -> one.id().equals(instance));
    if (notYetKnown.remove(instance) || !known) {
      return new Termination.UnknownId(
          new Refusal("InvalidInstanceID.NotFound", instance + " does not exist"));
    }
    if (protectedOnes.contains(instance) && !dead.containsKey(instance)) {
      return new Termination.Refused(
          new Refusal("OperationNotPermitted", instance + " may not be terminated"));
    }
    kill(instance, TERMINATED);
    return new Termination.Terminated();
  }

  public static RunResult lost() {
    return new Unclear(new Refusal("NoAnswer", "Read timed out"));
  }
}
