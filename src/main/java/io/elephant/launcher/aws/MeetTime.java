package io.elephant.launcher.aws;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The forms in which other functions may write a meeting's start: ISO 8601, extended or basic, as
 * Java, Python, JavaScript, Go and Ruby print it, UTC where no offset is given; an e-mail's date
 * (RFC 1123); or the seconds, milliseconds, microseconds or nanoseconds since 1970.
 */
final class MeetTime {

  private static final Pattern NUMBER = Pattern.compile("\\d{1,19}(\\.\\d{1,9})?");

  private static final Pattern UTC = Pattern.compile(" ?(UTC|GMT)$", Pattern.CASE_INSENSITIVE);

  private static final int LONGEST_SHOWN = 40;

  private static final List<DateTimeFormatter> FORMS =
      List.of(
          iso(new DateTimeFormatterBuilder().append(DateTimeFormatter.ISO_LOCAL_DATE), ":"),
          iso(new DateTimeFormatterBuilder().appendPattern("uuuuMMdd"), ""),
          DateTimeFormatter.RFC_1123_DATE_TIME);

  private MeetTime() {}

  /** Such as {@code 2026-11-22T11:00:00.123+01:00[Europe/Berlin]}, or with {@code UTC} behind. */
  private static DateTimeFormatter iso(DateTimeFormatterBuilder date, String separator) {
    return date.parseCaseInsensitive()
        .appendPattern("['T'][' ']HH")
        .appendLiteral(separator)
        .appendPattern("mm")
        .optionalStart()
        .appendLiteral(separator)
        .appendPattern("ss")
        .optionalStart()
        .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
        .optionalEnd()
        .optionalEnd()
        .appendPattern("[' '][XXXXX][XXXX][X][' ']['GMT']['['VV']']")
        .toFormatter(Locale.ROOT);
  }

  /**
   * @throws DateTimeException if the text has none of these forms; its message goes on after "is"
   */
  static Instant parse(String text) {
    String trimmed = text.strip();
    if (NUMBER.matcher(trimmed).matches()) {
      return sinceEpoch(new BigDecimal(trimmed));
    }
    String named = UTC.matcher(trimmed).replaceFirst(" GMT");
    for (DateTimeFormatter form : FORMS) {
      try {
        return instant(form.parseBest(named, ZonedDateTime::from, LocalDateTime::from));
      } catch (DateTimeParseException _) {
        // It may have another form.
      }
    }
    throw new DateTimeException(
        shown(trimmed)
            + ", which is none of: a date and time as in ISO 8601, such as 2026-11-22T10:00:00Z;"
            + " a date as in RFC 1123; seconds, milli-, micro- or nanoseconds since 1970");
  }

  private static Instant instant(TemporalAccessor time) {
    return time instanceof ZonedDateTime zoned
        ? zoned.toInstant()
        : LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
  }

  /** The number's length says what it counts. */
  private static Instant sinceEpoch(BigDecimal number) {
    int digits = number.precision() - number.scale();
    int unit =
        switch (digits) {
          case 12, 13 -> 3;
          case 15, 16 -> 6;
          case 18, 19 -> 9;
          case 14, 17 ->
              throw new DateTimeException(
                  "the number %s, whose %d digits count neither seconds, milliseconds,"
                          .formatted(number.toPlainString(), digits)
                      + " microseconds nor nanoseconds since 1970");
          default -> 0;
        };
    BigDecimal seconds = number.movePointLeft(unit).setScale(9, RoundingMode.DOWN);
    return Instant.ofEpochSecond(
        seconds.longValue(), seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue());
  }

  private static String shown(String text) {
    return text.length() <= LONGEST_SHOWN
        ? "the text \"%s\"".formatted(text)
        : "the text \"%s…\" of %d characters"
            .formatted(text.substring(0, LONGEST_SHOWN), text.length());
  }
}
