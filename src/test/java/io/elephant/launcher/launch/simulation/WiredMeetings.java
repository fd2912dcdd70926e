package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.MeetingsUnclear;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.WriteResult;
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
  public WriteResult claim(Meeting seen, Map<Role, LaunchState> first) {
    return write(() -> "claim " + Words.of(first), () -> table.claim(seen, first, wire.process()));
  }

  @Override
  public WriteResult advance(MeetingId id, Role role, LaunchState from, LaunchState to) {
    return write(
        () -> "advance %s from %d to %s".formatted(role, from.attempt().number(), Words.of(to)),
        () -> table.advance(id, role, from, to, wire.process()));
  }

  @Override
  public WriteResult fail(Meeting seen, Set<Role> open, String why) {
    return write(() -> "fail: " + why, () -> table.fail(seen, open, wire.process()));
  }

  @Override
  public WriteResult lose(
      MeetingId id, Role role, InstanceId instance, LaunchState from, LaunchState to) {
    return write(
        () -> "lose " + role + " " + instance + " for " + Words.of(to),
        () -> table.lose(id, role, instance, from, to, wire.process()));
  }

  @Override
  public WriteResult record(MeetingId id, Map<Role, StartedInstance> started) {
    Map<Role, StartedInstance> instances = Map.copyOf(started);
    table.willRecord(instances.values(), wire.process());
    return write(
        () -> "record " + Words.of(instances), () -> table.record(id, instances, wire.process()));
  }

  @Override
  public WriteResult complete(
      Meeting seen, Map<Role, StartedInstance> started, Set<Role> roles, String delivery) {
    Map<Role, StartedInstance> instances = Map.copyOf(started);
    table.willRecord(instances.values(), wire.process());
    return write(
        () -> "complete " + Words.of(instances),
        () -> table.complete(seen, instances, roles, delivery, wire.process()));
  }

  /** Where the condition fails, the row comes along, or does not: not every engine brings it. */
  private WriteResult write(Supplier<String> what, Supplier<WriteResult> effect) {
    WriteResult result =
        wire.call(
            () -> "UpdateItem " + what.get(),
            Mishap.OF_WRITES,
            _ -> wire.bringsRowAlong() ? effect.get() : withoutRow(effect.get()),
            refusal -> {
              throw failed("UpdateItem", refusal);
            });
    switch (result) {
      case WriteResult.Written(Meeting row) -> learn(row);
      case WriteResult.NotWritten(Optional<Meeting> row) -> row.ifPresent(this::learn);
    }
    return result;
  }

  private static WriteResult withoutRow(WriteResult result) {
    return result instanceof WriteResult.NotWritten
        ? new WriteResult.NotWritten(Optional.empty())
        : result;
  }

  private void learn(Meeting row) {
    wire.process().see(table.version());
    row.instances().values().forEach(wire.process()::isTold);
  }

  private static MeetingsUnclear failed(String action, Refusal refusal) {
    return new MeetingsUnclear(action, refusal, new RuntimeException());
  }
}
