package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.id.Zone;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.RunResult.Dead;
import io.elephant.launcher.instance.RunResult.NoCapacity;
import io.elephant.launcher.instance.RunResult.OtherRequest;
import io.elephant.launcher.instance.RunResult.Refused;
import io.elephant.launcher.instance.RunResult.Started;
import io.elephant.launcher.instance.RunResult.Unclear;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.TaggedInstance;
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
import java.util.function.UnaryOperator;

/** EC2 in memory, with its rules for client tokens. */
public final class FakeInstances implements Instances {

  private record Launched(InstanceId id, LaunchRequest request) {}

  private record Binding(String token, Zone zone) {}

  public final List<Subnet> subnets = new ArrayList<>();
  public final List<Attempt> runs = new ArrayList<>();
  private final Map<Binding, Launched> launched = new LinkedHashMap<>();
  private final Set<InstanceId> dead = new HashSet<>();
  private final Map<String, Queue<UnaryOperator<RunResult>>> scripts = new HashMap<>();
  private Runnable afterRun = () -> {};
  private Predicate<Candidate> full = _ -> false;
  private int count;

  public FakeInstances(String... zones) {
    for (String zone : zones) {
      subnets.add(new Subnet("subnet-" + zone, new Zone(zone)));
    }
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
    dead.add(instance);
  }

  /** What somebody else does after each run. */
  public void afterRun(Runnable hook) {
    afterRun = hook;
  }

  public Set<InstanceId> live() {
    Set<InstanceId> live = new LinkedHashSet<>();
    launched.values().forEach(machine -> live.add(machine.id()));
    live.removeAll(dead);
    return live;
  }

  public LaunchRequest requestOf(InstanceId id) {
    return launched.values().stream()
        .filter(machine -> machine.id().equals(id))
        .findFirst()
        .orElseThrow()
        .request();
  }

  @Override
  public List<Subnet> subnets(Collection<Zone> zones) {
    return subnets.stream().filter(subnet -> zones.contains(subnet.zone())).toList();
  }

  @Override
  public RunResult run(Attempt attempt) {
    runs.add(attempt);
    String role = attempt.request().tags().getOrDefault("Role", "");
    Queue<UnaryOperator<RunResult>> before =
        scripts.getOrDefault("before " + role, new ArrayDeque<>());
    RunResult refused = new Refused(new Refusal("Script", "nothing"));
    if (!before.isEmpty()) {
      return before.remove().apply(refused);
    }
    Candidate candidate = attempt.request().candidate();
    if (full.test(candidate)
        && !launched.containsKey(new Binding(attempt.token().value(), candidate.subnet().zone()))) {
      return new NoCapacity(new Refusal("InsufficientInstanceCapacity", "full"));
    }
    RunResult result = start(attempt);
    Queue<UnaryOperator<RunResult>> after = scripts.getOrDefault(role, new ArrayDeque<>());
    RunResult answer = after.isEmpty() ? result : after.remove().apply(result);
    afterRun.run();
    return answer;
  }

  private RunResult start(Attempt attempt) {
    Binding binding =
        new Binding(attempt.token().value(), attempt.request().candidate().subnet().zone());
    Launched known = launched.get(binding);
    if (known == null) {
      InstanceId id = new InstanceId("i-%017x".formatted(++count));
      launched.put(binding, new Launched(id, attempt.request()));
      return new Started(id);
    }
    if (!known.request().equals(attempt.request())) {
      return new OtherRequest(new Refusal("IdempotentParameterMismatch", "other parameters"));
    }
    return dead.contains(known.id())
        ? new Dead(new Refusal("IdempotentInstanceTerminated", "terminated"))
        : new Started(known.id());
  }

  @Override
  public Optional<InstanceId> find(Attempt attempt) {
    Zone zone = attempt.request().candidate().subnet().zone();
    return Optional.ofNullable(launched.get(new Binding(attempt.token().value(), zone)))
        .map(Launched::id)
        .filter(id -> !dead.contains(id));
  }

  @Override
  public List<TaggedInstance> machines() {
    return launched.values().stream()
        .filter(machine -> !dead.contains(machine.id()))
        .map(machine -> {
          Map<String, String> tags = machine.request().tags();
          return new TaggedInstance(
              machine.id(),
              new MeetingId(tags.getOrDefault("MeetingID", "")),
              new Role(tags.getOrDefault("Role", "")),
              Instant.EPOCH);
        })
        .toList();
  }

  @Override
  public void terminate(Collection<InstanceId> instances) {
    dead.addAll(instances);
  }

  public static RunResult lost() {
    return new Unclear(new Refusal("NoAnswer", "Read timed out"));
  }
}
