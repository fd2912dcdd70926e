package io.elephant.launcher.telemetry;

import java.util.Locale;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;

/**
 * How much is logged, in Lambda's words. Lambda says it in {@code AWS_LAMBDA_LOG_LEVEL} and drops
 * what is below it, and with that everything that has no level of its own once it is above INFO.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html">Log-level
 *     filtering</a>
 */
enum LogLevel {
  TRACE,
  DEBUG,
  INFO,
  WARN,
  ERROR,
  FATAL;

  /** The variable that Lambda sets. */
  private static final String VARIABLE = "AWS_LAMBDA_LOG_LEVEL";

  /** The level that Lambda has told this process. */
  static LogLevel ofProcess() {
    return of(Optional.ofNullable(System.getenv(VARIABLE)));
  }

  /** The level that a variable names; INFO where it names none. */
  private static LogLevel of(Optional<String> variable) {
    return variable
        .map(text -> text.strip().toUpperCase(Locale.ROOT))
        .flatMap(text -> Stream.of(values()).filter(one -> one.name().equals(text)).findFirst())
        .orElse(INFO);
  }

  /** The level of a line whose level the logging library calls so. */
  static LogLevel of(Level level) {
    LogLevel found = TRACE;
    for (LogLevel one : values()) {
      if (one.level().intValue() <= level.intValue()) {
        found = one;
      }
    }
    return found;
  }

  /** What the logging library calls it. */
  Level level() {
    return switch (this) {
      case TRACE -> org.jboss.logmanager.Level.TRACE;
      case DEBUG -> org.jboss.logmanager.Level.DEBUG;
      case INFO -> org.jboss.logmanager.Level.INFO;
      case WARN -> org.jboss.logmanager.Level.WARN;
      case ERROR -> org.jboss.logmanager.Level.ERROR;
      case FATAL -> org.jboss.logmanager.Level.FATAL;
    };
  }
}
