package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.meeting.Meeting;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The simulation's table and EC2 for one caller, with nothing that goes wrong. */
final class CalmSimulation {

  private final Choices choices = new Choices(1);
  private final Scheduler scheduler = new Scheduler(choices, Trace.none(), 0);
  private final Rules rules = new Rules(Story.of(new Choices(1), Set.of()));
  private final SimulatedProcess process =
      new SimulatedProcess("caller", Set.of(), 0, Long.MAX_VALUE, 0, rules, Set.of(), () -> {});
  final Wire wire = new Wire(process, scheduler, choices, Trace.none(), () -> true);
  private boolean unknownIds;
  final Cloud cloud =
      new Cloud(
          new Choices(1) {
            @Override
            int whichever(int options) {
              return unknownIds ? 1 : 0;
            }
          },
          rules,
          Set.of(),
          scheduler::now);

  /** Whether EC2 does not know for a while what it starts from now on. */
  void givesUnknownIds(boolean gives) {
    unknownIds = gives;
  }

  Table table(MeetingId meeting, Optional<Meeting> row) {
    Table table = new Table(meeting, rules, row, scheduler::now);
    rules.watch(table, cloud);
    return table;
  }

  <T> T call(Supplier<T> call) {
    Supplier<T> result = scheduler.beside(process, call, Long.MAX_VALUE);
    scheduler.run(() -> true);
    return result.get();
  }
}
