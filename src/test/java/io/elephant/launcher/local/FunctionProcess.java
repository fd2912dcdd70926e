package io.elephant.launcher.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Lost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The packaged function in a process of its own, as in one of Lambda's execution environments: with
 * its own runtime API, one event at a time, and only the variables that Lambda would give it.
 *
 * <p>The process ends with {@link #close()}, or when it finds its runtime API gone.
 */
public final class FunctionProcess implements AutoCloseable {

  /** Lambda's limit for the function, unless a test says otherwise. */
  public static final Duration TIMEOUT = Duration.ofMinutes(9);

  private static final int KIBIBYTE = 1024;

  private final RuntimeApi runtimeApi;
  private final PermissionLog permissions = new PermissionLog();
  private final Path directory;

  /** A file and no pipe: what was logged before an answer is there with the answer. */
  private final Path log;

  private final long started;
  private final CompletableFuture<InvocationResult> first;
  private final CompletableFuture<Duration> coldStart;
  private final Process process;

  /**
   * Starts the function.
   *
   * @param event what waits for it already, as on Lambda
   * @param sharedLog the file that it writes to, unless it has one of its own
   */
  private FunctionProcess(
      FunctionPackage function,
      Map<String, String> environment,
      List<String> options,
      Duration timeout,
      Optional<String> event,
      Optional<Path> sharedLog) {
    this.runtimeApi = new RuntimeApi(timeout);
    try {
      this.directory = Files.createTempDirectory("function");
      this.log = sharedLog.orElse(directory.resolve("log")).toAbsolutePath();
      var builder =
          new ProcessBuilder(function.unpack(directory, options))
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().clear();
      builder.environment().putAll(ofLambda(runtimeApi.address(), directory));
      builder.environment().putAll(environment);
      this.first = event.map(this::deliver).orElseGet(CompletableFuture::new);
      this.started = System.nanoTime();
      this.coldStart = runtimeApi.ready().thenApply(_ -> sinceStart());
      this.process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var _ =
        process
            .onExit()
            .thenAccept(
                ended -> runtimeApi.lose("The function's process ended with " + ended.exitValue()));
  }

  /** Starts the function with these variables, and with options such as {@code -Dname=value}. */
  public static FunctionProcess start(
      FunctionPackage function, Map<String, String> environment, String... options) {
    return new FunctionProcess(
        function, environment, List.of(options), TIMEOUT, Optional.empty(), Optional.empty());
  }

  /** The same, while an event waits for it, which is when Lambda starts a process. */
  public static FunctionProcess startFor(
      String event,
      FunctionPackage function,
      Map<String, String> environment,
      List<String> options) {
    return new FunctionProcess(
        function, environment, options, TIMEOUT, Optional.of(event), Optional.empty());
  }

  /** Starts one that is killed after this time with an event, and may share its log with others. */
  public static FunctionProcess start(
      FunctionPackage function,
      Map<String, String> environment,
      Duration timeout,
      Optional<Path> log) {
    return new FunctionProcess(function, environment, List.of(), timeout, Optional.empty(), log);
  }

  /**
   * What Lambda gives to every function, see <a
   * href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">Defined runtime
   * environment variables</a>. The region is not the one that the function launches in.
   */
  private static Map<String, String> ofLambda(String runtimeApi, Path directory) {
    return Map.ofEntries(
        Map.entry("AWS_LAMBDA_RUNTIME_API", runtimeApi),
        Map.entry("AWS_LAMBDA_FUNCTION_NAME", "elephant-launch-ec2"),
        Map.entry("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        Map.entry("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        Map.entry("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        Map.entry("AWS_LAMBDA_LOG_GROUP_NAME", Permission.LOG_GROUP),
        Map.entry("AWS_LAMBDA_LOG_STREAM_NAME", "local"),
        Map.entry("AWS_REGION", Permission.FUNCTION_REGION),
        Map.entry("AWS_DEFAULT_REGION", Permission.FUNCTION_REGION),
        Map.entry("DISABLE_SIGNAL_HANDLERS", "true"),
        Map.entry("HOME", directory.toString()),
        Map.entry("LAMBDA_TASK_ROOT", directory.toString()),
        Map.entry("LANG", "en_US.UTF-8"),
        Map.entry("PATH", "/usr/local/bin:/usr/bin:/bin"),
        Map.entry("TZ", ":UTC"));
  }

  /**
   * Waits until the function asks for its first event, or has failed to start.
   *
   * @return how long that took from when the process was started
   */
  public Duration awaitReady() {
    return coldStart.join();
  }

  /** Does this once, when the function asks for its first event and before it gets that. */
  public void whenReady(Runnable task) {
    var _ = runtimeApi.ready().thenRun(task);
  }

  public long pid() {
    return process.pid();
  }

  public Duration sinceStart() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /** The most memory that the process has held so far, in bytes, where Linux counts it. */
  public OptionalLong peakMemory() {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIBIBYTE)
          .findFirst();
    } catch (IOException _) {
      return OptionalLong.empty();
    }
  }

  public InvocationResult firstResult() {
    return first.join();
  }

  /** Delivers an event; one that takes too long costs the process its life, as on Lambda. */
  public CompletableFuture<InvocationResult> deliver(byte[] event) {
    return runtimeApi
        .deliver(event)
        .whenComplete((result, _) -> {
          if (!(result instanceof Answered)) {
            permissions.add(List.of(Permission.toKeepAFailure()));
          }
          if (result instanceof Lost) {
            process.destroyForcibly();
          }
        });
  }

  public CompletableFuture<InvocationResult> deliver(String event) {
    return deliver(event.getBytes(UTF_8));
  }

  public InvocationResult invoke(String event) {
    return deliver(event).join();
  }

  public List<String> log() {
    try {
      return new String(Files.readAllBytes(log), UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL: the function gets no chance to do anything more. Waits until it is gone. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Takes its runtime API away and waits until it has ended by itself. */
  void end() {
    runtimeApi.close();
    process.onExit().join();
    close();
  }

  @Override
  public void close() {
    kill();
    runtimeApi.close();
    permissions.add(Permission.toLog());
    permissions.write();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
