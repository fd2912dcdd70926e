package io.elephant.launcher.instance;

/**
 * A numbered try to start a role's instance. A token counts within one zone only, so the zone is
 * part of an attempt's identity, and a try elsewhere is another attempt with another token. Its
 * request never changes: EC2 can bind a token even to a request that it refuses.
 *
 * @param claim the claim that it belongs to
 */
public record Attempt(ClaimId claim, int number, ClientToken token, LaunchRequest request) {

  /** With five digits the longest token still fits. */
  public static final int LAST_NUMBER = 99_999;

  public Attempt {
    if (number < 0 || number > LAST_NUMBER) {
      throw new IllegalArgumentException("an attempt's number is between 0 and " + LAST_NUMBER);
    }
  }

  /** The attempt of this number for a meeting's role. */
  public static Attempt of(
      ClaimId claim, MeetingId meeting, Role role, int number, LaunchRequest request) {
    return new Attempt(claim, number, ClientToken.of(meeting, role, number), request);
  }

  /** Whether both get the same instance from EC2; a token counts within one zone. */
  public boolean sharesTokenWith(Attempt other) {
    return token.equals(other.token) && zone().equals(other.zone());
  }

  /** Where the token counts. */
  public Zone zone() {
    return request.candidate().subnet().zone();
  }

  /** Whether this is the other attempt of the same claim. */
  public boolean isSameAs(Attempt other) {
    return number == other.number && claim.equals(other.claim);
  }
}
