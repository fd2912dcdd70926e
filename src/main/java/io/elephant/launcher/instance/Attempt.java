package io.elephant.launcher.instance;

import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;

/**
 * A numbered try to start a role's machine. A token counts within one zone only, so the zone is
 * part of an attempt's identity, and a try elsewhere is another attempt with another token.
 */
public record Attempt(int number, ClientToken token, LaunchRequest request) {

  /** With five digits the longest token still fits. */
  public static final int LAST_NUMBER = 99_999;

  public Attempt {
    if (number < 0 || number > LAST_NUMBER) {
      throw new IllegalArgumentException("an attempt's number is between 0 and " + LAST_NUMBER);
    }
  }

  public static Attempt first(MeetingId meeting, Role role, LaunchRequest request) {
    return new Attempt(0, ClientToken.of(meeting, role, 0), request);
  }

  public Attempt next(MeetingId meeting, Role role, LaunchRequest request) {
    return new Attempt(number + 1, ClientToken.of(meeting, role, number + 1), request);
  }

  /** The same token with another request. */
  public Attempt with(LaunchRequest other) {
    return new Attempt(number, token, other);
  }
}
