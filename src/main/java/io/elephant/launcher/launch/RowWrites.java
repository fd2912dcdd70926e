package io.elephant.launcher.launch;

import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.WriteResult;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What one delivery writes into its row. Every method answers with the row as the write left it;
 * where it did not happen, or may not have, with the row as it is now.
 */
final class RowWrites {

  private final MeetingId id;
  private final Meetings meetings;
  private final Collection<Role> roles;
  private final Invocation invocation;
  private final RowAccess rows;
  private final Requests requests;
  private final LaunchProgress progress;
  private int claims;
  private boolean failureSaid;
  private boolean completed;

  RowWrites(
      MeetingId id,
      Meetings meetings,
      Collection<Role> roles,
      Invocation invocation,
      RowAccess rows,
      Requests requests,
      LaunchProgress progress) {
    this.id = id;
    this.meetings = meetings;
    this.roles = roles;
    this.invocation = invocation;
    this.rows = rows;
    this.requests = requests;
    this.progress = progress;
  }

  /** Claims the first attempts of these roles. */
  Optional<Meeting> claim(Meeting meeting, Collection<Role> unclaimed) {
    Map<Role, LaunchState> states = new LinkedHashMap<>();
    for (Role role : unclaimed) {
      Attempt first = requests.first(role, nextClaim(), 0);
      states.put(role, LaunchState.claim(first, invocation.now()));
    }
    return write(
        () -> meetings.claim(meeting, states),
        () -> states.forEach((role, state) -> progress.hasWritten(role, state.attempt())));
  }

  /** Whoever opened a role that was launched before wants a launch of its own. */
  Optional<Meeting> launchAgain(Role role, LaunchState over) {
    int number = Math.min(over.attempt().number() + 1, Attempt.LAST_NUMBER);
    Attempt first = requests.first(role, nextClaim(), number);
    return write(
        () -> meetings.advance(id, role, over, over.launchedAgain(first, invocation.now())),
        () -> progress.hasWritten(role, first));
  }

  private ClaimId nextClaim() {
    return new ClaimId(invocation.id() + "/" + claims++);
  }

  /** Goes on to a role's next attempt. */
  Optional<Meeting> advance(Role role, LaunchState from, LaunchState to) {
    return write(
        () -> meetings.advance(id, role, from, to),
        () -> {
          progress.hasWritten(role, to.attempt());
          invocation.tell(Step.of(role, from, to));
        });
  }

  /** Records instances, while other roles have none yet. */
  Optional<Meeting> record(Map<Role, StartedInstance> started) {
    return rows.after(() -> meetings.record(id, started));
  }

  /** Records the last instances, and says LAUNCHED. */
  Optional<Meeting> complete(Meeting meeting, Map<Role, StartedInstance> started) {
    return write(
        () -> meetings.complete(meeting, started, Set.copyOf(roles), invocation.id()),
        () -> completed = true);
  }

  /** Says LAUNCH_FAILED, and why. */
  Optional<Meeting> fail(Meeting meeting, Set<Role> open, String why) {
    return write(() -> meetings.fail(meeting, open, why), () -> failureSaid = true);
  }

  boolean hasSaidFailure() {
    return failureSaid;
  }

  /** Whether this delivery said LAUNCHED, also where it did not hear that it was written. */
  boolean hasCompleted(Meeting meeting) {
    return completed
        || meeting
            .launchRecord()
            .flatMap(LaunchRecord::completedBy)
            .filter(invocation.id()::equals)
            .isPresent();
  }

  private Optional<Meeting> write(Supplier<WriteResult> write, Runnable written) {
    return rows.after(() -> {
      WriteResult result = write.get();
      if (result instanceof WriteResult.Written) {
        written.run();
      }
      return result;
    });
  }
}
