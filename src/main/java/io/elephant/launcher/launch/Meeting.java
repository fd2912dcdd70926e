package io.elephant.launcher.launch;

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
 * @param notebook absent where no delivery has begun to launch
 */
public record Meeting(
    MeetingId id,
    Optional<Status> status,
    Optional<Instant> meetTime,
    Map<Role, InstanceId> instances,
    Optional<Notebook> notebook) {

  public Meeting {
    instances = Map.copyOf(instances);
  }

  /** The role's page in the notebook. */
  Optional<Page> page(Role role) {
    return notebook.map(notes -> notes.pages().get(role));
  }

  /** Those of {@code roles} that have no recorded machine, in the same order. */
  Set<Role> without(Collection<Role> roles) {
    Set<Role> open = new LinkedHashSet<>(roles);
    open.removeAll(instances.keySet());
    return open;
  }

  /** The row names the machine as its role's. */
  boolean names(Machine machine) {
    return machine.instance().equals(instances.get(machine.role()));
  }

  /**
   * The row names the machine, or may yet: its role is open and its attempt still counts. Where the
   * page is gone (an operator took the notebook away) the next one begins with the same token.
   */
  boolean mayHold(Machine machine) {
    return instances.containsKey(machine.role())
        ? names(machine)
        : page(machine.role())
            .map(page -> page.attempt().number() == machine.attempt().number())
            .orElse(true);
  }

  boolean launchable() {
    return status.map(Status::launchable).orElse(true);
  }

  boolean calledOff() {
    return status.map(Status::calledOff).orElse(false);
  }

  boolean beforeLaunched() {
    return status.map(Status.BEFORE_LAUNCHED::contains).orElse(true);
  }

  boolean isLate(Instant now, Duration maxLateness) {
    return meetTime.map(start -> !now.isBefore(start.plus(maxLateness))).orElse(false);
  }
}
