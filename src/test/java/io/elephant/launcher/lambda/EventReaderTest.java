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
import io.elephant.launcher.launch.Notice.Kind;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventReaderTest {

  private static final int SIX_MEGABYTES = 6 << 20;
  private static final MeetingId MEETING = new MeetingId("m-1");
  private static final Event LAUNCH = new LaunchMeeting(MEETING);

  static final List<String> LAUNCHES =
      """
      {"meeting_id":"m-1"}
      {"meeting_id":"  m-1\\t\\n"}
       \t{ "meeting_id" : "m-1" }\t\s
      {"meeting_id":"\\u006d-1"}
      {"scheduled_time":"2026-11-22T09:55:00Z","meeting_id":"m-1","attempt":1}
      {"more":{"meeting_id":"m-2"},"list":[{"meeting_id":7}],"meeting_id":"m-1"}
      {"action":"launch","meeting_id":"m-1"}
      {"action":["sweep"],"meeting_id":"m-1"}
      {"dry_run":false,"meeting_id":"m-1"}
      {"dry_run":null,"action":null,"meeting_id":"m-1"}
      {"dryRun":null,"meeting_id":"m-1"}
      {"meetingId":7,"Action":"sweep","dry_runs":true,"meeting_id":"m-1"}
      {"a":1,"a":2,"b":{"c":1,"c":2},"meeting_id":"m-1"}
      {"context":{"dry_run":1,"dry_run":2,"dryRun":true},"meeting_id":"m-1"}
      {"detail":[],"source":7,"source":{},"meeting_id":"m-1"}
      {"detail":{"dryRun":true},"source":"aws.ec2","detail-type":"x","meeting_id":"m-1"}
      """
          .lines()
          .toList();

  @ParameterizedTest
  @FieldSource("LAUNCHES")
  void findsTheMeetingToLaunch(String event) {
    assertThat(read(event)).isEqualTo(LAUNCH);
    assertThat(read(" \r\n" + event + " \n")).isEqualTo(LAUNCH);
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

  @ParameterizedTest
  @CsvSource({
    "EC2 Instance State-change Notification, shutting-down, ENDED",
    "EC2 Instance State-change Notification, terminated, ENDED",
    "EC2 Instance State-change Notification, stopping, STOPPED",
    "EC2 Instance State-change Notification, stopped, STOPPED",
    "EC2 Instance State-change Notification, running, OTHER_STATE",
    "EC2 Spot Instance Interruption Warning, , INTERRUPTED",
  })
  void findsTheInstanceThatEc2TellsOf(String type, String state, Kind kind) {
    String event = ofEc2(type, "\"instance-id\":\"i-0123456789abcdef0\",\"state\":\"" + state);

    assertThat(read(event))
        .isEqualTo(
            new RecoverInstance(
                new Notice(
                    new InstanceId("i-0123456789abcdef0"),
                    kind,
                    Optional.of(Instant.parse("2026-11-22T09:55:00Z")))));
    assertThat(read(event.replaceFirst("09:55:00", "nobody knows")))
        .isEqualTo(
            new RecoverInstance(
                new Notice(new InstanceId("i-0123456789abcdef0"), kind, Optional.empty())));
    assertThat(read(event.replaceFirst("\\{", "{\"meeting_id\":\"m-1\","))).isEqualTo(LAUNCH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\":\"1", "instance-id\":\"x", "instance-id\":7,\"x\":\"1"})
  void saysWhatAnEventOfEc2sLacks(String detail) {
    rejects(ofEc2("EC2 Instance State-change Notification", "\"" + detail))
        .withMessageContaining("has no \"instance-id\"");
  }

  private static String ofEc2(String type, String detail) {
    return """
    {"version":"0","detail-type":"%s","source":"aws.ec2","time":"2026-11-22T09:55:00Z","resources":["arn:…"],"detail":{%s"}}
    """
        .formatted(type, detail);
  }

  /** What is said, and the events that it is said of, in each line. */
  private static final String MALFORMED =
      """
      is empty|| \t\s
      is not a JSON object|[]|[{"meeting_id":"m-1"}]|"m-1"|42|true|null
      is not valid JSON: Unexpected character … (line 1, column 1)|\ufeff{"meeting_id":"m-1"}
      has no "meeting_id"|{"MEETING_ID":"m-1"}|{"meetingId":"m-1"}|{"Action":"sweep"}|{}|{"meeting_id":null}|{"meeting_id":null,"action":null,"dry_run":null}|{"dry_run":true}|{"action":["sweep"]}
      has a "dryRun"; its name must be "dry_run"|{"meeting_id":"m-1","dryRun":true}|{"action":"sweep","dryRun":true}
      has a "DryRun"; its name must be "dry_run"|{"meeting_id":"m-1","DryRun":false}
      has a "dryrun"; its name must be "dry_run"|{"meeting_id":"m-1","dryrun":{"a":1}}
      has a "DRY_RUN"; its name must be "dry_run"|{"meeting_id":"m-1","DRY_RUN":1}
      has a "_dry_run"; its name must be "dry_run"|{"meeting_id":"m-1","dry_run":true,"_dry_run":true}
      has a "meeting_id" that is not a string|{"meeting_id":7}|{"meeting_id":1.5}|{"meeting_id":true}|{"meeting_id":["m-1"]}|{"meeting_id":{"S":"m-1"}}
      of 0 characters that is not 1 to 40 characters of A-Z a-z 0-9 _ -|{"meeting_id":""}
      that is not 1 to 40 characters of A-Z a-z 0-9 _ -|{"meeting_id":"   "}|{"meeting_id":"m 1"}|{"meeting_id":"m/1"}|{"meeting_id":"m\\n1"}|{"meeting_id":"m\\u00001"}|{"meeting_id":"\\ud800"}|{"meeting_id":"ｍ１"}
      of 41 characters|{"meeting_id":"01234567890123456789012345678901234567890"}
      has "meeting_id" twice|{"meeting_id":"m-1","meeting_id":"m-2"}|{"meeting_id":"m-1","meeting_id":"m-1"}|{"meeting_id":null,"meeting_id":"m-1"}
      has "dry_run" twice|{"dry_run":true,"dry_run":false}
      has something after its JSON object|{"meeting_id":"m-1"}{"meeting_id":"m-2"}
      is not valid JSON|{"meeting_id":"m-1"} x|{"meeting_id":"m-1"|{"meeting_id":"m-1|{'meeting_id':'m-1'}|{meeting_id:"m-1"}|{"meeting_id":"m-1",}|{"meeting_id":NaN}|{"meeting_id":"m-1" /* no */}|{"meeting_id"|<meeting/>
      is not valid JSON: Unrecognized token … (line 1, column 1)|hello
      has a "dry_run" that is neither true nor false|{"meeting_id":"m-1","dry_run":"true"}|{"meeting_id":"m-1","dry_run":1}|{"meeting_id":"m-1","dry_run":[true]}|{"meeting_id":"m-1","dry_run":{"a":1}}
      has an "action" of "sweep" and a "dry_run"; it must have only one of them|{"action":"sweep","dry_run":true}|{"action":"sweep","dry_run":false}
      has an "action" of "sweep" and a "meeting_id"; it must have only one of them|{"action":"sweep","meeting_id":"m-1"}
      has an "action" of "preflight" and a "meeting_id"|{"meeting_id":"m-1","action":"preflight"}
      has an "action" that is neither preflight nor sweep, and no "meeting_id"|{"action":"sweeep"}
      """;

  static Stream<Arguments> malformed() {
    return MALFORMED
        .lines()
        .map(line -> line.split("\\|", -1))
        .flatMap(
            fields -> Arrays.stream(fields).skip(1).map(event -> Arguments.of(event, fields[0])));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void namesWhatIsWrongWithAnyOtherEvent(String event, String problem) {
    rejects(event).withMessageStartingWith("The event ").withMessageContaining(problem);
  }

  @Test
  void namesInvalidUtf8() {
    for (byte[] event :
        List.of(
            "{\"meeting_id\":\"é\"}".getBytes(ISO_8859_1),
            "{\"x\":\"é\",\"meeting_id\":\"m-1\"}".getBytes(ISO_8859_1),
            "{\"meeting_id\":\"m-1\"}".getBytes(UTF_16),
            new byte[] {(byte) 0xff, (byte) 0xfe, '{', 0})) {
      rejects(event).withMessageContaining("is not valid UTF-8; UTF-16 is not read");
    }
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

    assertThat(read(event.formatted(",{}".repeat(330_000)))).isEqualTo(LAUNCH);
    rejects(event.formatted(",{}".repeat(2_000_000)))
        .withMessageContaining("is not valid JSON: Token count");
  }

  @Test
  void saysNoMoreOfSixMegabytesThanHelps() {
    String huge = "x".repeat(SIX_MEGABYTES);
    for (String event :
        List.of(
            huge,
            "{\"meeting_id\":\"" + huge + "\"}",
            "{\"" + huge + "\":1}",
            "{\"meeting_id\":" + "9".repeat(SIX_MEGABYTES) + "}")) {
      rejects(event).satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
    }
  }

  @Test
  void findsTheMeetingBehindSixMegabytesOfOtherFieldsAndNumbersOfAnyLength() {
    for (String value :
        List.of(
            "\"" + "y".repeat(SIX_MEGABYTES) + "\"",
            "9".repeat(SIX_MEGABYTES),
            "-1." + "0".repeat(2_000),
            "1e" + "9".repeat(2_000))) {
      assertThat(read("{\"x\":[" + value + "],\"y\":" + value + ",\"meeting_id\":\"m-1\"}"))
          .isEqualTo(LAUNCH);
    }
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

  private static Event read(String event) {
    return EventReader.read(event.getBytes(UTF_8));
  }

  private static ThrowableAssertAlternative<InvalidEvent> rejects(String event) {
    return rejects(event.getBytes(UTF_8));
  }

  private static ThrowableAssertAlternative<InvalidEvent> rejects(byte[] event) {
    return assertThatExceptionOfType(InvalidEvent.class).isThrownBy(() -> EventReader.read(event));
  }
}
