package io.elephant.launcher.instance;

/**
 * Which claim of a role's launch an attempt belongs to. A row that was deleted and booked again
 * begins with attempt 0 again, so an attempt's number alone does not tell the two lives apart.
 */
public record ClaimId(String value) {

  @Override
  public String toString() {
    return value;
  }
}
