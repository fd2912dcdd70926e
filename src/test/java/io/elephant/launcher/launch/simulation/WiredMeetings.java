package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.fake.RowWrite;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Recording;
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
              throw new CallFailed("GetItem", Verdict.UNCLEAR, refusal, null);
            });
    wire.process().reads(id);
    row.ifPresent(seen -> seen.instances().values().forEach(wire.process()::isTold));
    return row;
  }

  @Override
  public WriteResult put(Meeting seen, Map<Role, LaunchState> states) {
    return write(() -> "put " + Describe.of(states), seen.id(), RowWrite.put(seen, states));
  }

  @Override
  public WriteResult fail(Meeting seen, Set<Role> open, String why) {
    return write(() -> "fail: " + why, seen.id(), RowWrite.fail(seen, open));
  }

  @Override
  public WriteResult lose(Meeting seen, Role role, LaunchState next) {
    return write(
        () -> "lose " + role + " for " + Describe.of(next),
        seen.id(),
        RowWrite.lose(seen, role, next));
  }

  @Override
  public WriteResult record(
      Meeting seen, Map<Role, Recording> recordings, Set<Role> roles, String delivery) {
    table.willRecord(recordings.values(), wire.process());
    return write(
        () -> "record " + Describe.of(recordings),
        seen.id(),
        RowWrite.record(seen, recordings, roles, delivery));
  }

  /** Where the condition fails, the row comes along, or does not: not every engine brings it. */
  private WriteResult write(Supplier<String> what, MeetingId id, RowWrite write) {
    WriteResult result =
        wire.call(
            () -> "UpdateItem " + what.get(),
            Mishap.OF_WRITES,
            _ -> {
              boolean bringsRowAlong = wire.bringsRowAlong();
              WriteResult written = table.write(id, write, wire.process());
              return bringsRowAlong ? written : withoutRow(written);
            },
            refusal -> {
              throw new CallFailed("UpdateItem", Verdict.UNCLEAR, refusal, null);
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
    wire.process().reads(row.id());
    row.instances().values().forEach(wire.process()::isTold);
  }
}
