package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.MeetingsUnclear;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** One process's way to the meetings' table. */
final class WiredMeetings implements Meetings {

  private final Wire wire;
  private final Table table;

  WiredMeetings(Wire wire, Table table) {
    this.wire = wire;
    this.table = table;
  }

  @Override
  public Optional<Meeting> find(MeetingId id) {
    Optional<Meeting> row =
        wire.call(
            () -> "GetItem " + id,
            Mishap.OF_READS,
            _ -> {
              wire.process().see(table.version());
              return table.find(id);
            },
            refusal -> {
              throw failed("GetItem", refusal);
            });
    wire.process().reads(id);
    row.ifPresent(seen -> seen.instances().values().forEach(wire.process()::isTold));
    return row;
  }

  @Override
  public Optional<Meeting> claim(Meeting seen, Map<Role, LaunchState> first) {
    return write(() -> "claim " + Words.of(first), () -> table.claim(seen, first, wire.process()));
  }

  @Override
  public Optional<Meeting> advance(MeetingId id, Role role, LaunchState from, LaunchState to) {
    return write(
        () -> "advance %s from %d to %s".formatted(role, from.attempt().number(), Words.of(to)),
        () -> table.advance(id, role, from, to, wire.process()));
  }

  @Override
  public Optional<Meeting> fail(Meeting seen, Set<Role> open, String why) {
    return write(() -> "fail: " + why, () -> table.fail(seen, open, wire.process()));
  }

  @Override
  public Optional<Meeting> record(MeetingId id, Map<Role, StartedInstance> started) {
    Map<Role, StartedInstance> machines = Map.copyOf(started);
    return write(
        () -> "record " + Words.of(machines), () -> table.record(id, machines, wire.process()));
  }

  @Override
  public Optional<Meeting> complete(
      MeetingId id, Map<Role, StartedInstance> started, Set<Role> roles) {
    Map<Role, StartedInstance> machines = Map.copyOf(started);
    return write(
        () -> "complete " + Words.of(machines),
        () -> table.complete(id, machines, roles, wire.process()));
  }

  private Optional<Meeting> write(Supplier<String> what, Supplier<Optional<Meeting>> effect) {
    Optional<Meeting> row =
        wire.call(
            () -> "UpdateItem " + what.get(),
            Mishap.OF_WRITES,
            _ -> effect.get(),
            refusal -> {
              throw failed("UpdateItem", refusal);
            });
    row.ifPresent(seen -> {
      wire.process().see(table.version());
      seen.instances().values().forEach(wire.process()::isTold);
    });
    return row;
  }

  private static MeetingsUnclear failed(String action, Refusal refusal) {
    return new MeetingsUnclear(action, refusal, new RuntimeException());
  }
}
