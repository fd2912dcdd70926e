package io.elephant.launcher.failure;

import io.elephant.launcher.instance.MeetingId;

/** A meeting's row has an attribute that this function does not understand. */
public final class MeetingUnreadable extends LaunchFailure {

  private static final long serialVersionUID = 1;

  public MeetingUnreadable(MeetingId id, String attribute, String problem) {
    super("meeting " + id + ": its attribute " + attribute + " " + problem);
  }
}
