package io.elephant.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.regex.Pattern.MULTILINE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files around the code: workflows, dependency updates, and what they name of the rest. */
class ProjectTest {

  private static final Path WORKFLOWS = Path.of(".github", "workflows");
  private static final Path VERIFY = WORKFLOWS.resolve("verify.yml");

  /** JSON as people write it. */
  private static final JsonMapper JSON5 =
      JsonMapper.builder()
          .enable(
              JsonReadFeature.ALLOW_JAVA_COMMENTS,
              JsonReadFeature.ALLOW_SINGLE_QUOTES,
              JsonReadFeature.ALLOW_TRAILING_COMMA,
              JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES,
              JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
          .build();

  private static final Pattern USES = Pattern.compile("^ *(?:- )?uses: (.*)$", MULTILINE);

  /** An action by its commit, and its version for people. */
  private static final Pattern PINNED =
      Pattern.compile("[\\w-]+/[\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+");

  private static final Pattern TARGET = Pattern.compile("^([a-z][a-z-]*):(?!=)", MULTILINE);
  private static final Pattern MAKE = Pattern.compile("\\bmake ([a-z][a-z-]*)");

  /** A command that a document shows: in a block, or within quotes of code. */
  private static final Pattern SHOWN_MAKE =
      Pattern.compile("(?:^|`|&& )make ([a-z][a-z-]*)", MULTILINE);

  @Test
  void pinsEachActionByItsCommitWithTheVersionBesideIt() throws IOException {
    List<String> actions =
        workflows().keySet().stream()
            .flatMap(workflow -> USES.matcher(text(workflow)).results())
            .map(found -> found.group(1))
            .filter(used -> !used.startsWith("./"))
            .toList();

    assertThat(actions).isNotEmpty().allMatch(PINNED.asMatchPredicate());
  }

  @Test
  void asksForNoMorePermissionsThanAJobNeeds() throws IOException {
    assertThat(workflows())
        .allSatisfy((_, workflow) ->
            assertThat(workflow.required("permissions").toString())
                .isEqualTo("{\"contents\":\"read\"}"));
    assertThat(jobs())
        .filteredOn(job -> job.has("permissions"))
        .extracting(job -> job.required("name").asText())
        .containsExactly("Release");
  }

  @Test
  void endsEachJobInTimeAndEachWorkflowThatIsOutdated() throws IOException {
    assertThat(workflows()).allSatisfy((_, workflow) -> workflow.required("concurrency"));
    assertThat(jobs())
        .filteredOn(job -> !job.has("uses"))
        .isNotEmpty()
        .allSatisfy(job -> assertThat(job.path("timeout-minutes").asInt()).isPositive());
  }

  /** An expression in a script is text that somebody outside may choose, and is run as it is. */
  @Test
  void givesNoExpressionToAShell() throws IOException {
    assertThat(scripts()).isNotEmpty().noneMatch(script -> script.contains("${{"));
  }

  @Test
  void runsOnBothArchitecturesWhatAChangeMustPass() throws IOException {
    JsonNode matrix = workflows().get(VERIFY).at("/jobs/verify/strategy/matrix/include");
    Map<String, String> runners = new TreeMap<>();
    matrix.forEach(
        one -> runners.put(one.required("architecture").asText(), one.required("runner").asText()));

    assertThat(runners).isEqualTo(Map.of("x86_64", "ubuntu-24.04", "arm64", "ubuntu-24.04-arm"));
    assertThat(made(scripts()))
        .isNotEmpty()
        .containsAll(made(List.of(text(Path.of(".ci", "run")))));
  }

  @Test
  void namesOnlyMakeTargetsThatThereAre() throws IOException {
    Set<String> targets =
        Stream.of("Makefile", "terraform/terraform.mk")
            .flatMap(file -> TARGET.matcher(text(Path.of(file))).results())
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> shown =
        Stream.of("README.md", "CHANGELOG.md", ".github/CONTRIBUTING.md", ".github/SECURITY.md")
            .flatMap(file -> SHOWN_MAKE.matcher(text(Path.of(file))).results())
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(targets).contains("verify", "deploy").containsAll(made(scripts()));
    assertThat(shown).hasSizeGreaterThan(10).isSubsetOf(targets);
  }

  @Test
  void releasesWithWhatTheChangelogSaysOfTheVersion(@TempDir Path directory) throws Exception {
    Path changelog =
        Files.writeString(
            directory.resolve("CHANGELOG.md"),
            """
            # Changelog

            ## [Unreleased]

            ## [1.10.0] - 2027-01-15

            ### Added

            - Ten.

            ## [1.1.0] - 2026-12-01

            - One.

            [1.1.0]: https://example.com/v1.1.0
            """);

    assertThat(notes("v1.10.0", changelog.toString())).isEqualTo("### Added\n\n- Ten.");
    assertThat(notes("v1.1.0", changelog.toString())).isEqualTo("- One.");
    for (String version : List.of("v1.1", "v2.0.0", "Unreleased")) {
      assertThat(notes(version, changelog.toString())).contains("no section '## [");
    }
    assertThat(notes("Unreleased")).startsWith("### Added");
  }

  @Test
  void updatesQuarkusAndTheAwsSdkTogetherAndSaysWhy() throws IOException {
    JsonNode group =
        elements(renovate().required("packageRules"))
            .filter(rule -> rule.path("groupName").asText().equals("Quarkus and the AWS SDK"))
            .findFirst()
            .orElseThrow();

    assertThat(elements(group.required("matchPackageNames")).map(JsonNode::asText))
        .containsExactly(
            "io.quarkus:**",
            "io.quarkus.platform:**",
            "io.quarkiverse.amazonservices:**",
            "software.amazon.awssdk:**");
    assertThat(group.required("prBodyNotes").toString()).contains("graal/", "make verify");
  }

  /** A pattern that finds nothing updates nothing, and nobody notices. */
  @Test
  void findsEachVersionThatIsUpdatedByAPattern() throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (JsonNode manager : elements(renovate().required("customManagers")).toList()) {
      String slashed = manager.at("/managerFilePatterns/0").asText();
      Pattern path = Pattern.compile(slashed.substring(1, slashed.length() - 1));
      Pattern version = Pattern.compile(manager.at("/matchStrings/0").asText());
      Stream.of("Makefile", "pom.xml", ".github/workflows/verify.yml")
          .filter(path.asPredicate())
          .flatMap(file -> version.matcher(text(Path.of(file))).results())
          .forEach(match ->
              found.put(
                  match.namedGroups().containsKey("depName")
                      ? match.group("depName")
                      : manager.required("depNameTemplate").asText(),
                  match.group("currentValue")));
    }

    assertThat(found)
        .containsOnlyKeys(
            "com.google.googlejavaformat:google-java-format",
            "hashicorp/terraform",
            "moto",
            "org.apache.maven:apache-maven")
        .allSatisfy((_, version) -> assertThat(version).matches("\\d+(\\.\\d+)+"));
  }

