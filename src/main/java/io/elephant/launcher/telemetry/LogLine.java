package io.elephant.launcher.telemetry;

import io.elephant.launcher.id.MeetingId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

/**
 * What a record of the log says, whichever way it is written.
 *
 * @param logger who says it, where it is not the journal
 */
record LogLine(
    Instant timestamp,
    LogLevel level,
    Optional<String> logger,
    String message,
    Optional<String> requestId,
    Optional<String> meetingId,
    Fields fields,
    Optional<Throwable> thrown) {

  /** Where Quarkus keeps the id of the invocation, for what is logged outside the handler. */
  private static final String REQUEST_ID_OF_QUARKUS = "AWSRequestId";

  private static final int LONGEST_STACK = 16_000;

  static LogLine of(ExtLogRecord record, ExtFormatter formatter) {
    Optional<InvocationLog> journal =
        InvocationLog.CURRENT.isBound()
            ? Optional.of(InvocationLog.CURRENT.get())
            : Optional.empty();
    Optional<Fields> fields =
        Optional.ofNullable(record.getParameters()).stream()
            .flatMap(Arrays::stream)
            .filter(Fields.class::isInstance)
            .map(Fields.class::cast)
            .findFirst();
    // A message with fields is ready as it is; it may hold braces of other people's.
    String message = fields.isPresent() ? record.getMessage() : formatter.formatMessage(record);
    return new LogLine(
        record.getInstant().truncatedTo(ChronoUnit.MILLIS),
        LogLevel.of(record.getLevel()),
        fields.isPresent() ? Optional.empty() : Optional.ofNullable(record.getLoggerName()),
        String.valueOf(message),
        journal
            .map(InvocationLog::requestId)
            .or(() -> Optional.ofNullable(record.getMdc(REQUEST_ID_OF_QUARKUS))),
        journal.flatMap(InvocationLog::meeting).map(MeetingId::value),
        fields.orElseGet(Fields::new),
        Optional.ofNullable(record.getThrown()));
  }

  /** The stack trace, or as much of it as a line can hold. */
  static String stack(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    String stack = text.toString().strip();
    return stack.length() <= LONGEST_STACK ? stack : stack.substring(0, LONGEST_STACK) + " …";
  }
}
