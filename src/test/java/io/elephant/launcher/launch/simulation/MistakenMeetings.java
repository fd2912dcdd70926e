package io.elephant.launcher.launch.simulation;

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
import java.util.function.UnaryOperator;

/** The table, to be mistaken about in one point. */
class MistakenMeetings implements Meetings {

  private final Meetings meetings;
  private final Table table;
  private final SimulatedProcess process;

  MistakenMeetings(Meetings meetings, Table table, SimulatedProcess process) {
    this.meetings = meetings;
    this.table = table;
    this.process = process;
  }

  /** A write whose only condition is that there is a row. */
  WriteResult force(Meeting seen, UnaryOperator<Meeting> change) {
    meetings.find(seen.id());
    return table
        .find(seen.id())
        .map(row -> force(change.apply(row)))
        .orElseGet(() -> new WriteResult.NotWritten(Optional.empty()));
  }

  /** A write without any condition. */
  WriteResult force(Meeting row) {
    return table.force(row, process);
  }

  /** Whether there is a row, whatever the protocol was told. */
  boolean hasRow(MeetingId id) {
    return table.find(id).isPresent();
  }

  @Override
  public Optional<Meeting> find(MeetingId id) {
    return meetings.find(id);
  }

  @Override
  public WriteResult put(Meeting seen, Map<Role, LaunchState> states) {
    return meetings.put(seen, states);
  }

  @Override
  public WriteResult record(
      Meeting seen, Map<Role, Recording> recordings, Set<Role> roles, String delivery) {
    return meetings.record(seen, recordings, roles, delivery);
  }

  @Override
  public WriteResult lose(Meeting seen, Role role, LaunchState next) {
    return meetings.lose(seen, role, next);
  }

  @Override
  public WriteResult fail(Meeting seen, Set<Role> open, String why) {
    return meetings.fail(seen, open, why);
  }
}
