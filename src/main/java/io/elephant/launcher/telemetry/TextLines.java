package io.elephant.launcher.telemetry;

import java.util.regex.Pattern;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;

/**
 * Each record of the log as one line for people: time, level, message, and the fields as {@code
 * name=value}. What would end the line or move the cursor is a space.
 */
final class TextLines extends ExtFormatter {

  /** Control characters, and Unicode's own line and paragraph separators. */
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]+");

  private static final Pattern FRAME = Pattern.compile("\\R\\s*");

  @Override
  public String format(ExtLogRecord record) {
    LogLine line = LogLine.of(record, this);
    StringBuilder text = new StringBuilder("%s %-5s ".formatted(line.timestamp(), line.level()));
    line.logger().ifPresent(logger -> text.append('[').append(logger).append("] "));
    text.append(line.message());
    line.meetingId().ifPresent(id -> text.append(" meetingId=").append(id));
    line.fields()
        .values()
        .forEach((name, value) -> text.append(' ').append(name).append('=').append(value));
    line.requestId().ifPresent(id -> text.append(" requestId=").append(id));
    line.thrown()
        .ifPresent(thrown ->
            text.append(" | ").append(FRAME.matcher(LogLine.stack(thrown)).replaceAll(" | ")));
    return UNPRINTABLE.matcher(text).replaceAll(" ") + "\n";
  }
}
