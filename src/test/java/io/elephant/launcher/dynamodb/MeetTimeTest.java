package io.elephant.launcher.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.DateTimeException;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
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
        "2026-11-22 10:00:00",
        " 2026-11-22 10:00:00+00:00 ",
        "1795341600",
        "1795341600.0",
        "1795341600000",
      })
  void readsTheFormsThatOtherFunctionsWrite(String text) {
    assertThat(MeetTime.parse(text)).isEqualTo(Instant.parse("2026-11-22T10:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "tomorrow", "2026-11-22", "10:00", "2026-13-01T00:00:00Z", "-5", "1e9"})
  void refusesEverythingElse(String text) {
    assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> MeetTime.parse(text));
  }
}
