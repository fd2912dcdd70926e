package io.elephant.launcher.launch;

import io.elephant.launcher.failure.MeetingsUnclear;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.WriteResult;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** A delivery's way to its row: it repeats what may help, for as long as there is time. */
final class RowAccess {

  /** As long as one call to the table can take. */
  private static final Duration RESERVE = Duration.ofMillis(3_500);

  private final MeetingId id;
  private final Meetings meetings;
  private final Invocation invocation;
  private final Backoff betweenWrites;

  RowAccess(MeetingId id, Meetings meetings, Invocation invocation) {
    this.id = id;
    this.meetings = meetings;
    this.invocation = invocation;
    this.betweenWrites = new Backoff(invocation, RESERVE);
  }

  /** The row as it is now. */
  Optional<Meeting> read() {
    return new Backoff(invocation, RESERVE).repeat(() -> meetings.find(id));
  }

  /** The row as a write left it; where it did not happen, or may not have, as it is now. */
  Optional<Meeting> after(Supplier<WriteResult> write) {
    try {
      WriteResult result = write.get();
      betweenWrites.shorten();
      return switch (result) {
        case WriteResult.Written(Meeting row) -> Optional.of(row);
        case WriteResult.NotWritten(Optional<Meeting> row) -> row.or(this::read);
      };
    } catch (MeetingsUnclear e) {
      if (!betweenWrites.pause()) {
        throw e;
      }
      return read();
    }
  }
}
