package io.elephant.launcher.instance;

/**
 * Which claim of a role's launch an attempt belongs to. A row that was deleted and booked again
 * begins with attempt 0 again, so an attempt's number alone does not tell the two lives apart.
 *
 * @param value empty for a claim of a build that did not write one yet
 */
public record ClaimId(String value) {

  /** The claim of a row that an earlier build has left. */
  public static final ClaimId OF_AN_EARLIER_BUILD = new ClaimId("");

  @Override
  public String toString() {
    return value;
  }
}
