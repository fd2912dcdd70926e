package io.elephant.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.local.Drill;
import io.elephant.launcher.local.PlantedFault;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whoever types what the tests' page says of a drill has the meeting launched. Every story is
 * played with the executable, and on Java one of them, since what it shows is the same.
 */
class DrillIT {

  private static final Pattern STORY =
      Pattern.compile("```text\\nmake drill FAULT=(\\w+)\\n(.*?)```", Pattern.DOTALL);

  private static final Pattern ALARM = Pattern.compile("ALARM  elephant-launch-ec2-([a-z-]+)");

  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();

  @ParameterizedTest
  @MethodSource("faults")
  void endsWithALaunchedMeetingWhereOneDoesWhatThePageSays(PlantedFault fault) throws IOException {
    boolean launched = play(fault, story(fault));

    assertThat(shown.toString(UTF_8))
        .contains("try 3: failed", "ALARM  elephant-launch-ec2-failures", code(fault))
        .containsPattern("(?s)> (redrive|launch)\\R.*\"status\" ?: ?\"LAUNCHED\"")
        .contains("Both instances run, and the row names them.")
        .doesNotContain("This needs Python");
    assertThat(launched).isTrue();
    assertThat(ALARM.matcher(shown.toString(UTF_8)).results().map(found -> found.group(1)))
        .contains("launch-failed", "errors", "failures")
        .isSubsetOf(terraform());
  }

  static Stream<PlantedFault> faults() {
    return OnLocalAws.NATIVE ? Stream.of(PlantedFault.values()) : Stream.of(PlantedFault.KEY);
  }

  @Test
  void endsWithoutALaunchWhereNobodyDoesAnything() throws IOException {
    assertThat(play(PlantedFault.IMAGE, "redrive\nset NO_SUCH_VARIABLE=1\nquit\nredrive\n"))
        .isFalse();
    assertThat(shown.toString(UTF_8))
        .contains("No instance runs for the teacher.", "The function has these variables: AMI_ID")
        .doesNotContain("Both instances run");
  }

  @Test
  @EnabledIfSystemProperty(named = "function.native", matches = "true")
  void launchesABookedMeetingInATableThatWasMadeAnew() throws IOException {
    assertThat(play(PlantedFault.TABLE, "create-table\nredrive\nbook\nredrive\n")).isTrue();
    assertThat(shown.toString(UTF_8)).contains("MeetingNotFound");
  }

  private boolean play(PlantedFault fault, String words) throws IOException {
    return Drill.run(
        OnLocalAws.functionPackage(),
        fault,
        new BufferedReader(new StringReader(words)),
        new PrintStream(shown, true, UTF_8));
  }

  private static String story(PlantedFault fault) throws IOException {
    String word = fault.name().toLowerCase(Locale.ROOT);
    Stream<MatchResult> stories = STORY.matcher(Files.readString(Pages.TESTS)).results();
    return stories
        .filter(story -> story.group(1).equals(word))
        .map(story -> story.group(2))
        .findFirst()
        .orElseThrow();
  }

  /** What a person must find out. */
  private static String code(PlantedFault fault) {
    return switch (fault) {
      case CAPACITY -> "InsufficientInstanceCapacity";
      case TABLE -> "ResourceNotFoundException";
      case IMAGE -> "InvalidAMIID.NotFound";
      case KEY -> "Client.InvalidKMSKey.InvalidState";
    };
  }

  /** The names that Terraform gives to alarms are keys of its maps. */
  private static List<String> terraform() throws IOException {
    return Pattern.compile("^    ([a-z-]+) = \\{$", Pattern.MULTILINE)
        .matcher(Files.readString(Path.of("terraform", "signals.tf")))
        .results()
        .map(found -> found.group(1))
        .toList();
  }
}
