package io.elephant.launcher.bench;

import io.elephant.launcher.local.FunctionPackage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A function that launches a meeting, and in the report's words what it is. */
record Contender(String name, FunctionPackage function) {

  static final String NATIVE = "native executable";
  static final String BEFORE = "the build before";
  static final String JVM = "same code on the JVM";
  static final String PYTHON = "Python and boto3";

  private static final Path SCRIPT = Path.of("src", "test", "bench", "launch.py");

  private static final String PROBE =
      "import boto3, platform, sys;"
          + "print(sys.executable);"
          + "print('Python ' + platform.python_version() + ', boto3 ' + boto3.__version__)";

  static Contender nativeExecutable() {
    return new Contender(NATIVE, FunctionPackage.nativeExecutable());
  }

  /** The executable of another build, to compare this one with. */
  static Contender before(Path zip) {
    return new Contender(BEFORE, new FunctionPackage.Native(zip.toAbsolutePath()));
  }

  static Contender jvm() {
    return new Contender(JVM, FunctionPackage.jvm());
  }

  /**
   * Nothing where there is no Python or no boto3. The interpreter itself is asked for, because the
   * {@code python3} on the path may be a script that looks for it.
   */
  static Optional<Contender> python() {
    try {
      Process probe = new ProcessBuilder("python3", "-c", PROBE).start();
      List<String> lines = probe.inputReader(StandardCharsets.UTF_8).readAllLines();
      if (probe.waitFor() != 0) {
        return Optional.empty();
      }
      return Optional.of(
          new Contender(
              PYTHON,
              new FunctionPackage.Script(List.of(lines.getFirst()), SCRIPT.toAbsolutePath())));
    } catch (IOException _) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
