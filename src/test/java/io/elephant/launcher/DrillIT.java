package io.elephant.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.elephant.launcher.local.Drill;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever types what the tests' page says of a drill has the meeting launched. */
class DrillIT {

  private static final Pattern ALARM = Pattern.compile("ALARM  elephant-launch-ec2-([a-z-]+)");

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  /** On Java one of them, since what it shows is the same. */
  @ParameterizedTest
  @CsvSource({
    "key, Client.InvalidKMSKey.InvalidState",
    "capacity, InsufficientInstanceCapacity",
    "table, ResourceNotFoundException",
    "image, InvalidAMIID.NotFound"
  })
  void endsWithALaunchedMeetingWhereOneDoesWhatThePageSays(String fault, String code)
      throws IOException {
    assumeTrue(OnLocalAws.NATIVE || fault.equals("key"));
    String story = "make drill FAULT=" + fault + "\n";

    boolean launched = play(fault, Pages.text(Pages.TESTS).split(story)[1].split("```")[0]);

    assertThat(launched).as(shown.toString(UTF_8)).isTrue();
    assertThat(shown.toString(UTF_8))
        .contains("try 3: failed", "LaunchFailed " + code + " after ")
        .containsPattern("(?s)> (redrive|launch)\\R.*\"status\" ?: ?\"LAUNCHED\"")
        .doesNotContain("This needs Python");
    assertThat(ALARM.matcher(shown.toString(UTF_8)).results().map(found -> found.group(1)))
        .contains("launch-failed", "errors", "failures")
        .allMatch(alarm -> Pages.text(Pages.ALARMS).contains("\n    " + alarm + " = {\n"));
  }

  @Test
  void endsWithoutALaunchWhereNobodyDoesAnything() throws IOException {
    assertThat(play("image", "redrive\nquit\nredrive\n")).isFalse();
    assertThat(shown.toString(UTF_8)).contains("No instance runs for the teacher.");
  }

  @Test
  @EnabledIfSystemProperty(named = "function.native", matches = "true")
  void launchesABookedMeetingInATableThatWasMadeAnew() throws IOException {
    assertThat(play("table", "create-table\nredrive\nbook\nredrive\n")).isTrue();
    assertThat(shown.toString(UTF_8)).contains("MeetingNotFound");
  }

  private boolean play(String fault, String words) throws IOException {
    return Drill.run(
        OnLocalAws.functionPackage(),
        fault,
        new BufferedReader(new StringReader(words)),
        new PrintStream(shown, true, UTF_8));
  }
}
