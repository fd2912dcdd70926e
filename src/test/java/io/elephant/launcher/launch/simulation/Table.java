package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.WriteResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The meetings' table, without anything that goes wrong on the way there. It remembers every
 * version of the one row that a run is about.
 */
final class Table {

  final Rules rules;
  final Map<MeetingId, Meeting> others = new HashMap<>();
  private final List<Optional<Meeting>> versions = new ArrayList<>();
  private final List<Long> times = new ArrayList<>();
  private final LongSupplier clock;

  Table(Rules rules, Optional<Meeting> first, LongSupplier clock) {
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

  Optional<Meeting> row() {
    return versions.getLast();
  }

  int version() {
    return versions.size() - 1;
  }

  Optional<Meeting> row(int version) {
    return versions.get(version);
  }

  List<Optional<Meeting>> versionsSince(int first) {
    return versions.subList(first, versions.size());
  }

  Stream<Meeting> rowsSince(int first) {
    return versionsSince(first).stream().flatMap(Optional::stream);
  }

  /** What another function or an operator does to the row, if there is one. */
  void change(UnaryOperator<Meeting> change) {
    row().ifPresent(row -> add(Optional.of(change.apply(row))));
  }

  /** The row is put there, whatever was there before. */
  void put(Meeting row) {
    add(Optional.of(row));
  }

  void delete() {
    add(Optional.empty());
  }

  Optional<Meeting> find(MeetingId id) {
    return id.equals(Scenario.MEETING) ? row() : Optional.ofNullable(others.get(id));
  }

  /** The row as the write leaves it, where its conditions hold. */
  WriteResult write(MeetingId id, UnaryOperator<Optional<Meeting>> write, SimulatedProcess caller) {
    Optional<Meeting> row = find(id);
    return write
        .apply(row)
        .map(written -> save(written, caller))
        .orElseGet(() -> new WriteResult.NotWritten(row));
  }

  private WriteResult save(Meeting row, SimulatedProcess caller) {
    if (!row.id().equals(Scenario.MEETING)) {
      others.put(row.id(), row);
    } else {
      Optional<Meeting> before = row();
      add(Optional.of(row));
      rules.written(before, row, caller);
    }
    return new WriteResult.Written(row);
  }
}
