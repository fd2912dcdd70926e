package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.meeting.WriteResult;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The meetings' table with exactly the conditions that {@link
 * io.elephant.launcher.meeting.Meetings} promises, without anything that goes wrong on the way
 * there. It remembers every version of the one row that a run is about.
 */
final class Table {

  private final MeetingId meeting;
  private final Rules rules;
  private final Map<MeetingId, Meeting> others = new HashMap<>();
  private final List<Optional<Meeting>> versions = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();
  private final LongSupplier clock;
  private long fingerprint = Fingerprint.EMPTY;
  private int counted;

  Table(MeetingId meeting, Rules rules, Optional<Meeting> first, LongSupplier clock) {
    this.meeting = meeting;
    this.rules = rules;
    this.clock = clock;
    add(first);
  }

  private void add(Optional<Meeting> row) {
    versions.add(row);
    times.add(clock.getAsLong());
  }

  /** When the row became this version. */
  long time(int version) {
    return times.get(version);
  }

  void putOther(Meeting row) {
    others.put(row.id(), row);
  }

  Optional<Meeting> row() {
    return versions.getLast();
  }

  int version() {
    return versions.size() - 1;
  }

  List<Optional<Meeting>> versionsSince(int first) {
    return versions.subList(first, versions.size());
  }

  /** What another function or an operator does to the row, if there is one. */
  void change(UnaryOperator<Meeting> change) {
    row().ifPresent(row -> add(Optional.of(change.apply(row))));
  }

  /** The row is put there, whatever was there before. */
  void put(Meeting row) {
    add(Optional.of(row));
  }

  /** No other row is there any more either. */
  void empty() {
    others.clear();
  }

  void delete() {
    add(Optional.empty());
  }

  Optional<Meeting> find(MeetingId id) {
    return id.equals(meeting) ? row() : Optional.ofNullable(others.get(id));
  }

  WriteResult claim(Meeting seen, Map<Role, LaunchState> first, SimulatedProcess caller) {
    return write(
        caller,
        seen.id(),
        row ->
            first.keySet().stream()
                    .noneMatch(
                        role -> row.instances().containsKey(role) || states(row).containsKey(role))
                && hasRecordAsIn(seen, row),
        row -> with(row, first));
  }

  WriteResult advance(
      MeetingId id, Role role, LaunchState from, LaunchState to, SimulatedProcess caller) {
    return write(
        caller,
        id,
        row -> !row.instances().containsKey(role) && isAt(row, role, from),
        row -> with(row, Map.of(role, to)));
  }

  /** The role's state is this revision of its claim. */
  private static boolean isAt(Meeting row, Role role, LaunchState from) {
    LaunchState state = states(row).get(role);
    return state != null
        && state.revision() == from.revision()
        && state.attempt().claim().equals(from.attempt().claim());
  }

  WriteResult lose(
      MeetingId id,
      Role role,
      InstanceId instance,
      LaunchState from,
      LaunchState to,
      SimulatedProcess caller) {
    return write(
        caller,
        id,
        row -> instance.equals(row.instances().get(role)) && isAt(row, role, from),
        row -> without(row, role, to));
  }

  /** The instance is taken out where the state has none. */
  static Meeting without(Meeting row, Role role, LaunchState to) {
    Map<Role, InstanceId> instances = new HashMap<>(row.instances());
    if (to.recorded().isEmpty()) {
      instances.remove(role);
    }
    return new Meeting(
        row.id(),
        row.status(),
        row.meetTime(),
        instances,
        with(row, Map.of(role, to)).launchRecord());
  }

  WriteResult fail(Meeting seen, Set<Role> open, SimulatedProcess caller) {
    return write(
        caller,
        seen.id(),
        row ->
            row.status().map(Status.BEFORE_LAUNCHED::contains).orElse(true)
                && open.stream().noneMatch(row.instances()::containsKey)
                && hasRecordAsIn(seen, row),
        row ->
            new Meeting(
                row.id(),
                Optional.of(Status.LAUNCH_FAILED),
                row.meetTime(),
                row.instances(),
                row.copied().isPresent()
                    ? row.copied()
                    : Optional.of(row.launchRecord().orElse(LaunchRecord.EMPTY))));
  }

