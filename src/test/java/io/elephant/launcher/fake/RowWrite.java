package io.elephant.launcher.fake;

import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Recording;
import io.elephant.launcher.meeting.Status;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A conditional write to a meeting's row: the conditions that {@link
 * io.elephant.launcher.meeting.Meetings} promises, and what the write makes of the row.
 */
public record RowWrite(Predicate<Meeting> condition, UnaryOperator<Meeting> change) {

  /** The row as the write leaves it; nothing where a condition does not hold. */
  public Optional<Meeting> to(Meeting row) {
    return Optional.of(row).filter(Meeting::launchable).filter(condition).map(change);
  }

  public static RowWrite put(Meeting seen, Map<Role, LaunchState> states) {
    return new RowWrite(
        row ->
            states.keySet().stream()
                    .allMatch(role -> !row.instances().containsKey(role) && isAsIn(seen, row, role))
                && hasRecordAsIn(seen, row),
        row -> with(row, states));
  }

  public static RowWrite lose(Meeting seen, Role role, LaunchState next) {
    return new RowWrite(
        row ->
            row.names(role, seen.instances().get(role))
                && isAsIn(seen, row, role)
                && (next.isOver() || row.beforeLaunched() == seen.beforeLaunched()),
        row -> without(row, role, next));
  }

  public static RowWrite fail(Meeting seen, Set<Role> open) {
    return new RowWrite(
        row ->
            row.beforeLaunched()
                && open.stream().noneMatch(row.instances()::containsKey)
                && hasRecordAsIn(seen, row),
        row ->
            new Meeting(
                row.id(),
                Optional.of(Status.LAUNCH_FAILED),
                row.meetTime(),
                row.instances(),
                row.copied().or(row::launchRecord).or(() -> Optional.of(LaunchRecord.EMPTY))));
  }

  public static RowWrite record(
      Meeting seen, Map<Role, Recording> recordings, Set<Role> roles, String delivery) {
    // No role lacks an instance after them, as far as the row was seen.
    boolean completes = recordings.keySet().containsAll(seen.missing(roles));
    return new RowWrite(
        row ->
            recordings.entrySet().stream().allMatch(one -> takes(row, one.getKey(), one.getValue()))
                && (!completes
                    || (hasRecordAsIn(seen, row)
                        && (!recordings.isEmpty() || row.beforeLaunched())
                        && recordings.keySet().containsAll(row.missing(roles)))),
        row ->
            completes
                ? with(row, recordings, Optional.of(Status.LAUNCHED), Optional.of(delivery))
                : with(
                    row,
                    recordings,
                    row.status(),
                    row.launchRecord().flatMap(LaunchRecord::completedBy)));
  }

  /** The role's state is as it was seen: no two of a claim have the same attempt. */
  private static boolean isAsIn(Meeting seen, Meeting row, Role role) {
    Optional<LaunchState> before = seen.state(role);
    Optional<LaunchState> now = row.state(role);
    return now.isPresent() == before.isPresent()
        && now.flatMap(LaunchState::recorded).equals(before.flatMap(LaunchState::recorded))
        && now.filter(state -> !state.attempt().isSameAs(before.orElseThrow().attempt())).isEmpty();
  }

  /** There is a launch record where one was seen, and the same one where it was a copy. */
  private static boolean hasRecordAsIn(Meeting seen, Meeting row) {
    return row.copied().equals(seen.copied())
        && row.launchRecord().isPresent() == seen.launchRecord().isPresent();
  }

  private static boolean takes(Meeting row, Role role, Recording recording) {
    LaunchState state = states(row).get(role);
    return !row.instances().containsKey(role)
        && state != null
        && !state.isOver()
        && state.attempt().isSameAs(recording.attempt());
  }

  public static Map<Role, LaunchState> states(Meeting row) {
    return row.launchRecord().map(LaunchRecord::states).orElse(Map.of());
  }

  public static Meeting with(Meeting row, Status status) {
    return new Meeting(
        row.id(),
        Optional.of(status),
        row.meetTime(),
        row.instances(),
        row.launchRecord(),
        row.copied());
  }

  /** The row with these states, too. */
  public static Meeting with(Meeting row, Map<Role, LaunchState> changed) {
    Map<Role, LaunchState> states = new HashMap<>(states(row));
    states.putAll(changed);
    return new Meeting(
        row.id(),
        row.status(),
        row.meetTime(),
        row.instances(),
        Optional.of(
            new LaunchRecord(states, row.launchRecord().flatMap(LaunchRecord::completedBy))));
  }

  /** The row with these instances, which their states name, too. */
  public static Meeting with(
      Meeting row,
      Map<Role, Recording> recordings,
      Optional<Status> status,
      Optional<String> completedBy) {
    Map<Role, InstanceId> instances = new HashMap<>(row.instances());
    Map<Role, LaunchState> states = new HashMap<>(states(row));
    recordings.forEach((role, recording) -> {
      instances.put(role, recording.instance());
      states.computeIfPresent(
          role, (_, state) -> state.with(recording.instance(), recording.unlooked()));
    });
    Optional<LaunchRecord> launchRecord =
        row.launchRecord().map(_ -> new LaunchRecord(states, completedBy));
    return new Meeting(row.id(), status, row.meetTime(), instances, launchRecord);
  }

  /** The row after a loss: the instance is taken out where the state has none. */
  public static Meeting without(Meeting row, Role role, LaunchState to) {
    Map<Role, InstanceId> instances = new HashMap<>(row.instances());
    Optional<Status> status = row.status();
    if (!to.isOver()) {
      instances.remove(role);
      status = row.beforeLaunched() ? status : Optional.of(Status.SCHEDULED);
    }
    return new Meeting(
        row.id(), status, row.meetTime(), instances, with(row, Map.of(role, to)).launchRecord());
  }
}
