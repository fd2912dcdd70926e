package io.elephant.launcher.aws;

import static io.elephant.launcher.aws.Attributes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.failure.LaunchFailure.MeetingUnreadable;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Plans;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What an item says, and how a launch state is written into it. */
class MeetingItemTest {

  private static final MeetingId ID = new MeetingId("m-1");
  private static final Role TEACHER = new Role("teacher");
  private static final Instant NOW = Instant.parse("2026-11-22T09:55:00.123456789Z");

  private static final LaunchState CLAIMED =
      LaunchState.claim(
          Attempt.of(
              new ClaimId("delivery-1/0"), ID, TEACHER, 0, Plans.request(ID, TEACHER, "t3.large")),
          NOW);

  @Test
  void readsNothingFromPlaceholders() {
    for (AttributeValue placeholder : Attributes.PLACEHOLDERS) {
      Map<String, AttributeValue> item = new HashMap<>();
      Set.of("status", "meet_time", "launch", "teacher_ec2_id")
          .forEach(name -> item.put(name, placeholder));

      assertThat(read(item)).isEqualTo(read(Map.of()));

      item.put(
          "launch",
          AttributeValue.fromM(Map.of("teacher", placeholder, "completed_by", placeholder)));
      assertThat(read(item)).isEqualTo(read(Map.of("launch", AttributeValue.fromM(Map.of()))));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RUNNING", "scheduled", " SCHEDULED", "LAUNCHED "})
  void namesAStatusThatIsNoneOfAMeetingsLife(String word) {
    assertUnreadable(Map.of("status", text(word)), "status", '"' + word + '"');
  }

  @ParameterizedTest
  @ValueSource(strings = {"CANCELED", "CANCELLED", "TERMINATED"})
  void knowsACancelledMeeting(String word) {
    assertThat(read(Map.of("status", text(word))).cancelled()).isTrue();
  }

  @Test
  void namesATimeThatIsNone() {
    assertUnreadable(
        Map.of("meet_time", text("22/11/2026 10:00")), "meet_time", "\"22/11/2026 10:00\"");
    assertUnreadable(
        Map.of("meet_time", AttributeValue.fromN("20261122100000")), "meet_time", "14 digits");
    assertUnreadable(
        Map.of("meet_time", AttributeValue.fromBool(true)),
        "meet_time",
        "is neither a string nor a number");
  }

  @Test
  void readsALaunchStateAsItWasWritten() {
    Attempt next =
        Attempt.of(CLAIMED.attempt().claim(), ID, TEACHER, 1, Plans.fullRequest(ID, TEACHER));
    LaunchState full =
        new LaunchState(
            next,
            1,
            NOW,
            2,
            3,
            Optional.of(new InstanceId("i-0123456789abcdef0")),
            true,
            Set.of(new InstanceId("i-a"), new InstanceId("i-b")),
            Optional.of(new Refusal("Server.InternalError", "it ended")));

    assertThat(launchState(LaunchStateItem.write(full))).isEqualTo(full);
    assertThat(launchState(LaunchStateItem.write(CLAIMED))).isEqualTo(CLAIMED);
  }

  @Test
  void saysNothingOfWhatItHasNot() {
    assertThat(LaunchStateItem.write(CLAIMED).m())
        .doesNotContainKeys(
            "launch_template_id",
            "launch_template_version",
            "volume_kms_key_arn",
            "recorded",
            "unlooked",
            "taken_out",
            "reason_code");
  }

  @Test
  void namesAVersionThatIsMissingForALaunchTemplate() {
    Map<String, AttributeValue> item = new HashMap<>(LaunchStateItem.write(CLAIMED).m());
    item.put("launch_template_id", text("lt-0e1efa27000000001"));

    assertUnreadable(
        launch(AttributeValue.fromM(item)), "launch.teacher.launch_template_version", "missing");
  }

  @Test
  void cutsAReasonThatIsTooLongForTheRow() {
    String shown = "y".repeat(999) + "…";
    LaunchState state = CLAIMED.notReplaced(new Refusal("Code", "y".repeat(400_000)));

    assertThat(launchState(LaunchStateItem.write(state)).reason())
        .contains(new Refusal("Code", shown));
    assertThat(Attributes.reason("y".repeat(1_000))).isEqualTo(text("y".repeat(1_000)));
  }

  @Test
  void cutsNoCharacterInTwo() {
    String pair = Character.toString(0x1F418);

    assertThat(Attributes.reason("y" + pair.repeat(600)))
        .isEqualTo(text("y" + pair.repeat(499) + "…"));
    assertThat(Attributes.reason(pair.repeat(600))).isEqualTo(text(pair.repeat(499) + "…"));
  }

  @Test
  void namesAnAttemptThatCanBeNone() {
    Map<String, AttributeValue> item = new HashMap<>(LaunchStateItem.write(CLAIMED).m());
    item.put("attempt", AttributeValue.fromN("-1"));

    assertUnreadable(launch(AttributeValue.fromM(item)), "launch.teacher.attempt", "wrong");
  }

  private static void assertUnreadable(
      Map<String, AttributeValue> item, String attribute, String problem) {
    assertThatExceptionOfType(MeetingUnreadable.class)
        .isThrownBy(() -> read(item))
        .withMessageContainingAll(ID.value(), "its attribute " + attribute, problem);
  }

  private static LaunchState launchState(AttributeValue item) {
    return read(launch(item)).state(TEACHER).orElseThrow();
  }

  private static Map<String, AttributeValue> launch(AttributeValue teacher) {
    return Map.of("launch", AttributeValue.fromM(Map.of("teacher", teacher)));
  }

  private static Meeting read(Map<String, AttributeValue> item) {
    return MeetingItem.read(ID, List.of(TEACHER), item);
  }
}
