package io.elephant.launcher.lambda;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.lambda.Event.DryRunLaunch;
import io.elephant.launcher.lambda.Event.LaunchMeeting;
import io.elephant.launcher.lambda.Event.RunPreflight;
import io.elephant.launcher.lambda.Event.SweepStrays;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {

  private static final int SIX_MEGABYTES = 6 << 20;

  private final EventReader events = new EventReader();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"meeting_id\":\"m-1\"}",
        "{\"meeting_id\":\"  m-1\\t\\n\"}",
        " \r\n{ \"meeting_id\" : \"m-1\" } \n",
        "{\"meeting_id\":\"\\u006d-1\"}",
        "{\"scheduled_time\":\"2026-11-22T09:55:00Z\",\"meeting_id\":\"m-1\",\"attempt\":1}",
        "{\"more\":{\"meeting_id\":\"m-2\"},\"list\":[{\"meeting_id\":7}],\"meeting_id\":\"m-1\"}",
      })
  void findsTheMeetingOfAnEvent(String event) {
    assertThat(read(event)).isEqualTo(new MeetingId("m-1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "Z", "0", "_", "-", "0123456789012345678901234567890123456789"})
  void takesOneToFortyOfTheAllowedCharacters(String id) {
    assertThat(read("{\"meeting_id\":\"" + id + "\"}").value()).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|is an array; it must be a JSON object",
        "[{\"meeting_id\":\"m-1\"}]|is an array",
        "\"m-1\"|is a string",
        "42|is a number",
        "true|is a boolean",
        "null|is null",
        "{}|has no \"meeting_id\"",
        "{\"MEETING_ID\":\"m-1\"}|has no \"meeting_id\"",
        "{\"meetingId\":\"m-1\"}|has no \"meeting_id\"",
        "{\"meeting_id\":7}|has a \"meeting_id\" that is a number; it must be a string",
        "{\"meeting_id\":1.5}|that is a number",
        "{\"meeting_id\":true}|that is a boolean",
        "{\"meeting_id\":null}|that is null",
        "{\"meeting_id\":[\"m-1\"]}|that is an array",
        "{\"meeting_id\":{\"S\":\"m-1\"}}|that is an object",
        "{\"meeting_id\":\"\"}|of 0 characters that is not 1 to 40 characters",
        "{\"meeting_id\":\"   \"}|that is not 1 to 40 characters",
        "{\"meeting_id\":\"m 1\"}|that is not 1 to 40 characters of A-Z a-z 0-9 _ -",
        "{\"meeting_id\":\"m/1\"}|that is not",
        "{\"meeting_id\":\"m\\n1\"}|that is not",
        "{\"meeting_id\":\"m\\u00001\"}|that is not",
        "{\"meeting_id\":\"\\ud800\"}|that is not",
        "{\"meeting_id\":\"ｍ１\"}|that is not",
        "{\"meeting_id\":\"01234567890123456789012345678901234567890\"}|of 41 characters",
        "{\"meeting_id\":\"m-1\",\"meeting_id\":\"m-2\"}|is not valid JSON: Duplicate field",
        "{\"meeting_id\":\"m-1\",\"meeting_id\":\"m-1\"}|is not valid JSON: Duplicate field",
        "{\"a\":{\"b\":1,\"b\":2},\"meeting_id\":\"m-1\"}|is not valid JSON: Duplicate field",
        "{\"meeting_id\":\"m-1\"} x|is not valid JSON",
        "{\"meeting_id\":\"m-1\"}{\"meeting_id\":\"m-2\"}|has something after its JSON object",
        "{\"meeting_id\":\"m-1\"|is not valid JSON",
        "{\"meeting_id\":\"m-1|is not valid JSON",
        "{'meeting_id':'m-1'}|is not valid JSON",
        "{meeting_id:\"m-1\"}|is not valid JSON",
        "{\"meeting_id\":\"m-1\",}|is not valid JSON",
        "{\"meeting_id\":NaN}|is not valid JSON",
        "{\"meeting_id\":\"m-1\" /* no */}|is not valid JSON",
        "{\"meeting_id\"|is not valid JSON",
        "hello|is not valid JSON: Unrecognized token '…'",
        "<meeting/>|is not valid JSON",
      })
  void namesWhatIsWrongWithAnyOtherEvent(String event, String problem) {
    rejects(event.getBytes(UTF_8)).withMessageContaining(problem);
  }

  @Test
  void findsTheDryRunAndTakesNothingForItButTrue() {
    assertThat(events.read("{\"meeting_id\":\"m-1\",\"dry_run\":true}".getBytes(UTF_8)))
        .isEqualTo(new DryRunLaunch(new MeetingId("m-1")));
    assertThat(read("{\"dry_run\":false,\"meeting_id\":\"m-1\"}")).isEqualTo(new MeetingId("m-1"));
    for (String value : new String[] {"\"true\"", "1", "null", "[true]", "{\"a\":true}"}) {
      rejects(("{\"meeting_id\":\"m-1\",\"dry_run\":" + value + "}").getBytes(UTF_8))
          .withMessageContaining("has a \"dry_run\" that is ")
          .withMessageContaining("it must be true or false");
    }
    rejects("{\"action\":\"sweep\",\"dry_run\":true}".getBytes(UTF_8))
        .withMessageContaining("only the launch of a meeting has a dry run");
    rejects("{\"dry_run\":true}".getBytes(UTF_8)).withMessageContaining("has no \"meeting_id\"");
  }

  @Test
  void findsTheSweep() {
    for (String event :
        new String[] {
          "{\"action\":\"sweep\"}",
          "{\"time\":\"2026-11-22T09:55:00Z\",\"action\":\"sweep\",\"x\":[1]}"
        }) {
      assertThat(events.read(event.getBytes(UTF_8))).isEqualTo(new SweepStrays());
    }
  }

  @Test
  void ignoresAnActionThatItDoesNotKnow() {
    assertThat(read("{\"action\":\"launch\",\"meeting_id\":\"m-1\"}"))
        .isEqualTo(new MeetingId("m-1"));
    assertThat(read("{\"action\":[\"sweep\"],\"meeting_id\":\"m-1\"}"))
        .isEqualTo(new MeetingId("m-1"));
  }

  @Test
  void findsThePreflight() {
    assertThat(events.read("{\"x\":{},\"action\":\"preflight\"}".getBytes(UTF_8)))
        .isEqualTo(new RunPreflight());
  }

  @Test
  void namesTheActionsThatItKnowsWhereThereIsAnotherAndNoMeeting() {
    rejects("{\"action\":\"sweeep\"}".getBytes(UTF_8))
        .withMessage(
            "The event has an \"action\" that is not one of preflight, sweep, and no"
                + " \"meeting_id\"");
    rejects("{\"action\":[\"sweep\"]}".getBytes(UTF_8))
        .withMessageContaining("has no \"meeting_id\"");
  }

  @Test
  void doesNotGuessWhetherToSweepOrToLaunch() {
    rejects("{\"action\":\"sweep\",\"meeting_id\":\"m-1\"}".getBytes(UTF_8))
        .withMessageContaining("one or the other");
    rejects("{\"meeting_id\":\"m-1\",\"action\":\"preflight\"}".getBytes(UTF_8))
        .withMessageContaining("an \"action\" of \"preflight\" and a \"meeting_id\"");
  }

  @Test
  void namesAnEmptyBody() {
    rejects(new byte[0]).withMessageContaining("is empty");
    rejects(" \n\t ".getBytes(UTF_8)).withMessageContaining("is empty");
  }

  @Test
  void namesInvalidUtf8() {
    rejects("{\"meeting_id\":\"é\"}".getBytes(ISO_8859_1)).withMessageContaining("not valid UTF-8");
    rejects("{\"x\":\"é\",\"meeting_id\":\"m-1\"}".getBytes(ISO_8859_1))
        .withMessageContaining("not valid UTF-8");
    rejects(new byte[] {(byte) 0xff, (byte) 0xfe}).withMessageContaining("not valid UTF-8");
    rejects("{\"meeting_id\":\"m-1\"}".getBytes(UTF_16)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {2_000, 100_000})
  void survivesNestingThousandsDeep(int depth) {
    rejects(("[".repeat(depth) + "]".repeat(depth)).getBytes(UTF_8)).isNotNull();
    String nested = "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
    rejects(("{\"deep\":" + nested + ",\"meeting_id\":\"m-1\"}").getBytes(UTF_8))
        .withMessageContaining("is not valid JSON");
    rejects("[".repeat(depth).getBytes(UTF_8)).isNotNull();
  }

  @Test
  void saysNoMoreOfSixMegabytesThanHelps() {
    for (String event :
        new String[] {
          "x".repeat(SIX_MEGABYTES),
          "{\"meeting_id\":\"" + "x".repeat(SIX_MEGABYTES) + "\"}",
          "{\"" + "x".repeat(SIX_MEGABYTES) + "\":1}",
          "{\"meeting_id\":" + "9".repeat(SIX_MEGABYTES) + "}",
        }) {
      rejects(event.getBytes(UTF_8))
          .satisfies(invalid -> assertThat(invalid.getMessage()).hasSizeLessThan(400));
    }
  }

  @Test
  void findsTheMeetingBehindSixMegabytesOfOtherFields() {
    String event = "{\"x\":\"" + "y".repeat(SIX_MEGABYTES) + "\",\"meeting_id\":\"m-1\"}";

    assertThat(read(event)).isEqualTo(new MeetingId("m-1"));
  }

  @Test
  void quotesNothingOfAnEventButTheNamesOfItsOwnFields() {
    for (String event :
        new String[] {
          "secret", "{secret:1}", "{\"secret\":1,\"secret\":2}", "{\"a'secret\":1,\"a'secret\":2}"
        }) {
      rejects(event.getBytes(UTF_8))
          .satisfies(invalid -> assertThat(invalid.getMessage()).doesNotContain("secret"));
    }
    rejects("{\"dry_run\":true,\"dry_run\":false}".getBytes(UTF_8))
        .withMessageContaining("Duplicate field 'dry_run'");
  }

  @Test
  void keepsControlCharactersOutOfItsMessages() {
    rejects("{\"a\u0007\nb\":1}".getBytes(UTF_8))
        .satisfies(invalid -> assertThat(invalid.getMessage()).doesNotContainPattern("\\p{Cntrl}"));
  }

  private MeetingId read(String event) {
    return switch (events.read(event.getBytes(UTF_8))) {
      case LaunchMeeting(MeetingId meeting) -> meeting;
      case DryRunLaunch dryRun -> throw new AssertionError(dryRun);
      case SweepStrays sweep -> throw new AssertionError(sweep);
      case RunPreflight preflight -> throw new AssertionError(preflight);
    };
  }

  private ThrowableAssertAlternative<InvalidEvent> rejects(byte[] event) {
    return assertThatExceptionOfType(InvalidEvent.class).isThrownBy(() -> events.read(event));
  }
}
