package io.elephant.launcher.local;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A function that can be run: as Maven has packaged it, or another one to compare it with. */
public interface FunctionPackage {

  /** Where Maven puts what it builds. */
  Path TARGET = Path.of("target");

  /** The last build of this kind: {@code jvm} or {@code native}. */
  static FunctionPackage called(String kind) {
    return kind.equals("jvm") ? jvm() : nativeExecutable();
  }

  static Jvm jvm() {
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(TARGET.resolve("jvm"), "*-runner.jar")) {
      return new Jvm(jars.iterator().next().toAbsolutePath());
    } catch (IOException | NoSuchElementException e) {
      throw new IllegalStateException("'mvn package' builds the jar in target/jvm", e);
    }
  }

  static FunctionPackage nativeExecutable() {
    Path zip = TARGET.resolve("function.zip");
    if (!Files.exists(zip)) {
      throw new IllegalStateException("There is no " + zip + "; 'make native' builds it");
    }
    return new Native(zip.toAbsolutePath());
  }

  /**
   * Unpacks what is needed into an empty directory.
   *
   * @param options for its Java virtual machine, or for the native executable, which takes {@code
   *     -D} and {@code -X} too
   * @return the command that starts the function there
   */
  List<String> unpack(Path directory, List<String> options) throws IOException;

  /** The jar for Java, with its libraries beside it, to be run by {@link JvmBootstrap}. */
  record Jvm(Path jar) implements FunctionPackage {

    /** What the JVM has loaded and linked before, so that it starts in a third of the time. */
    private static final Path AOT_CACHE = TARGET.resolve("function.aot").toAbsolutePath();

    private static final Path LOCK = TARGET.resolve("function.aot.lock");

    /**
     * Makes the cache for many starts of this jar, unless it is there: out of a first run. Other
     * processes that want it wait.
     *
     * @see <a href="https://openjdk.org/jeps/514">JEP 514: Ahead-of-Time Command-Line
     *     Ergonomics</a>
     */
    public Jvm prepared() {
      synchronized (AOT_CACHE) {
        try (var channel = FileChannel.open(LOCK, CREATE, WRITE);
            var _ = channel.lock()) {
          if (!isNewer(AOT_CACHE)) {
            makeCache();
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return this;
    }

    private void makeCache() {
      try (LocalAws aws = LocalAws.startUnrecorded()) {
        aws.startAfreshWith("m-1");
        var function =
            FunctionProcess.start(this, aws.environment(), "-XX:AOTCacheOutput=" + AOT_CACHE);
        function.invoke("{\"meeting_id\": \"m-1\"}");
        function.invoke("{}");
        function.end();
      }
    }

    private boolean isNewer(Path file) {
      return file.toFile().lastModified() > jar.toFile().lastModified();
    }

    /** Unpacks nothing: the cache wants the same class path each time, and no directory in it. */
    @Override
    public List<String> unpack(Path directory, List<String> options) throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
      if (isNewer(AOT_CACHE)) {
        // Where it does not fit, a JVM does without it; its words are not the function's log.
        command.addAll(List.of("-XX:AOTCache=" + AOT_CACHE, "-Xlog:disable"));
      }
      command.addAll(options);
      String classPath = jar + File.pathSeparator + bootstrap();
      command.addAll(List.of("-cp", classPath, JvmBootstrap.class.getName()));
      return command;
    }

    /** A jar of the bootstrap alone: the tests' other classes and resources stay out of sight. */
    private Path bootstrap() throws IOException {
      Path bootstrap = TARGET.resolve("jvm-bootstrap.jar").toAbsolutePath();
      if (!isNewer(bootstrap)) {
        String prefix = JvmBootstrap.class.getName().replace('.', '/');
        Path classes = TARGET.resolve("test-classes");
        Path parent = classes.resolve(prefix).getParent();
        try (var output = new JarOutputStream(Files.newOutputStream(bootstrap));
            var files =
                Files.newDirectoryStream(parent, JvmBootstrap.class.getSimpleName() + "*")) {
          for (Path file : files) {
            output.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
            Files.copy(file, output);
          }
        }
      }
      return bootstrap;
    }
  }

  /** The zip for Lambda's bare runtime: an executable called {@code bootstrap}. */
  record Native(Path zip) implements FunctionPackage {

    @Override
    public List<String> unpack(Path directory, List<String> options) throws IOException {
      Path bootstrap = directory.resolve("bootstrap");
      try (var zipFile = new ZipFile(zip.toFile())) {
        ZipEntry entry = zipFile.getEntry("bootstrap");
        if (entry == null) {
          throw new IllegalStateException(
              zip + " holds no 'bootstrap': it is not of a native build; 'make native' is");
        }
        try (var executable = zipFile.getInputStream(entry)) {
          Files.copy(executable, bootstrap);
        }
      }
      if (!bootstrap.toFile().setExecutable(true)) {
        throw new IOException("Cannot make " + bootstrap + " executable");
      }
      List<String> command = new ArrayList<>(List.of(bootstrap.toString()));
      command.addAll(options);
      return command;
    }
  }

  /** A program in one file, and the command that runs it. */
  record Script(List<String> interpreter, Path file) implements FunctionPackage {

    @Override
    public List<String> unpack(Path directory, List<String> options) throws IOException {
      Path copy = directory.resolve(file.getFileName().toString());
      Files.copy(file, copy);
      List<String> command = new ArrayList<>(interpreter);
      command.addAll(options);
      command.add(copy.toString());
      return command;
    }
  }
}
