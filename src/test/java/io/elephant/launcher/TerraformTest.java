package io.elephant.launcher;

import static java.util.regex.Pattern.DOTALL;
import static java.util.regex.Pattern.MULTILINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.config.Variable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The Terraform code beside the function's own, and beside what its page says of it. */
class TerraformTest {

  private static final Path CODE = Path.of("terraform");

  /** A block at the top of a file, as {@code terraform fmt} lays it out. */
  private static final Pattern BLOCK =
      Pattern.compile("^(variable|output|run) \"(\\w+)\" \\{\\n(.*?)^\\}", MULTILINE | DOTALL);

  private static final Pattern DEFAULT = Pattern.compile("^  default +(?:= )(.*)$", MULTILINE);

  /** The zones that they are in are the account's to know; Terraform has {@code subnet_ids}. */
  private static final String PUT_TOGETHER = "SUBNETS";

  private static final Pattern DESCRIPTION =
      Pattern.compile("^  description += \"(.*)\"$", MULTILINE);
  private static final Pattern VALIDATION = Pattern.compile("^  validation \\{$", MULTILINE);
  private static final Pattern EXPECTED_FAILURE =
      Pattern.compile("expect_failures = \\[([^\\]]*)\\]");
  private static final Pattern SET =
      Pattern.compile(
          "^    ([A-Z_]+) += \\w*\\(?(?:\",\", )?(?:var|local)\\.(\\w+)\\)?$", MULTILINE);

  /** A row of the page's tables of variables: name, default and description. */
  private static final Pattern VARIABLE_ROW =
      Pattern.compile("^\\| `([a-z_]+)` \\| (?:`([^`]*)` )?\\| ([^|]*) \\|$", MULTILINE);

  /** A row of the page's table of outputs: name and description. */
  private static final Pattern OUTPUT_ROW =
      Pattern.compile("^\\| `([a-z_]+)` \\| ([^|]*) \\|$", MULTILINE);

  private static final Pattern CAN_WAIT = Pattern.compile("  can_wait = \\[\"(.*)\"\\]");

  /** A row of the runbook's table of alarms: the name, and when to act. */
  private static final Pattern ALARM_ROW =
      Pattern.compile("^\\| `([a-z-]+)` \\| ([^|]*) \\|", MULTILINE);

  private static final Pattern FILE_LINK = Pattern.compile("\\[`(\\w+\\.tf)`\\]\\(\\1\\)");

  private record Block(String kind, String name, String body) {

    Optional<String> first(Pattern pattern) {
      return pattern.matcher(body).results().map(found -> found.group(1)).findFirst();
    }
  }

  private record Described(Optional<String> value, String description) {}

  @Test
  void takesEveryVariableOfTheFunctionUnderItsNameAndWithItsDefault() throws IOException {
    Map<String, Block> variables = blocks("variables.tf", "variable");
    for (Variable variable : Variable.values()) {
      String name = variable.name();
      if (name.equals(PUT_TOGETHER) || variable.isOfSdk()) {
        continue;
      }
      Optional<String> expected =
          Optional.of(variable.byDefault()).filter(value -> !value.isEmpty());

      assertThat(variables).containsKey(name.toLowerCase(Locale.ROOT));
      assertThat(
              variables
                  .get(name.toLowerCase(Locale.ROOT))
                  .first(DEFAULT)
                  .filter(value -> !value.equals("null"))
                  .map(this::asText))
          .as(name)
          .isEqualTo(expected);
    }
  }

