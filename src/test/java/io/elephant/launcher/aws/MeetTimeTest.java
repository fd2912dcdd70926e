package io.elephant.launcher.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

class MeetTimeTest {

  static final String[] FORMS =
      """
      2026-11-22T10:00:00Z      | 2026-11-22T10:00Z         | 2026-11-22T10:00:00.000Z
      2026-11-22T11:00:00+01:00 | 2026-11-22T11:00:00+0100  | 2026-11-22T11:00:00+01
      2026-11-22T10:00:00       | 2026-11-22t10:00:00z      | 2026-11-22T10:00:00.000000+00:00
      20261122T100000Z          | 20261122T1000Z            | 20261122T100000
      20261122T100000.000Z      | 20261122T110000+0100      | 2026-11-22T04:30-05:30
      1795341600                | 1795341600.0              | 1795341600000
      """
          .split("[|\n]");

  @ParameterizedTest
  @FieldSource("FORMS")
  void readsIso8601SecondsAndMilliseconds(String text) {
    assertThat(MeetTime.parse(text)).isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-22T10:00:00.123456Z, 2026-11-22T10:00:00.123456Z",
    "20261122T100000.123456Z, 2026-11-22T10:00:00.123456Z",
    "1795341600.123456, 2026-11-22T10:00:00.123Z",
    "1795341600123, 2026-11-22T10:00:00.123Z",
    "99999999999, 5138-11-16T09:46:39Z",
    "100000000000, 1973-03-03T09:46:40Z",
    "0, 1970-01-01T00:00:00Z",
  })
  void readsAPartOfASecondAndTellsSecondsFromMilliseconds(String text, Instant time) {
    assertThat(MeetTime.parse(text)).isEqualTo(time);
  }

  static final String[] OTHERS =
      """
      | tomorrow | 2026-11-22 | 10:00 | Z | -5 | 1e9 | 2026-13-01T00:00:00Z | 2026-02-30T00:00:00Z
      2026-11-22T24:00:00Z | 2026-11-22T10:00.5Z | 2026-11-22 10:00:00
      2026-11-22T10:00:00Z[UTC] | 2026-11-22T11:00:00[Europe/Berlin] | 2026-11-22T10:00:00UTC
      Sun, 22 Nov 2026 10:00:00 GMT | 22/11/2026 10:00
      17953416000000 | 1795341600000000 | 1795341600000000000
      """
          .split("[|\n]");

  @ParameterizedTest
  @FieldSource("OTHERS")
  void refusesEverythingElse(String text) {
    assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> MeetTime.parse(text));
  }

  @Test
  void saysWhatItDoesNotReadAndOnlyTheBeginningOfALongText() {
    refuses("22/11/2026 10:00", "the text \"22/11/2026 10:00\" is neither a date");
    refuses("20261122100000", "the number 20261122100000 has 14 digits, too many for");
    refuses("x".repeat(300_000), "the text \"" + "x".repeat(40) + "…\" of 300000 characters is");
  }

  private static void refuses(String text, String problem) {
    assertThatExceptionOfType(DateTimeException.class)
        .isThrownBy(() -> MeetTime.parse(text))
        .withMessageStartingWith(problem);
  }
}
