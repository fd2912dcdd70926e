package io.elephant.launcher.launch;

import io.elephant.launcher.launch.RunResult.NotStarted;
import io.elephant.launcher.launch.RunResult.OtherRequest;
import io.elephant.launcher.launch.RunResult.Started;
import io.elephant.launcher.launch.RunResult.Unclear;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The protocol by which every delivery of a meeting's event helps towards the same end: one live
 * instance per role, and its id in the row.
 *
 * <pre>
 * read the row ∥ find the subnets
 *   └ nothing to do, or not to be launched → report
 * claim: write the first attempts into the row, unless another delivery did
 * run every open role's attempt, side by side, with its token
 * record the ids, and LAUNCHED with the last of them, if the row still wants them
 *   └ no longer wanted → terminate what was started
 * </pre>
 *
 * <p>There is no lock and no lease. Deliveries meet at the row's conditional writes and at the
 * token: a request is in the row before it is sent, so whoever comes later repeats that very
 * request and gets the same instance. After every write that did not happen, or may not have, the
 * row is read again and decides.
 */
public final class Launch {

  private final Meetings meetings;
  private final Fleet fleet;
  private final LaunchPlan plan;

  public Launch(Meetings meetings, Fleet fleet, LaunchPlan plan) {
    this.meetings = meetings;
    this.fleet = fleet;
    this.plan = plan;
  }

  /**
   * Launches what the meeting still lacks.
   *
   * @throws LaunchFailure if a wanted machine is not running and recorded at the end
   */
  public LaunchReport launch(MeetingId id, Invocation invocation) {
    return new Delivery(id, invocation).launch();
  }

  /** One delivery of the event: what it has done so far. */
  private final class Delivery {

    private final MeetingId id;
    private final Invocation invocation;
    private final Map<Role, Machine> started = new LinkedHashMap<>();
    private final Map<Role, Refusal> refusals = new LinkedHashMap<>();

    Delivery(MeetingId id, Invocation invocation) {
      this.id = id;
      this.invocation = invocation;
    }

    LaunchReport launch() {
      Supplier<List<Subnet>> subnets = invocation.beside(() -> fleet.subnets(plan.zones()));
      Optional<Meeting> row = meetings.find(id);
      for (Backoff backoff = new Backoff(); ; ) {
        Meeting meeting = row.orElseThrow(this::gone);
        if (!meeting.launchable()) {
          return standDown(meeting);
        }
        terminate(machine -> superseded(machine, meeting));
        Set<Role> open = meeting.without(plan.roles());
        if (open.isEmpty() && !meeting.beforeLaunched()) {
          return report(meeting);
        }
        if (!open.isEmpty() && open.equals(refusals.keySet())) {
          throw new LaunchIncomplete(id, refusals);
        }
        if (!open.isEmpty() && started.isEmpty() && isLate(meeting)) {
          return report(meeting);
        }
        Optional<Meeting> written = advance(meeting, open, subnets);
        if (written.isEmpty() && !backoff.pause(invocation)) {
          throw new OutOfTime(id);
        }
        row = written.or(() -> meetings.find(id));
      }
    }

    /** Brings the row one write further; nothing if the write's condition did not hold. */
    private Optional<Meeting> advance(
        Meeting meeting, Set<Role> open, Supplier<List<Subnet>> subnets) {
      Set<Role> unclaimed = new LinkedHashSet<>(open);
      unclaimed.removeIf(role -> meeting.attempt(role).isPresent());
      if (!unclaimed.isEmpty()) {
        return claim(meeting, unclaimed, plan.firstChoice(subnets.get()));
      }
      run(meeting, open);
      return record(meeting, open);
    }

    private Optional<Meeting> claim(Meeting meeting, Set<Role> unclaimed, Subnet subnet) {
      Map<Role, Attempt> attempts = new LinkedHashMap<>();
      for (Role role : unclaimed) {
        attempts.put(role, Attempt.first(id, role, plan.machine().request(id, role, subnet)));
      }
      return meetings.claim(meeting, attempts);
    }

    /** Runs the attempts of the roles that this delivery has no machine for yet, side by side. */
    private void run(Meeting meeting, Set<Role> open) {
      Map<Role, Supplier<RunResult>> runs = new LinkedHashMap<>();
      for (Role role : open) {
        if (!started.containsKey(role)) {
          Attempt attempt = meeting.attempt(role).orElseThrow();
          runs.put(role, invocation.beside(() -> run(attempt)));
        }
      }
      runs.forEach((role, result) -> {
        switch (result.get()) {
          case Started(InstanceId instance) ->
              started.put(role, new Machine(role, meeting.attempt(role).orElseThrow(), instance));
          case NotStarted other -> refusals.put(role, other.refusal());
        }
      });
    }

    /** Sends the attempt's request until EC2 has said what became of it. */
    private RunResult run(Attempt attempt) {
      for (Backoff backoff = new Backoff(); ; ) {
        switch (fleet.run(attempt)) {
          case Unclear unclear -> {
            if (!backoff.pause(invocation)) {
              return unclear;
            }
          }
          case OtherRequest other -> {
            return adopt(attempt, other);
          }
          case RunResult settled -> {
            return settled;
          }
        }
      }
    }

    /**
     * The token went out with another request once: before the notebook was removed from the row,
     * or by hand. Its instance is the role's, if it can be found; another token could start a
     * second.
     */
    private RunResult adopt(Attempt attempt, OtherRequest other) {
      try {
        return fleet.find(attempt.token()).<RunResult>map(Started::new).orElse(other);
      } catch (FleetFailed failed) {
        return other;
      }
    }

    private Optional<Meeting> record(Meeting meeting, Set<Role> open) {
      Map<Role, Machine> machines = new LinkedHashMap<>(started);
      machines.keySet().retainAll(open);
      if (machines.keySet().equals(open)) {
        return meetings.complete(id, machines, Set.copyOf(plan.roles()));
      }
      return machines.isEmpty() ? Optional.of(meeting) : meetings.record(id, machines);
    }

    private boolean isLate(Meeting meeting) {
      return meeting.isLate(invocation.now(), plan.maxLateness());
    }

    /** The row names another instance for the role: somebody else decided. */
    private boolean superseded(Machine machine, Meeting meeting) {
      InstanceId recorded = meeting.instances().get(machine.role());
      return recorded != null && !recorded.equals(machine.instance());
    }

    private MeetingNotFound gone() {
      terminate(machine -> true);
      return new MeetingNotFound(id);
    }

    /**
     * The row does not want a launch. Where it was called off, what this delivery has recorded
     * before goes too; where it has moved on, only what nobody will find in the row.
     */
    private LaunchReport standDown(Meeting meeting) {
      terminate(machine ->
          meeting.calledOff()
              || !machine.instance().equals(meeting.instances().get(machine.role())));
      return report(meeting);
    }

    private void terminate(Predicate<Machine> unwanted) {
      List<Machine> machines = started.values().stream().filter(unwanted).toList();
      if (!machines.isEmpty()) {
        fleet.terminate(machines.stream().map(Machine::instance).toList());
        started.values().removeAll(machines);
      }
    }

    private LaunchReport report(Meeting meeting) {
      Map<Role, InstanceId> instances = new LinkedHashMap<>();
      for (Role role : plan.roles()) {
        InstanceId instance = meeting.instances().get(role);
        if (instance != null) {
          instances.put(role, instance);
        }
      }
      return new LaunchReport(id, meeting.status(), instances);
    }
  }
}