  @Test
  void handsEachVariableToTheFunctionAndNoOther() throws IOException {
    Map<String, String> set =
        SET.matcher(Files.readString(CODE.resolve("function.tf")))
            .results()
            .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));
    Set<String> known = new TreeSet<>();
    for (Variable variable : Variable.values()) {
      if (!variable.isOfSdk()) {
        known.add(variable.name());
      }
    }

    assertThat(set.keySet()).containsExactlyInAnyOrderElementsOf(known);
    assertThat(set)
        .allSatisfy(
            (variable, source) -> assertThat(source).isEqualTo(variable.toLowerCase(Locale.ROOT)));
  }

  @Test
  void hasARefusedValueForEveryVariableWithAValidation() throws IOException {
    Set<String> refused =
        EXPECTED_FAILURE
            .matcher(Files.readString(CODE.resolve("tests/variables.tftest.hcl")))
            .results()
            .flatMap(found -> Stream.of(found.group(1).split("[\\s,]+")))
            .map(name -> name.replaceFirst("var\\.", ""))
            .collect(Collectors.toSet());

    assertThat(blocks("variables.tf", "variable").values())
        .hasSizeGreaterThan(30)
        .filteredOn(variable -> VALIDATION.matcher(variable.body()).find())
        .extracting(Block::name)
        .isSubsetOf(refused);
  }

  @Test
  void isDescribedOnItsPageVariableByVariable() throws IOException {
    Map<String, Described> coded = new TreeMap<>();
    blocks("variables.tf", "variable")
        .forEach((name, variable) ->
            coded.put(
                name,
                new Described(variable.first(DEFAULT), variable.first(DESCRIPTION).orElseThrow())));

    assertThat(
            rows(
                "## Variables",
                VARIABLE_ROW,
                row -> new Described(Optional.ofNullable(row.group(2)), row.group(3))))
        .isEqualTo(coded);
  }

  @Test
  void isDescribedOnItsPageOutputByOutput() throws IOException {
    Map<String, String> coded = new TreeMap<>();
    blocks("outputs.tf", "output")
        .forEach((name, output) -> coded.put(name, output.first(DESCRIPTION).orElseThrow()));

    assertThat(rows("## Outputs", OUTPUT_ROW, row -> row.group(2))).isEqualTo(coded);
  }

  @Test
  void saysOfEachAlarmWhetherItCanWaitAsTheRunbookDoes() throws IOException {
    String code = Files.readString(CODE.resolve("signals.tf"));
    Set<String> canWait =
        Set.of(CAN_WAIT.matcher(code).results().findFirst().orElseThrow().group(1).split("\", \""));
    Map<String, String> rows =
        ALARM_ROW
            .matcher(Pages.chapter(Pages.RUNBOOK, "## Alarms, and what to do"))
            .results()
            .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2)));

    assertThat(rows).containsKeys(canWait.toArray(String[]::new));
    assertThat(rows)
        .allSatisfy((alarm, when) ->
            assertThat(when)
                .as(alarm)
                .isEqualTo(canWait.contains(alarm) ? "in the morning" : "now"));
  }

  @Test
  void isDescribedOnItsPageFileByFile() throws IOException {
    try (Stream<Path> files = Files.list(CODE)) {
      assertThat(FILE_LINK.matcher(Pages.text(Pages.STACK)).results().map(found -> found.group(1)))
          .containsExactlyInAnyOrderElementsOf(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(file -> file.endsWith(".tf") && !file.equals("backend.tf"))
                  .toList());
    }
  }

  private static Map<String, Block> blocks(String file, String kind) throws IOException {
    return BLOCK
        .matcher(Files.readString(CODE.resolve(file)))
        .results()
        .map(found -> new Block(found.group(1), found.group(2), found.group(3)))
        .filter(block -> block.kind().equals(kind))
        .collect(Collectors.toMap(Block::name, Function.identity()));
  }

  /** The rows of a chapter of the page, by the name in their first column. */
  private static <T> Map<String, T> rows(
      String chapter, Pattern row, Function<MatchResult, T> content) {
    return row.matcher(Pages.chapter(Pages.STACK, chapter))
        .results()
        .collect(Collectors.toMap(found -> found.group(1), content));
  }

  /** What becomes of a default in the environment: lists are joined by commas. */
  private String asText(String value) {
    return value.replaceAll("[\\[\\]\"]", "").replace(", ", ",");
  }
}
