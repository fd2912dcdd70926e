package io.elephant.launcher;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.elephant.launcher.local.Dev;
import io.elephant.launcher.local.Instance;
import io.elephant.launcher.local.LocalAws;
import io.elephant.launcher.local.ProcessResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Plain {@code mvn quarkus:dev} in a copy of the project, whose code is then edited. */
@DisabledIfSystemProperty(named = "function.native", matches = "true")
class DevModeIT {

  private static final Path VARIABLES =
      Path.of("src/main/java/io/elephant/launcher/config/Variable.java");
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @Test
  void launchesThePostedEventWithTheCodeAsItWasEdited(@TempDir Path project) throws Exception {
    ProcessResult maven = ProcessResult.of("make -s dev-mvn 2>/dev/null");
    assumeTrue(
        maven.status() == 0, "mvn quarkus:dev takes Maven 3.9, which 'make dev' could not get");
    assumeTrue(
        IntStream.range(Dev.FIRST_PORT, Dev.FIRST_PORT + 4).allMatch(DevModeIT::isFree),
        "the dev mode's ports are taken: does 'make local-aws' run?");
    for (String file : List.of("pom.xml", "Makefile", "terraform/terraform.mk", "events")) {
      copy(Path.of(file), project);
    }
    copy(Path.of("src/main"), project);
    copy(Path.of("target/classes"), project);
    Path log = project.resolve("dev.log");
    int port = freePort();
    ProcessBuilder dev =
        new ProcessBuilder(
                maven.output().strip(),
                "quarkus:dev",
                "-Dquarkus.analytics.disabled=true",
                "-Dquarkus.lambda.mock-event-server.dev-port=" + port,
                "-Ddebug=false",
                // The build has compiled it, and the copy has no tests.
                "-Dmaven.main.skip",
                "-Dmaven.test.skip",
                "-Dmaven.antrun.skip")
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    // What a developer may have set for an account of their own.
    dev.environment().put("AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:1");
    Process process;
    try (LocalAws aws = Dev.start()) {
      process = dev.start();
      try {
        await(process, log, "Installed features");
        assertThat(Files.readString(log)).contains("make local-aws").doesNotContain("Docker");
        assertThat(invoke(project, port)).endsWith("\"}}\n");
        aws.startAfreshWith("demo-meeting");
        // Quarkus looks for what was edited at most every two seconds.
        Thread.sleep(2_500);
        edit(project.resolve(VARIABLES), "PROJECT_TAG(\"Elephant\"", "PROJECT_TAG(\"Edited\"");

        assertThat(invoke(project, port)).as(Files.readString(log)).endsWith("\"}}\n");
        assertThat(aws.ec2().live())
            .extracting(instance -> instance.tag("Role") + " " + instance.tag("Project"))
            .containsExactlyInAnyOrder("teacher Edited", "student Edited");
        assertThat(aws.row("demo-meeting").get("teacher_ec2_id").s())
            .isIn(aws.ec2().live().stream().map(Instance::id).toList());

        Thread.sleep(2_500);
        edit(project.resolve(VARIABLES), "\"Edited\"", "Broken");
        assertThat(invoke(project, port))
            .contains("older than the last edit", VARIABLES.toString());
        assertThat(Files.readString(log)).doesNotContain("Docker");
      } finally {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        children.forEach(ProcessHandle::destroy);
        process.onExit().join();
        children.forEach(child -> child.onExit().join());
      }
    }
  }

  private static void await(Process process, Path log, String text) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!Files.readString(log).contains(text)) {
      assertThat(process.isAlive() && Instant.now().isBefore(deadline))
          .as(Files.readString(log))
          .isTrue();
      Thread.sleep(100);
    }
  }

  private static String invoke(Path project, int port) throws InterruptedException {
    ProcessBuilder make = new ProcessBuilder("make", "-s", "invoke", "PORT=" + port);
    return ProcessResult.of(make.directory(project.toFile()), "").output();
  }

  private static void edit(Path file, String from, String to) throws IOException {
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  private static void copy(Path from, Path project) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = project.resolve(file);
        Files.createDirectories(copy.getParent());
        Files.copy(file, copy, COPY_ATTRIBUTES);
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException _) {
      return false;
    }
  }
}
