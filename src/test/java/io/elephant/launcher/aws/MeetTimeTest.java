package io.elephant.launcher.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MeetTimeTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-11-22T10:00:00Z",
        "2026-11-22T10:00Z",
        "2026-11-22T10:00:00.000Z",
        "2026-11-22T10:00:00.000000+00:00",
        "2026-11-22T11:00:00+01:00",
        "2026-11-22T11:00:00+0100",
        "2026-11-22T11:00:00+01",
        "2026-11-22T10:00:00",
        "2026-11-22t10:00:00z",
        "2026-11-22 10:00:00",
        " 2026-11-22 10:00:00+00:00 ",
        // Java's ZonedDateTime.
        "2026-11-22T10:00Z[UTC]",
        "2026-11-22T10:00:00Z[Etc/UTC]",
        "2026-11-22T11:00:00.000+01:00[Europe/Berlin]",
        "2026-11-22T11:00:00[Europe/Berlin]",
        // Ruby's and Go's.
        "2026-11-22 10:00:00 UTC",
        "2026-11-22 10:00 GMT",
        "2026-11-22 11:00:00 +0100",
        "2026-11-22 10:00:00 +0000 UTC",
        "2026-11-22T10:00:00UTC",
        // ISO 8601's basic form.
        "20261122T100000Z",
        "20261122T1000Z",
        "20261122T100000",
        "20261122T100000.000Z",
        "20261122T110000+0100",
        // RFC 1123.
        "Sun, 22 Nov 2026 10:00:00 GMT",
        "Sun, 22 Nov 2026 11:00:00 +0100",
        "Sun, 22 Nov 2026 10:00:00 UTC",
        "22 Nov 2026 10:00:00 GMT",
        // Since 1970.
        "1795341600",
        "1795341600.0",
        "1795341600000",
        "1795341600000000",
        "1795341600000000000",
      })
  void readsTheFormsThatOtherFunctionsWrite(String text) {
    assertThat(MeetTime.parse(text)).isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
  }

  @Test
  void readsAPartOfASecond() {
    Instant time = Instant.parse("2026-11-22T10:00:00.123456Z");

    assertThat(MeetTime.parse("2026-11-22T10:00:00.123456Z")).isEqualTo(time);
    assertThat(MeetTime.parse("20261122T100000.123456Z")).isEqualTo(time);
    assertThat(MeetTime.parse("1795341600.123456")).isEqualTo(time);
    assertThat(MeetTime.parse("1795341600123456")).isEqualTo(time);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tomorrow",
        "2026-11-22",
        "10:00",
        "2026-13-01T00:00:00Z",
        "2026-11-22T10:00:00Z[Nowhere/City]",
        "Mon, 22 Nov 2026 10:00:00 GMT",
        "22/11/2026 10:00",
        "-5",
        "1e9"
      })
  void refusesEverythingElse(String text) {
    assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> MeetTime.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "22/11/2026 10:00 | the text \"22/11/2026 10:00\", which is none of",
        "20261122100000   | the number 20261122100000, whose 14 digits count neither seconds",
      })
  void saysWhatItDoesNotRead(String text, String problem) {
    assertThatExceptionOfType(DateTimeException.class)
        .isThrownBy(() -> MeetTime.parse(text))
        .withMessageStartingWith(problem);
  }

  @Test
  void showsOnlyTheBeginningOfALongText() {
    assertThatExceptionOfType(DateTimeException.class)
        .isThrownBy(() -> MeetTime.parse("x".repeat(300_000)))
        .withMessageStartingWith("the text \"" + "x".repeat(40) + "…\" of 300000 characters");
  }
}
