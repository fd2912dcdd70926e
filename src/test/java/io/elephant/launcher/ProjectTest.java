package io.elephant.launcher;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.regex.Pattern.MULTILINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files around the code: pages, workflows, scripts, dependency updates, and what they name. */
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

  /** A link of a page's: to a file, to a heading, or to both. */
  private static final Pattern LINK =
      Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]*))?\\)");

  private static final Pattern SCRIPTS =
      Pattern.compile("^SCRIPTS := \\$\\(wildcard (.*)\\)$", MULTILINE);

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
        .extracting(
            job -> job.required("name").asText(), job -> job.required("permissions").toString())
        .containsExactly(
            tuple(
                "Release",
                "{\"attestations\":\"write\",\"contents\":\"write\",\"id-token\":\"write\"}"));
  }

  /** Whoever downloads a release can find out what it is built from, and where. */
  @Test
  void attestsEachFileThatIsReleasedWithItsSbom() throws IOException {
    JsonNode release = workflows().get(WORKFLOWS.resolve("release.yml")).at("/jobs/release/steps");
    List<String> attested =
        elements(release)
            .filter(
                step -> step.path("uses").asText().startsWith("actions/attest-build-provenance@"))
            .flatMap(step -> step.at("/with/subject-path").asText().lines())
            .toList();
    String released =
        elements(release)
            .map(step -> step.path("run").asText())
            .filter(script -> script.contains("gh release create"))
            .findFirst()
            .orElseThrow();

    assertThat(attested).containsExactly("function-*.zip", "function-*.cdx.json");
    assertThat(Stream.of(released.split("\\s+")).filter(word -> word.startsWith("function-")))
        .containsExactly("function-*.zip", "function-*.zip.sha256", "function-*.cdx.json");
    assertThat(scripts())
        .anySatisfy(script ->
            assertThat(script)
                .contains("make sbom", "\"package/function-$ARCHITECTURE.cdx.json\""));
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
        Pages.all().stream()
            .flatMap(page -> SHOWN_MAKE.matcher(text(page)).results())
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(targets).contains("verify", "deploy").containsAll(made(scripts()));
    assertThat(shown).hasSizeGreaterThan(10).isSubsetOf(targets);
  }

  @Test
  void linksOnlyToPagesAndHeadingsThatThereAre() {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : Pages.all()) {
      for (MatchResult link : LINK.matcher(Pages.prose(page)).results().toList()) {
        links++;
        Path target =
            link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
        if (!Files.exists(target)
            || (link.group(2) != null && !Pages.anchors(target).contains(link.group(2)))) {
          broken.add(page + ": " + link.group());
        }
      }
    }

    assertThat(links).isGreaterThan(40);
    assertThat(broken).isEmpty();
  }

  @Test
  void checksEveryShellScript() {
    List<PathMatcher> checked =
        SCRIPTS
            .matcher(text(Path.of("Makefile")))
            .results()
            .flatMap(found -> Stream.of(found.group(1).split(" ")))
            .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
            .toList();
    List<Path> scripts = Pages.files().stream().filter(ProjectTest::isShellScript).toList();

    assertThat(scripts)
        .contains(Path.of(".ci", "run"), Path.of("terraform", "tests", "apply-local.sh"))
        .allSatisfy(script ->
            assertThat(checked).as(script.toString()).anyMatch(glob -> glob.matches(script)));
  }

  private static boolean isShellScript(Path file) {
    try (InputStream content = Files.newInputStream(file)) {
      return new String(content.readNBytes(64), ISO_8859_1).matches("(?s)#!\\S+[/ ](ba)?sh\\b.*");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
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
    assertThat(group.required("prBodyNotes").toString()).contains("make verify");
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

  /** The licences of Maven's dependencies are checked by the build; a plugin's own are not. */
  @Test
  void givesNoPluginADependencyWhoseLicenceNobodyChecks() {
    String plugins = text(Path.of("pom.xml")).split("<build>")[1];

    assertThat(plugins).contains("license-maven-plugin").doesNotContain("<dependencies>");
  }

  @Test
  void takesNoNpmPackageWhoseLicenceIsNotOneOfTheseOpenOnes() throws IOException {
    Set<String> permissive = Set.of("Apache-2.0", "BSD-3-Clause", "ISC", "MIT");
    Set<String> ofTests = Set.of("AGPL-3.0-or-later", "MIT");

    assertThat(lock("src/test/dynalite")).isNotEmpty().allSatisfy(isUnder(permissive));
    assertThat(lock("terraform/tests/policy")).isNotEmpty().allSatisfy(isUnder(ofTests));
  }

  /** Whatever registry npm is set up for is asked, and the integrity says what it must answer. */
  @Test
  void locksEachNpmPackageByItsContentAndNamesNoRegistry() throws IOException {
    for (String folder : List.of("src/test/dynalite", "terraform/tests/policy")) {
      assertThat(lock(folder))
          .allSatisfy((name, locked) -> {
            assertThat(locked.path("integrity").asText()).as(name).startsWith("sha512-");
            assertThat(locked.has("resolved")).as(name).isFalse();
          });
    }
  }

  private static BiConsumer<String, JsonNode> isUnder(Set<String> licences) {
    return (name, locked) ->
        assertThat(licences).as(name).contains(locked.path("license").asText());
  }

  /** What npm installs in this folder, by its place there. */
  private static Map<String, JsonNode> lock(String folder) throws IOException {
    Map<String, JsonNode> packages = new TreeMap<>();
    JSON5
        .readTree(Path.of(folder, "package-lock.json").toFile())
        .required("packages")
        .properties()
        .forEach(one -> packages.put(one.getKey(), one.getValue()));
    packages.remove("");
    return packages;
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
