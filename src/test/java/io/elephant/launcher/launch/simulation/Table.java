package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Recording;
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

  WriteResult put(Meeting seen, Map<Role, LaunchState> states, SimulatedProcess caller) {
    return write(
        caller,
        seen.id(),
        row ->
            states.keySet().stream()
                    .allMatch(role -> !row.instances().containsKey(role) && isAsIn(seen, row, role))
                && hasRecordAsIn(seen, row),
        row -> with(row, states));
  }

  /** The role's state is as it was seen: no two of a claim have the same attempt. */
  private static boolean isAsIn(Meeting seen, Meeting row, Role role) {
    LaunchState before = states(seen).get(role);
    LaunchState now = states(row).get(role);
    return before == null || now == null
        ? before == now
        : now.isAt(before.attempt()) && now.recorded().equals(before.recorded());
  }

  WriteResult lose(Meeting seen, Role role, LaunchState next, SimulatedProcess caller) {
    boolean takesOut = next.recorded().isEmpty();
    return write(
        caller,
        seen.id(),
        row ->
            row.names(role, seen.instances().get(role))
                && isAsIn(seen, row, role)
                && (!takesOut || row.beforeLaunched() == seen.beforeLaunched()),
        row -> without(row, role, next));
  }

  /** The instance is taken out where the state has none. */
  static Meeting without(Meeting row, Role role, LaunchState to) {
    Map<Role, InstanceId> instances = new HashMap<>(row.instances());
    Optional<Status> status = row.status();
    if (to.recorded().isEmpty()) {
      instances.remove(role);
      status = row.beforeLaunched() ? status : Optional.of(Status.SCHEDULED);
    }
    return new Meeting(
        row.id(), status, row.meetTime(), instances, with(row, Map.of(role, to)).launchRecord());
  }

  WriteResult fail(Meeting seen, Set<Role> open, SimulatedProcess caller) {
    return write(
        caller,
        seen.id(),
        row ->
            row.beforeLaunched()
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
  void willRecord(Collection<Recording> recordings, SimulatedProcess caller) {
    for (Recording recording : recordings) {
      rules.settles(recording.instance(), caller);
    }
    rules.willRecord(recordings.stream().map(Recording::instance).toList(), caller);
  }

  WriteResult record(
      Meeting seen,
      Map<Role, Recording> recordings,
      Set<Role> roles,
      String delivery,
      SimulatedProcess caller) {
    boolean completes = recordings.keySet().containsAll(seen.missing(roles));
    return write(
        caller,
        seen.id(),
        row ->
            recordings.entrySet().stream().allMatch(one -> takes(row, one.getKey(), one.getValue()))
                && (!completes
                    || (hasRecordAsIn(seen, row)
                        && (!recordings.isEmpty() || row.beforeLaunched())
                        && recordings.keySet().containsAll(row.missing(roles)))),
        row ->
            completes
                ? with(row, recordings, Optional.of(Status.LAUNCHED), Optional.of(delivery))
                : with(
                    row,
                    recordings,
                    row.status(),
                    row.launchRecord().flatMap(LaunchRecord::completedBy)));
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

  private static boolean takes(Meeting row, Role role, Recording recording) {
    LaunchState state = states(row).get(role);
    return !row.instances().containsKey(role)
        && state != null
        && !state.isOver()
        && state.isAt(recording.attempt());
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
      Map<Role, Recording> recordings,
      Optional<Status> status,
      Optional<String> completedBy) {
    Map<Role, InstanceId> instances = new HashMap<>(row.instances());
    Map<Role, LaunchState> states = new HashMap<>(states(row));
    recordings.forEach((role, recording) -> {
      instances.put(role, recording.instance());
      states.computeIfPresent(
          role, (_, state) -> state.with(recording.instance(), recording.unlooked()));
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
      fingerprint = Fingerprint.mix(fingerprint, Describe.of(versions.get(counted)));
    }
    return fingerprint;
  }
}