  /** There is a launch record where one was seen, and the same one where it was a copy. */
  private static boolean hasRecordAsIn(Meeting seen, Meeting row) {
    return row.copied().equals(seen.copied())
        && row.launchRecord().isPresent() == seen.launchRecord().isPresent();
  }

  /** The process has decided to record; the request is still to be sent. */
  void willRecord(Collection<StartedInstance> instances, SimulatedProcess caller) {
    for (StartedInstance started : instances) {
      rules.settles(started.instance(), caller);
    }
    rules.willRecord(instances.stream().map(StartedInstance::instance).toList(), caller);
  }

  WriteResult record(MeetingId id, Map<Role, StartedInstance> started, SimulatedProcess caller) {
    return write(
        caller,
        id,
        row -> started.values().stream().allMatch(instance -> takes(row, instance)),
        row ->
            with(
                row, started, row.status(), row.launchRecord().flatMap(LaunchRecord::completedBy)));
  }

  WriteResult complete(
      Meeting seen,
      Map<Role, StartedInstance> started,
      Set<Role> roles,
      String delivery,
      SimulatedProcess caller) {
    return write(
        caller,
        seen.id(),
        row ->
            started.values().stream().allMatch(instance -> takes(row, instance))
                && hasRecordAsIn(seen, row)
                && (!started.isEmpty() || row.beforeLaunched())
                && roles.stream()
                    .allMatch(
                        role -> started.containsKey(role) || row.instances().containsKey(role)),
        row -> with(row, started, Optional.of(Status.LAUNCHED), Optional.of(delivery)));
  }

  /** A write without any condition, such as only a planted mistake makes. */
  WriteResult force(Meeting row, SimulatedProcess caller) {
    return save(row, caller);
  }

  private WriteResult write(
      SimulatedProcess caller,
      MeetingId id,
      Predicate<Meeting> condition,
      UnaryOperator<Meeting> change) {
    Optional<Meeting> row = find(id);
    return row.filter(found -> found.launchable() && condition.test(found))
        .map(found -> save(change.apply(found), caller))
        .orElseGet(() -> new WriteResult.NotWritten(row));
  }

  private WriteResult save(Meeting row, SimulatedProcess caller) {
    if (!row.id().equals(meeting)) {
      others.put(row.id(), row);
    } else {
      Optional<Meeting> before = row();
      add(Optional.of(row));
      rules.written(before, row, caller);
    }
    return new WriteResult.Written(row);
  }

  private static boolean takes(Meeting row, StartedInstance started) {
    LaunchState state = states(row).get(started.role());
    return !row.instances().containsKey(started.role())
        && state != null
        && !state.isOver()
        && state.attempt().isSameAs(started.attempt());
  }

  static Meeting with(Meeting row, Map<Role, LaunchState> changed) {
    Map<Role, LaunchState> states = new HashMap<>(states(row));
    states.putAll(changed);
    return new Meeting(
        row.id(),
        row.status(),
        row.meetTime(),
        row.instances(),
        Optional.of(
            new LaunchRecord(states, row.launchRecord().flatMap(LaunchRecord::completedBy))));
  }

  static Meeting with(
      Meeting row,
      Map<Role, StartedInstance> started,
      Optional<Status> status,
      Optional<String> completedBy) {
    Map<Role, InstanceId> instances = new HashMap<>(row.instances());
    Map<Role, LaunchState> states = new HashMap<>(states(row));
    started.forEach((role, instance) -> {
      instances.put(role, instance.instance());
      states.computeIfPresent(
          role, (_, state) -> state.with(instance.instance(), instance.found()));
    });
    Optional<LaunchRecord> launchRecord =
        row.launchRecord().map(_ -> new LaunchRecord(states, completedBy));
    return new Meeting(row.id(), status, row.meetTime(), instances, launchRecord);
  }

  static Map<Role, LaunchState> states(Meeting row) {
    return row.launchRecord().map(LaunchRecord::states).orElse(Map.of());
  }

  /** Every version counts: what a delivery may report depends on what the row once was. */
  long fingerprint() {
    for (; counted < versions.size(); counted++) {
      fingerprint = Fingerprint.mix(fingerprint, Words.of(versions.get(counted)));
    }
    return fingerprint;
  }
}
