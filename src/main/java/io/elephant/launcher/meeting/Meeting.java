package io.elephant.launcher.meeting;

import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
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
 * @param instances the recorded instances
 * @param launchRecord absent where no delivery has begun to launch
 * @param copied another meeting's launch record, where somebody copied that meeting's row; then
 *     neither this nor the instances beside it are this meeting's
 */
public record Meeting(
    MeetingId id,
    Optional<Status> status,
    Optional<Instant> meetTime,
    Map<Role, InstanceId> instances,
    Optional<LaunchRecord> launchRecord,
    Optional<LaunchRecord> copied) {

  public Meeting {
    instances = Map.copyOf(instances);
  }

  /** The row with these attributes, which knows a copied launch record by its tokens. */
  public Meeting(
      MeetingId id,
      Optional<Status> status,
      Optional<Instant> meetTime,
      Map<Role, InstanceId> instances,
      Optional<LaunchRecord> launchRecord) {
    this(
        id,
        status,
        meetTime,
        isCopy(id, launchRecord) ? Map.of() : instances,
        launchRecord.filter(launch -> launch.isOf(id)),
        launchRecord.filter(launch -> !launch.isOf(id)));
  }

  private static boolean isCopy(MeetingId id, Optional<LaunchRecord> launchRecord) {
    return launchRecord.filter(launch -> !launch.isOf(id)).isPresent();
  }

  /** The role's recorded instance. */
  public Optional<InstanceId> instance(Role role) {
    return Optional.ofNullable(instances.get(role));
  }

  /** The role's state in the launch record. */
  public Optional<LaunchState> state(Role role) {
    return Optional.ofNullable(states().get(role));
  }

  private Map<Role, LaunchState> states() {
    return launchRecord.map(LaunchRecord::states).orElse(Map.of());
  }

  /** The role's state, where its launch has begun and no instance was recorded under it. */
  public Optional<LaunchState> begun(Role role) {
    return state(role).filter(state -> !state.isOver());
  }

  /** Whether the launch of one of these roles has begun, and no instance was recorded under it. */
  public boolean hasBegun(Collection<Role> open) {
    return open.stream().anyMatch(role -> begun(role).isPresent());
  }

  /** Those of {@code roles} that have no recorded instance, in the same order. */
  public Set<Role> missing(Collection<Role> roles) {
    Set<Role> open = new LinkedHashSet<>(roles);
    open.removeAll(instances.keySet());
    return open;
  }

  /** Whether the row names the instance as its role's. */
  public boolean names(Role role, InstanceId instance) {
    return instance(role).filter(instance::equals).isPresent();
  }

  /** Whether instances of other attempts than those that count may be running. */
  public boolean mayHaveOthers() {
    return states().values().stream().anyMatch(LaunchState::mayHaveOthers);
  }

  /** When the launch began, as far as the launch record says it. */
  public Optional<Instant> claimed() {
    return states().values().stream().map(LaunchState::claimed).min(Instant::compareTo);
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

  public boolean isEarly(Instant now, Duration maxEarliness) {
    return meetTime.map(start -> now.isBefore(start.minus(maxEarliness))).orElse(false);
  }
}
