package io.elephant.launcher.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Lost;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
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

  private static final Duration QUIET = Duration.ofMillis(100);
  private static final int KIBIBYTE = 1024;

  private final Path directory;
  private final Duration timeout;
  private final RuntimeApi runtimeApi;
  private final PermissionLog permissions = new PermissionLog();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final Consumer<String> echo;
  private final long started;
  private final CompletableFuture<Duration> coldStart;
  private final Process process;

  private FunctionProcess(
      FunctionPackage function,
      List<String> options,
      Map<String, String> environment,
      Duration timeout,
      Consumer<String> echo,
      Consumer<RuntimeApi> before) {
    this.timeout = timeout;
    this.echo = echo;
    this.runtimeApi = RuntimeApi.start(timeout);
    try {
      this.directory = Files.createTempDirectory("function");
      var builder =
          new ProcessBuilder(function.unpack(directory, options))
              .directory(directory.toFile())
              .redirectErrorStream(true);
      builder.environment().clear();
      builder.environment().putAll(ofLambda(runtimeApi.address(), directory));
      builder.environment().putAll(environment);
      before.accept(runtimeApi);
      this.started = System.nanoTime();
      this.coldStart = runtimeApi.ready().thenApply(_ -> sinceStart());
      this.process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::readLog);
    var _ =
        process
            .onExit()
            .thenAccept(
                ended -> runtimeApi.lose("The function's process ended with " + ended.exitValue()));
  }

  /** Starts the function with these variables. */
  public static FunctionProcess start(FunctionPackage function, Map<String, String> environment) {
    return start(function, environment, TIMEOUT, line -> {});
  }

  /**
   * Starts the function with these variables.
   *
   * @param timeout how long it may take for an event, which is when Lambda kills it
   * @param echo is given each line that it logs
   */
  public static FunctionProcess start(
      FunctionPackage function,
      Map<String, String> environment,
      Duration timeout,
      Consumer<String> echo) {
    return new FunctionProcess(function, List.of(), environment, timeout, echo, _ -> {});
  }

  /** Starts the function with these variables, and options such as {@code -Dname=value}. */
  public static FunctionProcess start(
      FunctionPackage function, Map<String, String> environment, List<String> options) {
    return new FunctionProcess(function, options, environment, TIMEOUT, line -> {}, _ -> {});
  }

  /** Starts the function while an event waits for it, which is when Lambda starts a process. */
  public static FunctionProcess startFor(
      String event,
      FunctionPackage function,
      Map<String, String> environment,
      List<String> options) {
    return new FunctionProcess(
        function,
        options,
        environment,
        TIMEOUT,
        line -> {},
        runtimeApi -> runtimeApi.queue(event.getBytes(UTF_8)));
  }

  /**
   * What Lambda gives to every function, see <a
   * href="https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html">Defined runtime
   * environment variables</a>. The region is not the one that the function launches in.
   */
  static Map<String, String> ofLambda(String runtimeApi, Path directory) {
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

  /** How long ago the process was started. */
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

  /** How the function ended with the event that it was started for. */
  public InvocationResult firstResult() {
    return runtimeApi.queued().join();
  }

  /** Delivers an event. */
  public CompletableFuture<InvocationResult> deliver(String event) {
    return deliver(event.getBytes(UTF_8));
  }

  /** Delivers an event; one that takes too long costs the process its life, as on Lambda. */
  public CompletableFuture<InvocationResult> deliver(byte[] event) {
    return runtimeApi
        .deliver(event)
        .completeOnTimeout(
            new Lost("Task timed out after " + timeout.toSeconds() + " s"),
            timeout.toMillis(),
            MILLISECONDS)
        .whenComplete((result, _) -> {
          if (!(result instanceof Answered)) {
            permissions.add(List.of(Permission.toKeepAFailure()));
          }
          if (result instanceof Lost) {
            process.destroyForcibly();
          }
        });
  }

  /** Delivers an event and waits for how it ends. */
  public InvocationResult invoke(String event) {
    return deliver(event).join();
  }

  /** What the function has logged so far. */
  public List<String> log() {
    return List.copyOf(log);
  }

  /**
   * What the function has logged, once it has been silent for a moment: the log comes through a
   * pipe of its own, a little later than the answer.
   */
  public List<String> settledLog() {
    int lines;
    do {
      lines = log.size();
      LockSupport.parkNanos(QUIET.toNanos());
    } while (log.size() > lines);
    return log();
  }

  /** Whether the process still runs. */
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
    permissions.write();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readLog() {
    try (BufferedReader output = process.inputReader(UTF_8)) {
      output
          .lines()
          .forEach(line -> {
            log.add(line);
            permissions.add(Permission.toLog());
            echo.accept(line);
          });
    } catch (IOException | UncheckedIOException _) {
      // The process was killed, and its output with it.
    }
  }
}
