package io.elephant.launcher.failure;

import io.elephant.launcher.instance.MeetingId;

/** The table has no row for the meeting: it was never booked, or it was deleted. */
public final class MeetingNotFound extends LaunchFailure {

  private static final long serialVersionUID = 1;

  public MeetingNotFound(MeetingId id) {
    super("there is no meeting " + id + " in the table");
  }
}
