package io.elephant.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elephant.launcher.local.ProcessResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no linter knows of the files around the code. */
class ProjectTest {

  private static final Pattern TARGET = Pattern.compile("(?m)^([a-z][a-z-]*):(?!=)");

  /** A command that a page or a workflow shows: in a block, or within quotes of code. */
  private static final Pattern MAKE = Pattern.compile("(?m)(?:^|`|&& |run: )make ([a-z][a-z-]*)");

  @Test
  void namesOnlyMakeTargetsThatThereAre() {
    Set<String> targets =
        found(TARGET, Stream.of(Path.of("Makefile"), Path.of("terraform", "terraform.mk")));
    var workflow = Path.of(".github", "workflows", "verify.yml");

    assertThat(found(MAKE, Stream.of(workflow)))
        .containsAll(found(MAKE, Stream.of(Path.of(".ci", "run"))));
    assertThat(found(MAKE, Stream.concat(Pages.ALL.stream(), Stream.of(workflow))))
        .hasSizeGreaterThan(10)
        .isSubsetOf(targets);
  }

  private static Set<String> found(Pattern pattern, Stream<Path> files) {
    return files
        .flatMap(file -> Pages.found(pattern, Pages.text(file)))
        .collect(Collectors.toSet());
  }

  private static final Set<String> OPEN_LICENCES =
      Set.of("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "Python-2.0");

  /** Whatever registry npm is set up for is asked, and the integrity says what it must answer. */
  @ParameterizedTest
  @ValueSource(strings = {"src/test/dynalite", "src/test/lint", "terraform/tests/policy"})
  void locksEachNpmPackageByItsContentUnderAnOpenLicence(String folder) throws IOException {
    JsonNode lock = new JsonMapper().readTree(Path.of(folder, "package-lock.json").toFile());

    assertThat(lock.required("packages").properties())
        .filteredOn(locked -> !locked.getKey().isEmpty())
        .isNotEmpty()
        .allSatisfy(locked -> {
          assertThat(locked.getValue().path("license").asText()).isIn(OPEN_LICENCES);
          assertThat(locked.getValue().path("integrity").asText()).startsWith("sha512-");
          assertThat(locked.getValue().has("resolved")).isFalse();
        });
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

    assertThat(notes("v1.10.0", changelog)).isEqualTo("### Added\n\n- Ten.");
    assertThat(notes("v1.1.0", changelog)).isEqualTo("- One.");
    for (String version : List.of("v1.1", "v2.0.0", "Unreleased")) {
      assertThat(notes(version, changelog)).contains("no section '## [");
    }
  }

  /** What the workflow would release with, or why it would not. */
  private static String notes(String version, Path changelog) throws Exception {
    ProcessResult result =
        ProcessResult.of(".github/release-notes.sh %s %s".formatted(version, changelog));
    String said = result.output().strip();
    assertThat(result.status() == 0).as(said).isNotEqualTo(said.contains("no section"));
    return said;
  }
}
