package io.elephant.launcher.instance;

import java.util.regex.Pattern;

/**
 * A part in a meeting that gets an instance of its own, such as {@code teacher}: 1 to 17 of {@code
 * A-Z a-z 0-9 _ -}. With {@link MeetingId#MAX_LENGTH} and two hyphens that leaves five digits of a
 * {@link ClientToken} for the attempt's number.
 */
public record Role(String value) {

  /** The longest role, in characters. */
  public static final int MAX_LENGTH = 17;

  /** What a role matches. */
  public static final String SHAPE = "[A-Za-z0-9_-]{1," + MAX_LENGTH + "}";

  private static final Pattern PATTERN = Pattern.compile(SHAPE);

  public Role {
    if (!PATTERN.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a role has 1 to " + MAX_LENGTH + " characters of A-Z a-z 0-9 _ -");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
