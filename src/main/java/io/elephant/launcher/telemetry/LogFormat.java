package io.elephant.launcher.telemetry;

import io.quarkus.runtime.LaunchMode;
import java.util.Optional;
import org.jboss.logmanager.ExtFormatter;

/**
 * What a line of the log looks like. Lambda says it in {@code AWS_LAMBDA_LOG_FORMAT}.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html">Configuring
 *     JSON and plain text log formats</a>
 */
enum LogFormat {
  /** One JSON object a line, for programs. */
  JSON,
  /** One readable line, for people. */
  TEXT;

  /** The variable that Lambda sets. */
  static final String VARIABLE = "AWS_LAMBDA_LOG_FORMAT";

  /** The format that a variable names; where it names none, people read dev mode's and tests'. */
  static LogFormat of(Optional<String> variable, LaunchMode mode) {
    return variable
        .flatMap(text ->
            switch (text.strip()) {
              case "JSON" -> Optional.of(JSON);
              case "Text" -> Optional.of(TEXT);
              default -> Optional.empty();
            })
        .orElse(mode == LaunchMode.NORMAL ? JSON : TEXT);
  }

  ExtFormatter formatter() {
    return switch (this) {
      case JSON -> new JsonLines();
      case TEXT -> new TextLines();
    };
  }
}
