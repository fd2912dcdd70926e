package io.elephant.launcher.launch;

/**
 * A numbered try to start a role's machine. A token counts within one zone only, so the zone is
 * part of an attempt's identity, and a try elsewhere is another attempt with another token.
 */
public record Attempt(int number, ClientToken token, LaunchRequest request) {

  public Attempt {
    if (number < 0) {
      throw new IllegalArgumentException("an attempt's number counts from 0");
    }
  }

  /** The first attempt of a role. */
  static Attempt first(MeetingId meeting, Role role, LaunchRequest request) {
    return new Attempt(0, ClientToken.first(meeting, role), request);
  }
}
