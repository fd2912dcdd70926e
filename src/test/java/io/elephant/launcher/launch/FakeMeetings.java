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
  private final Map<MeetingId, String> failures = new HashMap<>();
  private Runnable afterFind = () -> {};

  /** What somebody else does right after the next read. */
  void afterNextFind(Runnable hook) {
    afterFind = hook;
  }

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
    Optional<Meeting> found = Optional.ofNullable(rows.get(id));
    Runnable hook = afterFind;
    afterFind = () -> {};
    hook.run();
    return found;
  }

  @Override
  public Optional<Meeting> claim(Meeting seen, Map<Role, Page> first) {
    return launchable(seen.id())
        .filter(row -> row.notebook().isPresent() == seen.notebook().isPresent())
        .filter(row -> first.keySet().stream().noneMatch(role -> row.page(role).isPresent()))
        .filter(row -> row.without(first.keySet()).equals(first.keySet()))
        .map(row -> save(with(row, first)));
  }

  @Override
  public Optional<Meeting> advance(MeetingId id, Role role, Page from, Page to) {
    return launchable(id)
        .filter(row -> !row.instances().containsKey(role))
        .filter(
            row -> row.page(role).filter(page -> page.revision() == from.revision()).isPresent())
        .map(row -> save(with(row, Map.of(role, to))));
  }

  @Override
  public Optional<Meeting> fail(Meeting seen, Set<Role> open, String why) {
    return launchable(seen.id())
        .filter(Meeting::beforeLaunched)
        .filter(row -> row.without(open).equals(open))
        .map(row -> {
          failures.put(row.id(), why);
          Notebook notebook = row.notebook().orElse(new Notebook(Map.of()));
          return save(
              new Meeting(
                  row.id(),
                  Optional.of(Status.LAUNCH_FAILED),
                  row.meetTime(),
                  row.instances(),
                  Optional.of(notebook)));
        });
  }

  /** What the row says about why its launch failed. */
  Optional<String> failure(MeetingId id) {
    return Optional.ofNullable(failures.get(id));
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
        && row.page(machine.role()).filter(page -> holds(page, machine.attempt())).isPresent();
  }

  private static boolean holds(Page page, Attempt attempt) {
    return page.attempt().number() == attempt.number();
  }

  private static Meeting with(Meeting row, Map<Role, Page> turned) {
    Map<Role, Page> pages = new HashMap<>(row.notebook().map(Notebook::pages).orElse(Map.of()));
    pages.putAll(turned);
    return new Meeting(
        row.id(), row.status(), row.meetTime(), row.instances(), Optional.of(new Notebook(pages)));
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
