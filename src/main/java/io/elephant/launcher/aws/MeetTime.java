package io.elephant.launcher.aws;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The forms in which other functions may write a meeting's start: ISO 8601, extended or basic, UTC
 * where no offset is given; or the seconds or milliseconds since 1970.
 */
final class MeetTime {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,19}(\\.\\d{1,9})?");

  private static final int MAX_SHOWN = 40;

  /** The offset is {@code Z}, {@code +01:00}, {@code +0100} or {@code +01}. */
  private static final DateTimeFormatter ISO_8601 =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("[uuuu-MM-dd'T'HH:mm[:ss]][uuuuMMdd'T'HHmm[ss]]")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendPattern("[XXX][X]")
          .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private MeetTime() {}

  /**
   * @throws DateTimeException if the text has none of these forms
   */
  static Instant parse(String text) {
    String trimmed = text.strip();
    if (NUMBER.matcher(trimmed).matches()) {
      return sinceEpoch(new BigDecimal(trimmed));
    }
    try {
      return ISO_8601.parse(trimmed, Instant::from);
    } catch (DateTimeParseException e) {
      throw new DateTimeException(
          shown(trimmed)
              + " is neither a date and time in ISO 8601, such as 2026-11-22T10:00:00Z, nor seconds"
              + " or milliseconds since 1970",
          e);
    }
  }

  /** The number's length says what it counts. */
  private static Instant sinceEpoch(BigDecimal number) {
    int digits = number.precision() - number.scale();
    if (digits > 13) {
      throw new DateTimeException(
          "the number %s has %d digits, too many for seconds or milliseconds since 1970"
              .formatted(number.toPlainString(), digits));
    }
    BigDecimal millis = digits > 11 ? number : number.movePointRight(3);
    return Instant.ofEpochMilli(millis.longValue());
  }

  private static String shown(String text) {
    return text.length() <= MAX_SHOWN
        ? "the text \"%s\"".formatted(text)
        : "the text \"%s…\" of %d characters"
            .formatted(text.substring(0, MAX_SHOWN), text.length());
  }
}
