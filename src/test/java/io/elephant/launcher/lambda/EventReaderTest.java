package io.elephant.launcher.lambda;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.lambda.Event.DryRunLaunch;
import io.elephant.launcher.lambda.Event.LaunchMeeting;
import io.elephant.launcher.lambda.Event.RecoverInstance;
import io.elephant.launcher.lambda.Event.RunPreflight;
import io.elephant.launcher.lambda.Event.SweepStrays;
import io.elephant.launcher.launch.Notice;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {

  private static final int SIX_MEGABYTES = 6 << 20;
  private static final MeetingId MEETING = new MeetingId("m-1");

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
        "{\"action\":\"launch\",\"meeting_id\":\"m-1\"}",
        "{\"action\":[\"sweep\"],\"meeting_id\":\"m-1\"}",
        "{\"dry_run\":false,\"meeting_id\":\"m-1\"}",
        "{\"dry_run\":null,\"action\":null,\"meeting_id\":\"m-1\"}",
        "{\"dryRun\":null,\"meeting_id\":\"m-1\"}",
        "{\"meetingId\":7,\"Action\":\"sweep\",\"dry_runs\":true,\"meeting_id\":\"m-1\"}",
        "{\"a\":1,\"a\":2,\"b\":{\"c\":1,\"c\":2},\"meeting_id\":\"m-1\"}",
        "{\"context\":{\"dry_run\":1,\"dry_run\":2,\"dryRun\":true},\"meeting_id\":\"m-1\"}",
      })
  void findsTheMeetingToLaunch(String event) {
    assertThat(read(event)).isEqualTo(new LaunchMeeting(MEETING));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "Z", "0", "_", "-", "0123456789012345678901234567890123456789"})
  void takesOneToFortyOfTheAllowedCharacters(String id) {
    assertThat(read("{\"meeting_id\":\"" + id + "\"}"))
        .isEqualTo(new LaunchMeeting(new MeetingId(id)));
  }

  @Test
  void findsTheDryRunTheSweepAndThePreflight() {
    Map.of(
            "{\"meeting_id\":\"m-1\",\"dry_run\":true}", new DryRunLaunch(MEETING),
            "{\"action\":\"sweep\"}", new SweepStrays(),
            "{\"time\":\"2026-11-22T09:55:00Z\",\"action\":\"sweep\",\"x\":[1]}", new SweepStrays(),
            "{\"x\":{},\"action\":\"preflight\"}", new RunPreflight())
        .forEach((event, expected) -> assertThat(read(event)).isEqualTo(expected));
  }

  @Test
  void findsTheInstanceThatEc2TellsOf() {
    Map.of(
            stateChange("shutting-down"), Notice.Kind.ENDED,
            stateChange("terminated"), Notice.Kind.ENDED,
            stateChange("running"), Notice.Kind.OTHER_STATE,
            stateChange("stopped"), Notice.Kind.OTHER_STATE,
            ofEc2("EC2 Spot Instance Interruption Warning", "\"instance-action\":\"terminate\""),
                Notice.Kind.INTERRUPTED)
        .forEach((event, kind) ->
            assertThat(read(event))
                .isEqualTo(
                    new RecoverInstance(new Notice(new InstanceId("i-0123456789abcdef0"), kind))));
  }

  @Test
  void takesALaunchForALaunchWhateverElseItHasOfAnEventOfEc2s() {
    assertThat(read(stateChange("terminated").replaceFirst("\\{", "{\"meeting_id\":\"m-1\",")))
        .isEqualTo(new LaunchMeeting(MEETING));
    assertThat(read("{\"detail\":[],\"source\":7,\"source\":{},\"meeting_id\":\"m-1\"}"))
        .isEqualTo(new LaunchMeeting(MEETING));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"x\":1", "\"instance-id\":\"x\"", "\"instance-id\":7"})
  void saysWhatAnEventOfEc2sLacks(String detail) {
    String event =
        "{\"source\":\"aws.ec2\",\"detail-type\":\"EC2 Instance State-change Notification\","
            + "\"detail\":{%s}}".formatted(detail);

    assertThatExceptionOfType(InvalidEvent.class)
        .isThrownBy(() -> read(event))
        .withMessageContaining("has no \"instance-id\"");
  }

  private static String stateChange(String state) {
    return ofEc2("EC2 Instance State-change Notification", "\"state\":\"%s\"".formatted(state));
  }

  private static String ofEc2(String type, String detail) {
    return """
    {"version":"0","detail-type":"%s","source":"aws.ec2","resources":["arn:…"],
     "detail":{"instance-id":"i-0123456789abcdef0",%s}}
    """
        .formatted(type, detail);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|is empty",
        "` \n\t `|is empty",
        "[]|is an array; it must be a JSON object",
        "[{\"meeting_id\":\"m-1\"}]|is an array",
        "\"m-1\"|is a string",
        "42|is a number",
        "true|is a boolean",
        "null|is null",
        "{}|has no \"meeting_id\"",
        "{\"MEETING_ID\":\"m-1\"}|a \"MEETING_ID\" instead of a \"meeting_id\"",
        "{\"meetingId\":\"m-1\"}|has no \"meeting_id\"; it must be a string; it has a \"meetingId\" instead",
        "{\"Action\":\"sweep\"}|has a \"Action\" instead of a \"action\"",
        "{\"meeting_id\":\"m-1\",\"dryRun\":true}|has a \"dryRun\"; it must be called \"dry_run\"",
        "{\"meeting_id\":\"m-1\",\"DryRun\":false}|has a \"DryRun\"; it must be called \"dry_run\"",
        "{\"meeting_id\":\"m-1\",\"dryrun\":{\"a\":1}}|has a \"dryrun\"; it must be called",
        "{\"meeting_id\":\"m-1\",\"DRY_RUN\":1}|has a \"DRY_RUN\"; it must be called",
        "{\"meeting_id\":\"m-1\",\"dry_run\":true,\"_dry_run\":true}|has a \"_dry_run\"; it must be",
        "{\"action\":\"sweep\",\"dryRun\":true}|has a \"dryRun\"; it must be called",
        "\ufeff{\"meeting_id\":\"m-1\"}|begins with a byte order mark (U+FEFF)",
        "{\"meeting_id\":7}|has a \"meeting_id\" that is a number; it must be a string",
        "{\"meeting_id\":1.5}|that is a number",
        "{\"meeting_id\":true}|that is a boolean",
        "{\"meeting_id\":null}|has no \"meeting_id\"",
        "{\"meeting_id\":null,\"action\":null,\"dry_run\":null}|has no \"meeting_id\"",
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
        "{\"meeting_id\":\"m-1\",\"meeting_id\":\"m-2\"}|has \"meeting_id\" twice",
        "{\"meeting_id\":\"m-1\",\"meeting_id\":\"m-1\"}|has \"meeting_id\" twice",
        "{\"meeting_id\":null,\"meeting_id\":\"m-1\"}|has \"meeting_id\" twice",
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
        "{\"meeting_id\":\"m-1\",\"dry_run\":\"true\"}|\"dry_run\" that is a string; it must be true or",
        "{\"meeting_id\":\"m-1\",\"dry_run\":1}|\"dry_run\" that is a number; it must be true or false",
        "{\"meeting_id\":\"m-1\",\"dry_run\":[true]}|\"dry_run\" that is an array; it must be true or",
        "{\"meeting_id\":\"m-1\",\"dry_run\":{\"a\":1}}|\"dry_run\" that is an object; it must be true or",
        "{\"dry_run\":true}|has no \"meeting_id\"",
        "{\"dry_run\":true,\"dry_run\":false}|has \"dry_run\" twice",
        "{\"action\":\"sweep\",\"dry_run\":true}|only the launch of a meeting has a dry run",
        "{\"action\":[\"sweep\"]}|has no \"meeting_id\"",
        "{\"action\":\"sweep\",\"meeting_id\":\"m-1\"}|one or the other",
        "{\"meeting_id\":\"m-1\",\"action\":\"preflight\"}|\"action\" of \"preflight\" and a \"meeting_id\"",
      })
  void namesWhatIsWrongWithAnyOtherEvent(String event, String problem) {
    rejects(event).withMessageStartingWith("The event ").withMessageContaining(problem);
  }

  @Test
  void namesTheActionsThatItKnows() {
    rejects("{\"action\":\"sweeep\"}")
        .withMessage(
            "The event has an \"action\" that is not one of preflight, sweep, and no"
                + " \"meeting_id\"");
  }

  @Test
  void namesInvalidUtf8() {
    for (byte[] event :
        List.of(
            "{\"meeting_id\":\"é\"}".getBytes(ISO_8859_1),
            "{\"x\":\"é\",\"meeting_id\":\"m-1\"}".getBytes(ISO_8859_1),
            new byte[] {(byte) 0xff, (byte) 0xfe})) {
      rejects(event).withMessageContaining("not valid UTF-8");
    }
    rejects(new byte[] {(byte) 0xff, (byte) 0xfe, '{', 0}).withMessageContaining("UTF-16");
    rejects("{\"meeting_id\":\"m-1\"}".getBytes(UTF_16)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {2_000, 100_000})
  void survivesNestingThousandsDeep(int depth) {
    rejects("[".repeat(depth) + "]".repeat(depth)).isNotNull();
    rejects("[".repeat(depth)).isNotNull();
    String nested = "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
    rejects("{\"deep\":" + nested + ",\"meeting_id\":\"m-1\"}")
        .withMessageContaining("is not valid JSON");
  }

  @Test
  void takesAnEventOfAMegabyteWhateverIsInItAndNoMillionsOfValues() {
    String event = "{\"x\":[{}%s],\"meeting_id\":\"m-1\"}";

    assertThat(read(event.formatted(",{}".repeat(330_000)))).isEqualTo(new LaunchMeeting(MEETING));
    rejects(event.formatted(",{}".repeat(2_000_000)))
        .withMessageContaining("is not valid JSON: Token count");
  }

  @Test
  void saysNoMoreOfSixMegabytesThanHelps() {
    for (String event :
        List.of(
            "x".repeat(SIX_MEGABYTES),
            "{\"meeting_id\":\"" + "x".repeat(SIX_MEGABYTES) + "\"}",
            "{\"" + "x".repeat(SIX_MEGABYTES) + "\":1}",
            "{\"meeting_id\":" + "9".repeat(SIX_MEGABYTES) + "}")) {
      rejects(event).satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }
  }

  @Test
  void findsTheMeetingBehindANumberOfAnyLength() {
    for (String number :
        List.of("9".repeat(SIX_MEGABYTES), "-1." + "0".repeat(2_000), "1e" + "9".repeat(2_000))) {
      assertThat(read("{\"x\":[" + number + "],\"y\":" + number + ",\"meeting_id\":\"m-1\"}"))
          .isEqualTo(new LaunchMeeting(MEETING));
    }
  }

  @Test
  void findsTheMeetingBehindSixMegabytesOfOtherFields() {
    assertThat(read("{\"x\":\"" + "y".repeat(SIX_MEGABYTES) + "\",\"meeting_id\":\"m-1\"}"))
        .isEqualTo(new LaunchMeeting(MEETING));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret",
        "{secret:1}",
        "{\"secret\":1,\"secret\":2}",
        "{\"a'secret\":1,\"a'secret\":2}",
        "{\"a\u0007\nb\":1}",
      })
  void quotesNothingOfAnEventAndNoControlCharacters(String event) {
    rejects(event)
        .satisfies(invalid ->
            assertThat(invalid.getMessage())
                .doesNotContain("secret")
                .doesNotContainPattern("\\p{Cntrl}"));
  }

  private Event read(String event) {
    return events.read(event.getBytes(UTF_8));
  }

  private ThrowableAssertAlternative<InvalidEvent> rejects(String event) {
    return rejects(event.getBytes(UTF_8));
  }

  private ThrowableAssertAlternative<InvalidEvent> rejects(byte[] event) {
    return assertThatExceptionOfType(InvalidEvent.class).isThrownBy(() -> events.read(event));
  }
}
