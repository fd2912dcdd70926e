package io.elephant.launcher.telemetry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elephant.launcher.instance.MeetingId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Formats each log record as one line: a JSON object for programs, or text for people. JSON is in
 * ASCII, and in text each control character is a space, so that no value can end its line or begin
 * another.
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
          .writerFor(ObjectNode.class);

  /** Control characters, and Unicode's line and paragraph separators. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]+");

  private static final Pattern FRAME = Pattern.compile("\\R\\s*");
  private static final int MAX_STACK = 16_000;

  /** Where Quarkus keeps the request's id, for what is logged outside the handler. */
  private static final String MDC_REQUEST_ID = "AWSRequestId";

  private final boolean json;

  LogLines(boolean json) {
    this.json = json;
  }

  /** An object for the fields of a line, in their order. */
  static ObjectNode fields() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** The object in ASCII and on one line. */
  static String json(ObjectNode fields) {
    try {
      return JSON.writeValueAsString(fields);
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
    Optional<Throwable> thrown = Optional.ofNullable(record.getThrown());
    if (json) {
      thrown.ifPresent(failure ->
          line.put("errorType", failure.getClass().getName())
              .put("errorMessage", String.valueOf(failure.getMessage()))
              .put("stackTrace", stack(failure)));
      return json(line) + "\n";
    }
    String stack =
        thrown.map(failure -> " | " + FRAME.matcher(stack(failure)).replaceAll(" | ")).orElse("");
    return UNPRINTABLE.matcher(text(line) + stack).replaceAll(" ") + "\n";
  }

  private ObjectNode line(ExtLogRecord record) {
    Optional<InvocationLog> invocation =
        InvocationLog.CURRENT.isBound()
            ? Optional.of(InvocationLog.CURRENT.get())
            : Optional.empty();
    Optional<ObjectNode> fields =
        Optional.ofNullable(record.getParameters()).stream()
            .flatMap(Arrays::stream)
            .filter(ObjectNode.class::isInstance)
            .map(ObjectNode.class::cast)
            .findFirst();
    // A message with fields is complete: braces in it are AWS's or the event's.
    String message = fields.isPresent() ? record.getMessage() : formatMessage(record);
    return fields()
        .put("timestamp", record.getInstant().truncatedTo(ChronoUnit.MILLIS).toString())
        .put("level", LogSetup.levelName(record.getLevel()))
        .put("logger", fields.isPresent() ? null : record.getLoggerName())
        .put("message", String.valueOf(message))
        .put(
            "meetingId",
            invocation.flatMap(InvocationLog::meeting).map(MeetingId::value).orElse(null))
        .put(
            "requestId",
            invocation.map(InvocationLog::requestId).orElseGet(() -> record.getMdc(MDC_REQUEST_ID)))
        .setAll(fields.orElseGet(LogLines::fields));
  }

  private static String text(ObjectNode line) {
    StringBuilder text = new StringBuilder();
    line.forEachEntry((name, value) -> {
      String shown = value.isTextual() ? value.textValue() : value.toString();
      if (!value.isNull()) {
        text.append(
            switch (name) {
              case "timestamp" -> shown;
              case "level" -> " %-5s".formatted(shown);
              case "logger" -> " [" + shown + "]";
              case "message" -> " " + shown;
              default -> " " + name + "=" + shown;
            });
      }
    });
    return text.toString();
  }

  /** The stack trace, or as much of it as a line can hold. */
  private static String stack(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    String stack = text.toString().strip();
    return stack.length() <= MAX_STACK ? stack : stack.substring(0, MAX_STACK) + " …";
  }
}
