package io.elephant.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code make preflight} shows of the function's answer. It needs Terraform on the path. */
class PreflightScriptTest {

  @TempDir Path directory;

  private record Shown(String text, int status) {}

  @BeforeAll
  static void needTerraform() {
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "terraform"))));
  }

  @Test
  void showsWhatWasFoundAndSucceedsWhereNothingStandsInTheWay() throws Exception {
    assertThat(
            preflight(
                "None",
                """
                {"action":"preflight","ready":true,"checks":[\
                {"check":"key-pair","subject":"${a} %{b} \\"c\\"","result":"passed","detail":"It is there"},\
                {"check":"quota","subject":"t3.large, spot","result":"unknown","detail":"denied","to_do":"Allow it"}]}\
                """))
        .isEqualTo(
            new Shown(
                """
                ok        key-pair ${a} %{b} "c": It is there
                unknown   quota t3.large, spot: denied
                          Allow it
                Nothing stands in a launch's way.
                """,
                0));
  }

  @Test
  void failsWhereThereIsAnObstacleAndSaysWhatToDo() throws Exception {
    Shown shown =
        preflight(
            "None",
            """
            {"action":"preflight","ready":false,"checks":[\
            {"check":"image","subject":"ami-1","result":"obstacle","detail":"Nothing stands in its place","to_do":"Correct AMI_ID"}]}\
            """);

    assertThat(shown.text())
        .contains("obstacle  image ami-1: Nothing stands in its place\n          Correct AMI_ID\n");
    assertThat(shown.status()).isEqualTo(1);
  }

  @Test
  void failsWithTheFunctionsOwnWordsWhereItHasNotAnswered() throws Exception {
    Shown shown = preflight("Unhandled", "{\"errorMessage\":\"KEY_NAME is missing\"}");

    assertThat(shown.text()).isEqualTo("{\"errorMessage\":\"KEY_NAME is missing\"}\n");
    assertThat(shown.status()).isEqualTo(1);
  }

  @Test
  void failsWhereTheFunctionCannotBeInvoked() throws Exception {
    assertThat(preflight("None' >&2; exit 254; '", "").status()).isNotZero();
  }

  /** Runs the script with an AWS command line that answers this. */
  private Shown preflight(String functionError, String reply) throws Exception {
    Path aws = directory.resolve("aws");
    Files.writeString(
        aws,
        """
        #!/bin/sh
        # The last argument is the file for the reply.
        for last; do :; done
        case "$*" in *"--region us-west-2 --function-name launcher "*) ;; *) exit 2;; esac
        cp '%s' "$last"
        echo '%s'
        """
            .formatted(reply(reply), functionError));
    assertThat(aws.toFile().setExecutable(true)).isTrue();
    ProcessBuilder script =
        new ProcessBuilder("terraform/preflight.sh", "launcher", "us-west-2")
            .redirectErrorStream(true);
    script
        .environment()
        .merge("PATH", directory.toString(), (path, fakes) -> fakes + File.pathSeparator + path);
    script.environment().remove("TF_CLI_CONFIG_FILE");
    Process process = script.start();
    String text = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Shown(text, process.waitFor());
  }

  private Path reply(String text) throws IOException {
    return Files.writeString(directory.resolve("reply"), text);
  }
}
