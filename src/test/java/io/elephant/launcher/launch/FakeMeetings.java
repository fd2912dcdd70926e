package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure.MeetingUnreadable;
import io.elephant.launcher.fake.RowWrite;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Recording;
import io.elephant.launcher.meeting.WriteResult;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The meetings' table in memory. */
public final class FakeMeetings implements Meetings {

  public final Map<MeetingId, Meeting> rows = new HashMap<>();

  /** What the rows say about why a launch failed. */
  public final Map<MeetingId, String> failures = new HashMap<>();

  /** The rows with an attribute that nobody understands. */
  public final Set<MeetingId> unreadable = new HashSet<>();

  /** What somebody else does right after the next read. */
  public Runnable afterNextFind = () -> {};

  public void put(Meeting meeting) {
    rows.put(meeting.id(), meeting);
  }

  @Override
  public Optional<Meeting> find(MeetingId id) {
    Optional<Meeting> found = Optional.ofNullable(rows.get(id));
    Runnable hook = afterNextFind;
    afterNextFind = () -> {};
    hook.run();
    if (unreadable.contains(id)) {
      throw new MeetingUnreadable(id.value(), "meet_time", "is not a string");
    }
    return found;
  }

  @Override
  public WriteResult put(Meeting seen, Map<Role, LaunchState> states) {
    return write(seen, RowWrite.put(seen, states));
  }

  @Override
  public WriteResult record(
      Meeting seen, Map<Role, Recording> recordings, Set<Role> roles, String delivery) {
    return write(seen, RowWrite.record(seen, recordings, roles, delivery));
  }

  @Override
  public WriteResult lose(Meeting seen, Role role, LaunchState next) {
    return write(seen, RowWrite.lose(seen, role, next));
  }

  @Override
  public WriteResult fail(Meeting seen, Set<Role> open, String why) {
    WriteResult result = write(seen, RowWrite.fail(seen, open));
    if (result instanceof WriteResult.Written) {
      failures.put(seen.id(), why);
    }
    return result;
  }

  private WriteResult write(Meeting seen, RowWrite write) {
    Optional<Meeting> row = Optional.ofNullable(rows.get(seen.id()));
    Optional<Meeting> written = row.flatMap(write::to);
    written.ifPresent(this::put);
    return written
        .<WriteResult>map(WriteResult.Written::new)
        .orElseGet(() -> new WriteResult.NotWritten(row));
  }
}
