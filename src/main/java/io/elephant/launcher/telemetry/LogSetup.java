package io.elephant.launcher.telemetry;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.handlers.ConsoleHandler;

/** Gives the log its format and its level, as Lambda's variables say, before anybody else logs. */
final class LogSetup {

  private static final int FIRST = 1;
  private static final String POLL_LOOP = "io.quarkus.amazon.lambda.runtime.AbstractLambdaPollLoop";

  /** Quarkus's poll loop logs every failure of the handler's, which has told it already. */
  void install(@Observes @Priority(FIRST) StartupEvent start) {
    Optional<String> format = Optional.ofNullable(System.getenv(LogFormat.VARIABLE));
    ExtFormatter formatter = LogFormat.of(format, LaunchMode.current()).formatter();
    Stream.of(InitialConfigurator.DELAYED_HANDLER.getHandlers())
        .filter(ConsoleHandler.class::isInstance)
        .forEach(handler -> handler.setFormatter(formatter));
    Logger.getLogger(POLL_LOOP)
        .setFilter(
            record -> Optional.ofNullable(record.getThrown()).filter(Telemetry::hasTold).isEmpty());
    Level level = LogLevel.ofProcess().level();
    Logger.getLogger("io.elephant").setLevel(level);
    // Libraries do not say more than INFO: the SDK would write session tokens at DEBUG.
    boolean more = level.intValue() < Level.INFO.intValue();
    Logger.getLogger("").setLevel(more ? Level.INFO : level);
  }
}
