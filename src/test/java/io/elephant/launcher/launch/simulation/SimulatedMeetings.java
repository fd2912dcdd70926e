package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.fake.RowWrite;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.launch.simulation.Network.Call;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Recording;
import io.elephant.launcher.meeting.WriteResult;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The meetings' table as one process reaches it; a planted mistake overrides a method. */
class SimulatedMeetings implements Meetings {

  private final Network network;
  private final SimulatedProcess process;
  private final Table table;

  SimulatedMeetings(Network network, Table table) {
    this.network = network;
    this.process = network.process();
    this.table = table;
  }

  @Override
  public Optional<Meeting> find(MeetingId id) {
    Optional<Meeting> row =
        network.call(
            new Call<>(
                () -> "GetItem " + id,
                Mishap.Call.READ,
                _ -> {
                  process.lastSeen = table.version();
                  return table.find(id);
                },
                refusal -> {
                  throw new CallFailed("GetItem", Verdict.UNCLEAR, refusal, null);
                }));
    process.lastRead = id;
    row.ifPresent(seen -> process.told.addAll(seen.instances().values()));
    return row;
  }

  @Override
  public WriteResult put(Meeting seen, Map<Role, LaunchState> states) {
    return write("put", () -> Describe.of(states), seen, RowWrite.put(seen, states));
  }

  @Override
  public WriteResult fail(Meeting seen, Set<Role> open, String why) {
    return write("fail:", () -> why, seen, RowWrite.fail(seen, open));
  }

  @Override
  public WriteResult lose(Meeting seen, Role role, LaunchState next) {
    RowWrite write = RowWrite.lose(seen, role, next);
    return write("lose", () -> role + " for " + Describe.of(next), seen, write);
  }

  @Override
  public WriteResult record(
      Meeting seen, Map<Role, Recording> recordings, Set<Role> roles, String delivery) {
    table.rules.willRecord(recordings.values(), process);
    RowWrite write = RowWrite.record(seen, recordings, roles, delivery);
    return write("record", () -> Describe.of(recordings), seen, write);
  }

  private WriteResult write(String verb, Supplier<String> what, Meeting seen, RowWrite write) {
    WriteResult result =
        network.call(
            new Call<>(
                () -> "UpdateItem " + verb + " " + what.get(),
                Mishap.Call.WRITE,
                _ -> written(seen.id(), row -> apply(verb, write, row)),
                refusal -> {
                  throw new CallFailed("UpdateItem", Verdict.UNCLEAR, refusal, null);
                }));
    process.lastRead = null;
    Optional<Meeting> row =
        switch (result) {
          case WriteResult.Written(Meeting now) -> Optional.of(now);
          case WriteResult.NotWritten(Optional<Meeting> now) -> now;
        };
    row.ifPresent(now -> {
      process.lastSeen = table.version();
      process.lastRead = now.id();
      process.told.addAll(now.instances().values());
    });
    return result;
  }

  /** Where the condition fails, the row comes along, or does not: not every engine brings it. */
  private WriteResult written(MeetingId id, UnaryOperator<Optional<Meeting>> write) {
    boolean bringsRowAlong = network.choices().pick(2) == 0;
    WriteResult written = table.write(id, write, process);
    return written instanceof WriteResult.NotWritten && !bringsRowAlong
        ? new WriteResult.NotWritten(Optional.empty())
        : written;
  }

  /** What a write makes of a row; a planted mistake makes something else of it. */
  Optional<Meeting> apply(String verb, RowWrite write, Optional<Meeting> row) {
    return row.flatMap(write::to);
  }
}
