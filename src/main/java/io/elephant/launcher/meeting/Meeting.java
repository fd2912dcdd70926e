package io.elephant.launcher.meeting;

import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.instance.StartedInstance;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A meeting's row as it was read.
 *
 * @param status absent where the row has none, which counts as not yet launched
 * @param meetTime when the meeting starts, where the row says so
 * @param instances the recorded machines
 * @param launchRecord absent where no delivery has begun to launch
 */
public record Meeting(
    MeetingId id,
    Optional<Status> status,
    Optional<Instant> meetTime,
    Map<Role, InstanceId> instances,
    Optional<LaunchRecord> launchRecord) {

  public Meeting {
    instances = Map.copyOf(instances);
  }

  /** The role's state in the launch record. */
  public Optional<LaunchState> state(Role role) {
    return launchRecord.map(launch -> launch.states().get(role));
  }

  /** Those of {@code roles} that have no recorded machine, in the same order. */
  public Set<Role> without(Collection<Role> roles) {
    Set<Role> open = new LinkedHashSet<>(roles);
    open.removeAll(instances.keySet());
    return open;
  }

  /** The row names the machine as its role's. */
  public boolean names(StartedInstance machine) {
    return machine.instance().equals(instances.get(machine.role()));
  }

  /**
   * The row names the machine, or may yet: its role is open and its attempt still counts. Where the
   * state is gone (an operator took the launch record away) the next one begins with the same
   * token.
   */
  public boolean mayHold(StartedInstance machine) {
    return instances.containsKey(machine.role())
        ? names(machine)
        : state(machine.role())
            .map(state -> state.attempt().number() == machine.attempt().number())
            .orElse(true);
  }

  public boolean launchable() {
    return status.map(Status::launchable).orElse(true);
  }

  public boolean cancelled() {
    return status.map(Status::cancelled).orElse(false);
  }

  public boolean beforeLaunched() {
    return status.map(Status.BEFORE_LAUNCHED::contains).orElse(true);
  }

  public boolean isLate(Instant now, Duration maxLateness) {
    return meetTime.map(start -> !now.isBefore(start.plus(maxLateness))).orElse(false);
  }
}
