package io.elephant.launcher.telemetry;

import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

/**
 * Each record of the log as one JSON object on one line, in ASCII: whatever a text holds, it can
 * neither end the line nor begin another.
 */
final class JsonLines extends ExtFormatter {

  @Override
  public String format(ExtLogRecord record) {
    LogLine line = LogLine.of(record, this);
    Fields fields =
        new Fields()
            .with("timestamp", line.timestamp().toString())
            .with("level", line.level().name())
            .with("message", line.message())
            .with("logger", line.logger())
            .with("requestId", line.requestId())
            .with("meetingId", line.meetingId())
            .with(line.fields());
    line.thrown()
        .ifPresent(thrown ->
            fields
                .with("errorType", thrown.getClass().getName())
                .with("errorMessage", String.valueOf(thrown.getMessage()))
                .with("stackTrace", LogLine.stack(thrown)));
    return fields + "\n";
  }
}
