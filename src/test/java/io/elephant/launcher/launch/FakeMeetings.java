package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure.MeetingUnreadable;
import io.elephant.launcher.fake.RowWrite;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Recording;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.meeting.WriteResult;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The meetings' table in memory. */
public final class FakeMeetings implements Meetings {

  private final Map<MeetingId, Meeting> rows = new HashMap<>();
  private final Map<MeetingId, String> failures = new HashMap<>();
  private final Set<MeetingId> unreadable = new HashSet<>();
  private Runnable afterFind = () -> {};

  /** What somebody else does right after the next read. */
  public void afterNextFind(Runnable hook) {
    afterFind = hook;
  }

  public void put(Meeting meeting) {
    rows.put(meeting.id(), meeting);
  }

  public void delete(MeetingId id) {
    rows.remove(id);
  }

  public void change(MeetingId id, UnaryOperator<Meeting> change) {
    rows.computeIfPresent(id, (_, meeting) -> change.apply(meeting));
  }

  /** Somebody else's write of these two attributes, which leaves the launch record alone. */
  public void change(MeetingId id, Status status, Map<Role, InstanceId> instances) {
    change(
        id,
        row -> new Meeting(id, Optional.of(status), row.meetTime(), instances, row.launchRecord()));
  }

  /** From now on the row has an attribute that nobody understands. */
  public void makeUnreadable(MeetingId id) {
    unreadable.add(id);
  }

  public Meeting row(MeetingId id) {
    return Optional.ofNullable(rows.get(id)).orElseThrow();
  }

  /** What the row says about why its launch failed. */
  public Optional<String> failure(MeetingId id) {
    return Optional.ofNullable(failures.get(id));
  }

  @Override
  public Optional<Meeting> find(MeetingId id) {
    Optional<Meeting> found = Optional.ofNullable(rows.get(id));
    Runnable hook = afterFind;
    afterFind = () -> {};
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
