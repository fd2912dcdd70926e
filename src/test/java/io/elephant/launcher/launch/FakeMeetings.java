package io.elephant.launcher.launch;

import io.elephant.launcher.failure.MeetingsRefused;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Status;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  public Optional<Meeting> claim(Meeting seen, Map<Role, LaunchState> first) {
    return launchable(seen.id())
        .filter(row -> seen.launchRecord().isPresent() || row.launchRecord().isEmpty())
        .filter(row -> first.keySet().stream().noneMatch(role -> row.state(role).isPresent()))
        .filter(row -> row.without(first.keySet()).equals(first.keySet()))
        .map(row -> save(with(requireRecordAsIn(seen, row), first)));
  }

  @Override
  public Optional<Meeting> advance(MeetingId id, Role role, LaunchState from, LaunchState to) {
    return launchable(id)
        .filter(row -> !row.instances().containsKey(role))
        .filter(
            row -> row.state(role).filter(state -> state.revision() == from.revision()).isPresent())
        .map(row -> save(with(row, Map.of(role, to))));
  }

  @Override
  public Optional<Meeting> fail(Meeting seen, Set<Role> open, String why) {
    return launchable(seen.id())
        .filter(Meeting::beforeLaunched)
        .filter(row -> row.without(open).equals(open))
        .filter(row -> seen.launchRecord().isPresent() || row.launchRecord().isEmpty())
        .map(row -> {
          requireRecordAsIn(seen, row);
          failures.put(row.id(), why);
          LaunchRecord launchRecord = row.launchRecord().orElse(new LaunchRecord(Map.of()));
          return save(
              new Meeting(
                  row.id(),
                  Optional.of(Status.LAUNCH_FAILED),
                  row.meetTime(),
                  row.instances(),
                  Optional.of(launchRecord)));
        });
  }

  /** What the row says about why its launch failed. */
  public Optional<String> failure(MeetingId id) {
    return Optional.ofNullable(failures.get(id));
  }

  @Override
  public Optional<Meeting> record(MeetingId id, Map<Role, StartedInstance> started) {
    return launchable(id)
        .filter(row -> started.values().stream().allMatch(machine -> takes(row, machine)))
        .map(row -> save(with(row, started, row.status())));
  }

  @Override
  public Optional<Meeting> complete(
      MeetingId id, Map<Role, StartedInstance> started, Set<Role> roles) {
    return launchable(id)
        .filter(row -> started.values().stream().allMatch(machine -> takes(row, machine)))
        .filter(row ->
            roles.stream()
                .allMatch(role -> started.containsKey(role) || row.instances().containsKey(role)))
        .map(row -> save(with(row, started, Optional.of(Status.LAUNCHED))));
  }

  /** DynamoDB refuses to write into a map that is not there. */
  private static Meeting requireRecordAsIn(Meeting seen, Meeting row) {
    if (seen.launchRecord().isPresent() && row.launchRecord().isEmpty()) {
      throw new MeetingsRefused(
          "UpdateItem",
          new Refusal("ValidationException", "the document path is invalid"),
          new RuntimeException());
    }
    return row;
  }

  private Optional<Meeting> launchable(MeetingId id) {
    return find(id).filter(Meeting::launchable);
  }

  private static boolean takes(Meeting row, StartedInstance machine) {
    return !row.instances().containsKey(machine.role())
        && row.state(machine.role()).filter(state -> holds(state, machine.attempt())).isPresent();
  }

  private static boolean holds(LaunchState state, Attempt attempt) {
    return state.attempt().number() == attempt.number();
  }

  private static Meeting with(Meeting row, Map<Role, LaunchState> turned) {
    Map<Role, LaunchState> states =
        new HashMap<>(row.launchRecord().map(LaunchRecord::states).orElse(Map.of()));
    states.putAll(turned);
    return new Meeting(
        row.id(),
        row.status(),
        row.meetTime(),
        row.instances(),
        Optional.of(new LaunchRecord(states)));
  }

  private static Meeting with(
      Meeting row, Map<Role, StartedInstance> started, Optional<Status> status) {
    Map<Role, InstanceId> instances = new HashMap<>(row.instances());
    started.forEach((role, machine) -> instances.put(role, machine.instance()));
    return new Meeting(row.id(), status, row.meetTime(), instances, row.launchRecord());
  }

  private Meeting save(Meeting meeting) {
    rows.put(meeting.id(), meeting);
    return meeting;
  }
}
