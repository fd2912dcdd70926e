package io.elephant.launcher.telemetry;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.quarkus.runtime.LaunchMode;
import java.io.PrintStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Keeps a journal of each invocation, and makes its last line and its metrics of it. */
public final class Telemetry {

  private static final Logger LOG = Logger.getLogger(Telemetry.class);

  private static volatile Optional<Throwable> told = Optional.empty();

  private final String stack;
  private final AtomicBoolean cold = new AtomicBoolean(true);
  private final LogLevel threshold = LogLevel.ofProcess();

  /**
   * @param stack the value of the dimension that every metric has
   */
  public Telemetry(String stack) {
    this.stack = stack;
  }

  /** A journal for an invocation that begins. */
  public InvocationLog open(String requestId) {
    return new InvocationLog(requestId, cold.getAndSet(false));
  }

  /** Tells the story of an invocation, and counts it. */
  public void close(InvocationLog journal, Ending ending) {
    // Nobody counts what happens in dev mode and in Quarkus's tests.
    if (LaunchMode.current() == LaunchMode.NORMAL) {
      count(journal, ending, System.out);
    }
    InvocationSummary story = InvocationSummary.of(journal, ending);
    if (ending instanceof Ending.Failed(Throwable failure)) {
      story.fields().log(LOG, story.level(), story.message(), failure);
      told = Optional.of(failure);
    } else {
      story.fields().log(LOG, story.level(), story.message());
    }
  }

  /** Whether the log has this failure already. */
  static boolean hasTold(Throwable failure) {
    return told.filter(failure::equals).isPresent();
  }

  /** A line has the level below which Lambda drops lines: metrics are to be counted at any. */
  private void count(InvocationLog journal, Ending ending, PrintStream out) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    for (Fields metrics : EmbeddedMetrics.of(stack, now.toEpochMilli(), journal, ending)) {
      Fields line =
          new Fields()
              .with("timestamp", now.toString())
              .with("level", threshold.name())
              .with("requestId", journal.requestId())
              .with(metrics);
      byte[] bytes = (line + "\n").getBytes(US_ASCII);
      out.write(bytes, 0, bytes.length);
      out.flush();
    }
  }
}