  private static JsonNode renovate() throws IOException {
    return JSON5.readTree(Path.of(".github", "renovate.json5").toFile());
  }

  private static Map<Path, JsonNode> workflows() throws IOException {
    var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
    Map<Path, JsonNode> workflows = new TreeMap<>();
    try (Stream<Path> files = Files.list(WORKFLOWS)) {
      files.forEach(file -> workflows.put(file, JSON5.valueToTree(yaml.load(text(file)))));
    }
    assertThat(workflows).containsKey(VERIFY);
    return workflows;
  }

  private static List<JsonNode> jobs() throws IOException {
    return workflows().values().stream()
        .flatMap(workflow -> elements(workflow.required("jobs")))
        .toList();
  }

  private static List<String> scripts() throws IOException {
    return jobs().stream()
        .flatMap(job -> elements(job.path("steps")))
        .filter(step -> step.has("run"))
        .map(step -> step.get("run").asText())
        .toList();
  }

  private static Set<String> made(Collection<String> scripts) {
    return scripts.stream()
        .flatMap(script -> MAKE.matcher(script).results())
        .map(found -> found.group(1))
        .collect(Collectors.toSet());
  }

  private static Stream<JsonNode> elements(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What the workflow would release with, or why it would not. */
  private static String notes(String... arguments) throws Exception {
    Process process =
        new ProcessBuilder(
                Stream.concat(Stream.of(".github/release-notes.sh"), Stream.of(arguments)).toList())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
    assertThat(process.waitFor() == 0).as(said).isNotEqualTo(said.contains("no section"));
    return said;
  }
}
