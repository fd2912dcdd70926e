package io.elephant.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.elephant.launcher.local.ProcessResult;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code make preflight} shows. It needs Terraform on the path. */
class PreflightScriptTest {

  private static final String PASSED =
      """
      {"action":"preflight","ready":true,"checks":[\
      {"check":"key-pair","subject":"a","result":"passed","detail":"It is there"}]}\
      """;

  @TempDir Path directory;

  private final List<String> planned = new ArrayList<>();
  private int planStatus;

  @BeforeAll
  static void needTerraform() throws Exception {
    assumeTrue(ProcessResult.of("command -v terraform").status() == 0);
  }

  @Test
  void showsWhatTheFunctionAndThePlanHaveFoundAndSucceedsWhereNothingStandsInTheWay()
      throws Exception {
    plan("check.volume_key", "pass", "[]");
    plan("check.quota", "fail", "[{\"message\":\"api error AccessDeniedException\"}]");

    assertThat(
            preflight(
                "None",
                """
                {"action":"preflight","ready":true,"checks":[\
                {"check":"key-pair","subject":"${a} %{b} \\"c\\"","result":"passed","detail":"It is there"},\
                {"check":"image","subject":"ami-1","result":"unknown","detail":"denied","to_do":"Allow it"}]}\
                """))
        .isEqualTo(
            new ProcessResult(
                0,
                """
                ok        key-pair ${a} %{b} "c": It is there
                unknown   image ami-1: denied
                          Allow it
                ok        check.volume_key
                unknown   check.quota
                          api error AccessDeniedException
                No obstacle was found.
                """));
  }

  @Test
  void failsWhereThereIsAnObstacleAndSaysWhatToDo() throws Exception {
    ProcessResult shown =
        preflight(
            "None",
            """
            {"action":"preflight","ready":false,"checks":[\
            {"check":"image","subject":"ami-1","result":"obstacle","detail":"No obstacle was found","to_do":"Correct AMI_ID"}]}\
            """);

    assertThat(shown.output())
        .contains("obstacle  image ami-1: No obstacle was found\n          Correct AMI_ID\n");
    assertThat(shown.status()).isEqualTo(1);
  }

  @Test
  void failsWhereACheckOfThePlanHasFailed() throws Exception {
    plan("check.spot_role", "fail", "[{\"message\":\"This account has no role for it\"}]");

    ProcessResult shown = preflight("None", PASSED);

    assertThat(shown.output())
        .contains("obstacle  check.spot_role\n          This account has no role for it\n");
    assertThat(shown.status()).isEqualTo(1);
  }

  @Test
  void showsThePlanWhereTheFunctionHasNotAnswered() throws Exception {
    plan("check.volume_key", "pass", "[]");

    ProcessResult shown = preflight("Unhandled", "{\"errorMessage\":\"KEY_NAME is missing\"}");

    assertThat(shown.output())
        .startsWith("{\"errorMessage\":\"KEY_NAME is missing\"}\n")
        .contains("ok        check.volume_key\n");
    assertThat(shown.status()).isEqualTo(1);
  }

  @Test
  void showsTheFunctionsAnswerWhereThereIsNoPlan() throws Exception {
    planStatus = 1;

    ProcessResult shown = preflight("None", PASSED);

    assertThat(shown.output())
        .contains("the plan's words\n", "ok        key-pair a: It is there\n");
    assertThat(shown.status()).isEqualTo(1);
  }

  @Test
  void failsWhereTheFunctionCannotBeInvoked() throws Exception {
    assertThat(preflight("None' >&2; exit 254; '", "").status()).isNotZero();
  }

  private void plan(String check, String status, String problems) {
    planned.add(
        """
        {"address":{"kind":"check"},"instances":[{"address":{"to_display":"%s"},"status":"%s","problems":%s}]}\
        """
            .formatted(check, status, problems));
  }

  /** Runs the script with an AWS command line and a plan that answer this. */
  private ProcessResult preflight(String functionError, String reply) throws Exception {
    script(
        "aws",
        """
        #!/bin/sh
        # The last argument is the file for the reply.
        for last; do :; done
        case "$*" in *"--region us-west-2 --function-name launcher "*) ;; *) exit 2;; esac
        cp '%s' "$last"
        echo '%s'
        """
            .formatted(file("reply", reply), functionError));
    script(
        "planning",
        """
        #!/bin/sh
        case "$*" in
        *" plan -refresh-only "*) echo "the plan's words"; exit %d ;;
        *" show -json "*) cat '%s' ;;
        *) exec terraform "$@" ;;
        esac
        """
            .formatted(
                planStatus, file("planned", "{\"checks\":[" + String.join(",", planned) + "]}")));
    ProcessBuilder script = new ProcessBuilder("terraform/preflight.sh", "launcher", "us-west-2");
    script
        .environment()
        .merge("PATH", directory.toString(), (path, fakes) -> fakes + File.pathSeparator + path);
    script.environment().put("TERRAFORM", "planning");
    script.environment().remove("TF_CLI_CONFIG_FILE");
    return ProcessResult.of(script, "");
  }

  private void script(String name, String text) throws IOException {
    assertThat(file(name, text).toFile().setExecutable(true)).isTrue();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
