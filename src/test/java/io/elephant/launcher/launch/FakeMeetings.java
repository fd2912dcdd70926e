package io.elephant.launcher.launch;

import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.meeting.WriteResult;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** The meetings' table in memory, with the conditions that {@link Meetings} promises. */
public final class FakeMeetings implements Meetings {

  private final Map<MeetingId, Meeting> rows = new LinkedHashMap<>();
  private final Map<MeetingId, String> failures = new HashMap<>();
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

  public Meeting row(MeetingId id) {
    return find(id).orElseThrow();
  }

  @Override
  public Optional<Meeting> find(MeetingId id) {
    Optional<Meeting> found = Optional.ofNullable(rows.get(id));
    Runnable hook = afterFind;
    afterFind = () -> {};
    hook.run();
    return found;
  }

  @Override
  public WriteResult claim(Meeting seen, Map<Role, LaunchState> first) {
    return write(
        seen.id(),
        row ->
            hasRecordAsIn(seen, row)
                && first.keySet().stream().noneMatch(role -> row.state(role).isPresent())
                && isOpen(row, first.keySet()),
        row -> with(row, first));
  }

  @Override
  public WriteResult advance(MeetingId id, Role role, LaunchState from, LaunchState to) {
    return write(
        id,
        row -> isOpen(row, Set.of(role)) && isAt(row, role, from),
        row -> with(row, Map.of(role, to)));
  }

  @Override
  public WriteResult lose(
      MeetingId id, Role role, InstanceId instance, LaunchState from, LaunchState to) {
    return write(
        id,
        row -> instance.equals(row.instances().get(role)) && isAt(row, role, from),
        row -> {
          Map<Role, InstanceId> instances = new HashMap<>(row.instances());
          if (to.recorded().isEmpty()) {
            instances.remove(role);
          }
          return new Meeting(
              row.id(),
              row.status(),
              row.meetTime(),
              instances,
              with(row, Map.of(role, to)).launchRecord());
        });
  }

  @Override
  public WriteResult fail(Meeting seen, Set<Role> open, String why) {
    return write(
        seen.id(),
        row -> row.beforeLaunched() && hasRecordAsIn(seen, row) && isOpen(row, open),
        row -> {
          failures.put(row.id(), why);
          return new Meeting(
              row.id(),
              Optional.of(Status.LAUNCH_FAILED),
              row.meetTime(),
              row.instances(),
              row.copied().or(row::launchRecord).or(() -> Optional.of(LaunchRecord.EMPTY)));
        });
  }

  /** What the row says about why its launch failed. */
  public Optional<String> failure(MeetingId id) {
    return Optional.ofNullable(failures.get(id));
  }

  @Override
  public WriteResult record(MeetingId id, Map<Role, StartedInstance> started) {
    return write(id, row -> takes(row, started), row -> recorded(row, started));
  }

  @Override
  public WriteResult complete(
      Meeting seen, Map<Role, StartedInstance> started, Set<Role> roles, String delivery) {
    return write(
        seen.id(),
        row ->
            takes(row, started)
                && started.keySet().containsAll(row.without(roles))
                && (!started.isEmpty() || row.beforeLaunched())
                && hasRecordAsIn(seen, row),
        row -> {
          failures.remove(row.id());
          Meeting recorded = recorded(row, started);
          return new Meeting(
              row.id(),
              Optional.of(Status.LAUNCHED),
              row.meetTime(),
              recorded.instances(),
              recorded
                  .launchRecord()
                  .map(launch -> new LaunchRecord(launch.states(), Optional.of(delivery))));
        });
  }

  private WriteResult write(
      MeetingId id, Predicate<Meeting> condition, UnaryOperator<Meeting> change) {
    Optional<Meeting> row = Optional.ofNullable(rows.get(id));
    Optional<Meeting> written = row.filter(Meeting::launchable).filter(condition).map(change);
    written.ifPresent(this::put);
    return written
        .<WriteResult>map(WriteResult.Written::new)
        .orElseGet(() -> new WriteResult.NotWritten(row));
  }

  /** There is a launch record where one was seen, and the same one where it was a copy. */
  private static boolean hasRecordAsIn(Meeting seen, Meeting row) {
    return row.copied().equals(seen.copied())
        && row.launchRecord().isPresent() == seen.launchRecord().isPresent();
  }

  /** The role's state is this revision of its claim. */
  private static boolean isAt(Meeting row, Role role, LaunchState from) {
    return row.state(role)
        .filter(state ->
            state.revision() == from.revision()
                && state.attempt().claim().equals(from.attempt().claim()))
        .isPresent();
  }

  private static boolean isOpen(Meeting row, Set<Role> roles) {
    return row.without(roles).equals(roles);
  }

  private static boolean takes(Meeting row, Map<Role, StartedInstance> started) {
    return isOpen(row, started.keySet())
        && started.values().stream()
            .allMatch(instance ->
                row.state(instance.role())
                    .filter(
                        state -> !state.isOver() && state.attempt().isSameAs(instance.attempt()))
                    .isPresent());
  }

  private static Meeting with(Meeting row, Map<Role, LaunchState> changed) {
    LaunchRecord before = row.launchRecord().orElse(LaunchRecord.EMPTY);
    Map<Role, LaunchState> states = new HashMap<>(before.states());
    states.putAll(changed);
    return new Meeting(
        row.id(),
        row.status(),
        row.meetTime(),
        row.instances(),
        Optional.of(new LaunchRecord(states, before.completedBy())));
  }

  private static Meeting recorded(Meeting row, Map<Role, StartedInstance> started) {
    Map<Role, InstanceId> instances = new HashMap<>(row.instances());
    Map<Role, LaunchState> recorded = new HashMap<>();
    started.forEach((role, instance) -> {
      instances.put(role, instance.instance());
      recorded.put(role, row.state(role).orElseThrow().with(instance.instance(), instance.found()));
    });
    Optional<LaunchRecord> launchRecord =
        started.isEmpty() ? row.launchRecord() : with(row, recorded).launchRecord();
    return new Meeting(row.id(), row.status(), row.meetTime(), instances, launchRecord);
  }
}
