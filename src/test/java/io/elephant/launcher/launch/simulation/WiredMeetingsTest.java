package io.elephant.launcher.launch.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.MeetingsContract;
import java.util.Optional;
import java.util.function.Function;

class WiredMeetingsTest extends MeetingsContract {

  private final CalmSimulation simulation = new CalmSimulation();
  private Table table = simulation.table(ID, Optional.empty());

  @Override
  protected void put(Meeting row) {
    table = simulation.table(ID, Optional.of(row));
  }

  /** The simulation's wire brings it along now and then. */
  @Override
  protected void assertBroughtAlong(Optional<Meeting> brought, Meeting row) {
    assertThat(brought.orElse(row)).isEqualTo(row);
  }

  @Override
  protected <T> T ask(Function<Meetings, T> call) {
    return simulation.call(() -> call.apply(new WiredMeetings(simulation.wire, table)));
  }
}
