package io.elephant.launcher.dynamodb;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The forms in which other functions may write a meeting's start: ISO 8601 as Java, Python and
 * JavaScript print it, UTC where no offset is given, or the seconds or milliseconds since 1970.
 */
final class MeetTime {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(\\.\\d{1,9})?");

  /** A number from here on counts milliseconds: as seconds it would lie past the year 5100. */
  private static final double FIRST_MILLIS = 1e11;

  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendPattern("['T'][' ']")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .appendPattern("[XXXXX][XXXX][X]")
          .toFormatter(Locale.ROOT);

  private MeetTime() {}

  /**
   * @throws DateTimeException if the text has none of these forms
   */
  static Instant parse(String text) {
    String trimmed = text.strip();
    if (NUMBER.matcher(trimmed).matches()) {
      double number = Double.parseDouble(trimmed);
      return Instant.ofEpochMilli(Math.round(number < FIRST_MILLIS ? number * 1000 : number));
    }
    return switch (ISO.parseBest(trimmed, OffsetDateTime::from, LocalDateTime::from)) {
      case OffsetDateTime time -> time.toInstant();
      case LocalDateTime time -> time.toInstant(ZoneOffset.UTC);
      default -> throw new DateTimeException("no date and time");
    };
  }
}
