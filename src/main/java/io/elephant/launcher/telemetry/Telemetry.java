package io.elephant.launcher.telemetry;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.runtime.LaunchMode;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Keeps a log of each invocation, and writes its summary and its metrics when it ends. */
public final class Telemetry {

  private static final Logger LOG = Logger.getLogger(Telemetry.class);

  private static volatile Optional<Throwable> lastFailure = Optional.empty();

  private final String stack;
  private final AtomicBoolean cold = new AtomicBoolean(true);
  private final String threshold = LogSetup.level().getName();

  /**
   * @param stack the value of the dimension that every metric has
   */
  public Telemetry(String stack) {
    this.stack = stack;
  }

  /** A log for an invocation that begins. */
  public InvocationLog open(String requestId) {
    return new InvocationLog(requestId, cold.getAndSet(false));
  }

  /** Writes the metrics and the last line of an invocation. */
  public void close(InvocationLog log, InvocationOutcome outcome) {
    // Dev mode and Quarkus's tests count nothing.
    if (LaunchMode.current() == LaunchMode.NORMAL) {
      count(log, outcome, System.out);
    }
    ScopedValue.where(InvocationLog.CURRENT, log)
        .run(() ->
            LogLines.log(
                LOG,
                outcome.level(),
                log.message(outcome),
                log.summary(outcome),
                outcome.failure()));
    lastFailure = Optional.ofNullable(outcome.failure());
  }

  /** Whether the failure is the one that was logged last. */
  static boolean hasLogged(Throwable failure) {
    return lastFailure.filter(failure::equals).isPresent();
  }

  /** Each line has the level below which Lambda drops lines: metrics count at any level. */
  private void count(InvocationLog log, InvocationOutcome outcome, PrintStream out) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    for (ObjectNode metrics : log.metrics(stack, now.toEpochMilli(), outcome)) {
      ObjectNode line =
          Fields.none()
              .put("timestamp", now.toString())
              .put("level", threshold)
              .put("requestId", log.requestId())
              .setAll(metrics);
      byte[] bytes = (LogLines.json(line) + "\n").getBytes(US_ASCII);
      out.write(bytes, 0, bytes.length);
      out.flush();
    }
  }
}
