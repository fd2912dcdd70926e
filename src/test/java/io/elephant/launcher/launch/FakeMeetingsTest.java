package io.elephant.launcher.launch;

import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.MeetingsContract;
import java.util.function.Function;

class FakeMeetingsTest extends MeetingsContract {

  private final FakeMeetings meetings = new FakeMeetings();

  @Override
  protected void put(Meeting row) {
    meetings.put(row);
  }

  @Override
  protected <T> T ask(Function<Meetings, T> call) {
    return call.apply(meetings);
  }
}
