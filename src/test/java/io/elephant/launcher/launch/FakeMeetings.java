package io.elephant.launcher.launch;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The meetings' table in memory, with the conditions that {@link Meetings} promises. */
final class FakeMeetings implements Meetings {

  private final Map<MeetingId, Meeting> rows = new LinkedHashMap<>();

  void put(Meeting meeting) {
    rows.put(meeting.id(), meeting);
  }

  void delete(MeetingId id) {
    rows.remove(id);
  }

  void change(MeetingId id, UnaryOperator<Meeting> change) {
    rows.computeIfPresent(id, (_, meeting) -> change.apply(meeting));
  }

  Meeting row(MeetingId id) {
    return find(id).orElseThrow();
  }

  @Override
  public Optional<Meeting> find(MeetingId id) {
    return Optional.ofNullable(rows.get(id));
  }

  @Override
  public Optional<Meeting> claim(Meeting seen, Map<Role, Attempt> first) {
    return launchable(seen.id())
        .filter(row -> row.notebook().isPresent() == seen.notebook().isPresent())
        .filter(row ->
            first.keySet().stream()
                .allMatch(
                    role -> row.attempt(role).isEmpty() && !row.instances().containsKey(role)))
        .map(row -> {
          Map<Role, Attempt> attempts =
              new HashMap<>(row.notebook().map(Notebook::attempts).orElse(Map.of()));
          attempts.putAll(first);
          return save(
              new Meeting(
                  row.id(),
                  row.status(),
                  row.meetTime(),
                  row.instances(),
                  Optional.of(new Notebook(attempts))));
        });
  }

  @Override
  public Optional<Meeting> record(MeetingId id, Map<Role, Machine> started) {
    return launchable(id)
        .filter(row -> started.values().stream().allMatch(machine -> takes(row, machine)))
        .map(row -> save(with(row, started, row.status())));
  }

  @Override
  public Optional<Meeting> complete(MeetingId id, Map<Role, Machine> started, Set<Role> roles) {
    return launchable(id)
        .filter(row -> started.values().stream().allMatch(machine -> takes(row, machine)))
        .filter(row ->
            roles.stream()
                .allMatch(role -> started.containsKey(role) || row.instances().containsKey(role)))
        .map(row -> save(with(row, started, Optional.of(Status.LAUNCHED))));
  }

  private Optional<Meeting> launchable(MeetingId id) {
    return find(id).filter(Meeting::launchable);
  }

  private static boolean takes(Meeting row, Machine machine) {
    return !row.instances().containsKey(machine.role())
        && row.attempt(machine.role())
            .filter(attempt -> attempt.number() == machine.attempt().number())
            .isPresent();
  }

  private static Meeting with(Meeting row, Map<Role, Machine> started, Optional<Status> status) {
    Map<Role, InstanceId> instances = new HashMap<>(row.instances());
    started.forEach((role, machine) -> instances.put(role, machine.instance()));
    return new Meeting(row.id(), status, row.meetTime(), instances, row.notebook());
  }

  private Meeting save(Meeting meeting) {
    rows.put(meeting.id(), meeting);
    return meeting;
  }
}
