package io.elephant.launcher;

import static java.util.regex.Pattern.DOTALL;
import static java.util.regex.Pattern.MULTILINE;
import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.config.Variable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
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

  private static final Pattern CAN_WAIT = Pattern.compile("  can_wait = \\[\"(.*)\"\\]");

  private static final Pattern FILE_LINK = Pattern.compile("\\[`(\\w+\\.tf)`\\]\\(\\1\\)");

  private record Block(String kind, String name, String body) {

    Optional<String> first(Pattern pattern) {
      return Pages.found(pattern, body).findFirst();
    }
  }

  @Test
  void takesEveryVariableOfTheFunctionUnderItsNameAndWithItsDefault() throws IOException {
    Map<String, Block> variables = blocks("variables.tf", "variable");
    variables()
        .forEach((name, value) -> {
          if (!name.equals(PUT_TOGETHER)) {
            String coded = variables.get(name.toLowerCase(Locale.ROOT)).first(DEFAULT).orElse("");
            // Lists are joined by commas in the environment.
            assertThat(coded.replaceAll("^null$|[\\[\\]\"]", "").replace(", ", ","))
                .as(name)
                .isEqualTo(value);
          }
        });
  }

  @Test
  void handsEachVariableToTheFunctionAndNoOther() throws IOException {
    Map<String, String> set =
        SET.matcher(Files.readString(CODE.resolve("function.tf")))
            .results()
            .collect(Collectors.toMap(found -> found.group(1), found -> found.group(2)));

    assertThat(set.keySet()).isEqualTo(variables().keySet());
    assertThat(set)
        .allSatisfy(
            (variable, source) -> assertThat(source).isEqualTo(variable.toLowerCase(Locale.ROOT)));
  }

  @Test
  void hasARefusedValueForEveryVariableWithAValidation() throws IOException {
    Set<String> refused =
        Pages.found(EXPECTED_FAILURE, Pages.text(CODE.resolve("tests/variables.tftest.hcl")))
            .flatMap(found -> Stream.of(found.split("[\\s,]+")))
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
    Map<String, List<String>> coded = new TreeMap<>();
    blocks("variables.tf", "variable")
        .forEach((name, variable) ->
            coded.put(
                name,
                List.of(
                    variable.first(DEFAULT).map("`%s`"::formatted).orElse(""),
                    variable.first(DESCRIPTION).orElseThrow())));

    assertThat(Pages.table(Pages.STACK, "## Variables")).isEqualTo(coded);
  }

  @Test
  void isDescribedOnItsPageOutputByOutput() throws IOException {
    Map<String, List<String>> coded = new TreeMap<>();
    blocks("outputs.tf", "output")
        .forEach(
            (name, output) -> coded.put(name, List.of(output.first(DESCRIPTION).orElseThrow())));

    assertThat(Pages.table(Pages.STACK, "## Outputs")).isEqualTo(coded);
  }

  @Test
  void saysOfEachAlarmWhetherItCanWaitAsTheRunbookDoes() throws IOException {
    List<String> canWait =
        List.of(
            Pages.found(CAN_WAIT, Pages.text(Pages.ALARMS))
                .findFirst()
                .orElseThrow()
                .split("\", \""));
    Map<String, List<String>> rows = Pages.table(Pages.RUNBOOK, "## Alarms, and what to do");
    // The reasons' names begin with a capital.
    rows.keySet().removeIf(name -> !name.matches("[a-z-]+"));

    assertThat(rows.keySet()).containsAll(canWait);
    assertThat(rows)
        .allSatisfy((alarm, row) ->
            assertThat(row.getFirst())
                .as(alarm)
                .isEqualTo(canWait.contains(alarm) ? "in the morning" : "now"));
  }

  @Test
  void isDescribedOnItsPageFileByFile() throws IOException {
    try (Stream<Path> files = Files.list(CODE)) {
      assertThat(Pages.found(FILE_LINK, Pages.text(Pages.STACK)))
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

  /** The function's own variables, by their names with their defaults. */
  static SortedMap<String, String> variables() {
    return Stream.of(Variable.values())
        .filter(variable -> !variable.isOfSdk())
        .collect(
            Collectors.toMap(Variable::name, Variable::byDefault, String::concat, TreeMap::new));
  }
}
