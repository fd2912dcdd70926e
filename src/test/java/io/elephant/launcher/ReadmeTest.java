package io.elephant.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.launch.LaunchTest;
import io.elephant.launcher.launch.RecoveryTest;
import io.elephant.launcher.launch.RushTest;
import io.elephant.launcher.sweep.SweepTest;
import io.elephant.launcher.telemetry.Metric;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages say, beside the code that they say it of. */
class ReadmeTest {

  private static final int MOST_LINES = 240;

  /** A test's name: a sentence of at least five words. */
  private static final Pattern TEST = Pattern.compile("`([a-z]+(?:[A-Z0-9][a-z0-9]*){4,})`");

  /** An error code of AWS's and what it means for a call, in the table in the code. */
  private static final Pattern CODE = Pattern.compile("\"([A-Z][\\w.]+)\",\\s+([A-Z_]+)\\b");

  /** A command of AWS's or of Terraform's, in a block or within quotes of code. */
  private static final Pattern COMMAND =
      Pattern.compile("```sh\\n(?s:.*?)```|`(?:aws|terraform|make) [^`]*`");

  /** A row of a table of cases. */
  private static final Pattern CASE = Pattern.compile("^\\| [a-zA-Z].*\\|$", Pattern.MULTILINE);

  @Test
  void isShortEnoughToBeRead() throws IOException {
    assertThat(Files.readAllLines(Pages.README)).hasSizeLessThanOrEqualTo(MOST_LINES);
  }

  @Test
  void showsFiguresThatTheBenchmarksPageShows() {
    for (String benchmark : List.of("bench", "storm")) {
      assertThat(Pages.marked(Pages.README, benchmark).lines())
          .hasSizeGreaterThan(5)
          .isSubsetOf(Pages.marked(Pages.BENCH, benchmark).lines().toList());
    }
  }

  @Test
  void namesEveryVariableOfTheFunctionWithItsDefault() {
    Map<String, String> documented = new TreeMap<>();
    Pages.table(Pages.README, "## Configure it")
        .forEach((name, row) -> documented.put(name, row.getFirst().replace("`", "")));

    assertThat(documented).isEqualTo(TerraformTest.variables());
  }

  @Test
  void namesOnlyTestsThatThereAre() {
    Set<String> named =
        Pages.ALL.stream()
            .flatMap(page -> Pages.found(TEST, Pages.text(page)))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> there =
        Stream.of(
                LaunchTest.class,
                RushTest.class,
                RecoveryTest.class,
                SweepTest.class,
                FunctionTest.class,
                PackagedFunctionIT.class,
                PreflightIT.class,
                CrashIT.class)
            .flatMap(test -> Stream.of(test.getDeclaredMethods()))
            .map(Method::getName)
            .collect(Collectors.toSet());

    assertThat(named).hasSizeGreaterThan(30);
    assertThat(there).containsAll(named);
  }

  @Test
  void namesATestForEachThingThatHappens() {
    assertThat(cases(Pages.chapter(Pages.README, "## What happens when …"))).hasSizeGreaterThan(5);
    assertThat(cases(Pages.chapter(Pages.PROTOCOL, "## Every case"))).hasSizeGreaterThan(25);
  }

  private static List<String> cases(String chapter) {
    List<String> cases = CASE.matcher(chapter).results().map(MatchResult::group).toList();
    assertThat(cases).allMatch(TEST.asPredicate());
    return cases;
  }

  @Test
  void namesEveryMetric() {
    assertThat(Pages.rows(Pages.chapter(Pages.RUNBOOK, "## The metrics")))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(Metric.values()).map(Metric::toString).toList());
  }

  @Test
  void theRunbookHasARowForEveryErrorCodeAndOneForAllThatMeanNoCapacity() {
    Map<String, Set<String>> codes = new TreeMap<>();
    CODE.matcher(Pages.text(Path.of("src/main/java/io/elephant/launcher/aws/ErrorCodes.java")))
        .results()
        .forEach(
            code -> codes.computeIfAbsent(code.group(2), _ -> new TreeSet<>()).add(code.group(1)));
    List<Set<String>> rows =
        Pages.chapter(Pages.RUNBOOK, "## Alarms, and what to do").lines().map(Pages::rows).toList();

    assertThat(codes).hasSizeGreaterThan(8);
    assertThat(rows.stream().flatMap(Set::stream))
        .as("the rows of %s, beside the codes of ErrorCodes", Pages.RUNBOOK)
        .containsAll(codes.values().stream().flatMap(Set::stream).toList());
    assertThat(rows)
        .as("the rows of %s, one with all codes of each verdict", Pages.RUNBOOK)
        .contains(codes.get("NO_CAPACITY"), codes.get("OVER_QUOTA"));
  }

  @Test
  void showsCommandsThatCanBePastedAsTheyAre() {
    List<String> commands =
        Pages.ALL.stream()
            .flatMap(page -> COMMAND.matcher(Pages.text(page)).results())
            .map(MatchResult::group)
            .toList();

    assertThat(commands).hasSizeGreaterThan(100).noneMatch(command -> command.contains("…"));
  }

  @Test
  void namesEveryPackage() throws IOException {
    try (Stream<Path> packages = Files.list(Path.of("src/main/java/io/elephant/launcher"))) {
      assertThat(Pages.rows(Pages.chapter(Pages.README, "## Layout")))
          .containsExactlyInAnyOrderElementsOf(
              packages.map(name -> name.getFileName().toString()).toList());
    }
  }

  @Test
  void namesEveryFileOfEvents() {
    assertThat(Pages.rows(Pages.chapter(Pages.EVENTS, "## The files here")))
        .containsExactlyInAnyOrderElementsOf(
            Pages.events().stream().map(event -> event.getFileName().toString()).toList());
  }
}
