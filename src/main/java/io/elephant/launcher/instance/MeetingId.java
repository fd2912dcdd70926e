package io.elephant.launcher.instance;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The key of a meeting: 1 to 40 of {@code A-Z a-z 0-9 _ -}. The bound leaves room for a role and an
 * attempt's number in a {@link ClientToken}.
 */
public record MeetingId(String value) {

  /** What a meeting's id may look like, for messages. */
  public static final String SHAPE = "1 to 40 characters of A-Z a-z 0-9 _ -";

  /** The longest id, in characters. */
  public static final int MAX_LENGTH = 40;

  private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9_-]{1," + MAX_LENGTH + "}");

  public MeetingId {
    if (!PATTERN.matcher(value).matches()) {
      throw new IllegalArgumentException("a meeting id has " + SHAPE);
    }
  }

  /** The id that {@code text} holds once surrounding white space is cut off, if it holds one. */
  public static Optional<MeetingId> parse(String text) {
    String trimmed = text.strip();
    return PATTERN.matcher(trimmed).matches()
        ? Optional.of(new MeetingId(trimmed))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
