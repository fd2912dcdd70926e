package io.elephant.launcher.telemetry;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.handlers.ConsoleHandler;

/**
 * Sets the log's format, and its level as Lambda's variable says, before anything else logs.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html">Log-level
 *     filtering</a>
 */
final class LogSetup {

  private static final int FIRST = 1;
  private static final String POLL_LOOP = "io.quarkus.amazon.lambda.runtime.AbstractLambdaPollLoop";

  /** Lambda's levels, the highest first. */
  private static final List<java.util.logging.Level> LEVELS =
      List.of(Level.FATAL, Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG, Level.TRACE);

  void install(@Observes @Priority(FIRST) StartupEvent start) {
    // Dev mode and tests write as Quarkus does, for people.
    if (LaunchMode.current() == LaunchMode.NORMAL) {
      Stream.of(InitialConfigurator.DELAYED_HANDLER.getHandlers())
          .filter(ConsoleHandler.class::isInstance)
          .forEach(handler -> handler.setFormatter(new LogLines()));
    }
    // Quarkus's poll loop logs every failure of the handler, which is in the log already.
    Logger.getLogger(POLL_LOOP)
        .setFilter(record ->
            Optional.ofNullable(record.getThrown()).filter(Telemetry::hasLogged).isEmpty());
    java.util.logging.Level level = level();
    Logger.getLogger("io.elephant").setLevel(level);
    // Libraries log no more than INFO: at DEBUG the SDK writes session tokens.
    Logger.getLogger("").setLevel(level.intValue() < Level.INFO.intValue() ? Level.INFO : level);
  }

  /** The level below which Lambda drops lines, with INFO for those that have none. */
  static java.util.logging.Level level() {
    String name =
        Optional.ofNullable(System.getenv("AWS_LAMBDA_LOG_LEVEL"))
            .orElse("")
            .strip()
            .toUpperCase(Locale.ROOT);
    return LEVELS.stream()
        .filter(level -> level.getName().equals(name))
        .findFirst()
        .orElse(Level.INFO);
  }

  /** Lambda's name of a level; the JDK's own classes log at others, such as SEVERE. */
  static String levelName(java.util.logging.Level level) {
    return LEVELS.stream()
        .filter(known -> known.intValue() <= level.intValue())
        .findFirst()
        .orElse(Level.TRACE)
        .getName();
  }
}
