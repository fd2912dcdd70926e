package io.elephant.launcher.telemetry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elephant.launcher.instance.MeetingId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;
import org.jboss.logging.Logger;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Formats each log record as one line: a JSON object in ASCII, so that no value can end its line or
 * begin another.
 *
 * <p>{@code quarkus-logging-json} cannot replace it: its fields are texts only, it has the JDK's
 * names of levels, such as SEVERE, and it does not escape U+0085, U+2028 and U+2029.
 */
final class LogLines extends ExtFormatter {

  /** A field without a value is left out. */
  private static final ObjectWriter JSON =
      JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .disable(JsonNodeFeature.WRITE_NULL_PROPERTIES)
          .build()
          .writerFor(JsonNode.class);

  private static final int MAX_STACK = 16_000;

  /** Where Quarkus keeps the request's id, for what is logged outside the handler. */
  private static final String MDC_REQUEST_ID = "AWSRequestId";

  /** In ASCII and on one line. */
  static String json(JsonNode value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Logs a message with fields, and the failure that it is about, if there is one. */
  static void log(
      Logger logger,
      Logger.Level level,
      String message,
      ObjectNode fields,
      @Nullable Throwable failure) {
    logger.log(LogLines.class.getName(), level, message, new Object[] {fields}, failure);
  }

  @Override
  public String format(ExtLogRecord record) {
    ObjectNode line = line(record);
    Throwable failure = record.getThrown();
    if (failure != null) {
      line.put("errorType", failure.getClass().getName())
          .put("errorMessage", String.valueOf(failure.getMessage()))
          .put("stackTrace", stack(failure));
    }
    return json(line) + "\n";
  }

  private ObjectNode line(ExtLogRecord record) {
    String requestId = record.getMdc(MDC_REQUEST_ID);
    String meeting = null;
    if (InvocationLog.CURRENT.isBound()) {
      InvocationLog invocation = InvocationLog.CURRENT.get();
      requestId = invocation.requestId();
      meeting = invocation.meeting().map(MeetingId::value).orElse(null);
    }
    Object[] parameters = record.getParameters();
    boolean hasFields =
        parameters != null && parameters.length > 0 && parameters[0] instanceof ObjectNode;
    return Fields.none()
        .put("timestamp", record.getInstant().truncatedTo(ChronoUnit.MILLIS).toString())
        .put("level", LogSetup.levelName(record.getLevel()))
        .put("logger", hasFields ? null : record.getLoggerName())
        // A message with fields is complete: braces in it are AWS's or the event's.
        .put("message", String.valueOf(hasFields ? record.getMessage() : formatMessage(record)))
        .put("meetingId", meeting)
        .put("requestId", requestId)
        .setAll(hasFields ? (ObjectNode) parameters[0] : Fields.none());
  }

  /** The stack trace, or as much of it as a line can hold. */
  private static String stack(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    String stack = text.toString().strip();
    return stack.length() <= MAX_STACK ? stack : stack.substring(0, MAX_STACK) + " …";
  }
}
