package io.elephant.launcher.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/** Named values in their order: a JSON object that is yet to be written. */
public final class Fields {

  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Adds a text. */
  public Fields with(String name, String value) {
    values.put(name, value);
    return this;
  }

  /** Adds a text, if there is one. */
  public Fields with(String name, Optional<String> value) {
    value.ifPresent(text -> values.put(name, text));
    return this;
  }

  /** Adds a number. */
  public Fields with(String name, long value) {
    values.put(name, value);
    return this;
  }

  /** Adds yes or no. */
  public Fields with(String name, boolean value) {
    values.put(name, value);
    return this;
  }

  /** Adds an object. */
  public Fields with(String name, Fields value) {
    values.put(name, value);
    return this;
  }

  /** Adds an array of objects or of texts. */
  public Fields with(String name, Collection<?> values) {
    this.values.put(name, values);
    return this;
  }

  /** Adds all of these. */
  public Fields with(Fields others) {
    values.putAll(others.values);
    return this;
  }

  /** Logs a message with these fields beside it. */
  void log(Logger logger, Level level, String message) {
    logger.log(Fields.class.getName(), level, message, new Object[] {this}, null);
  }

  /** Logs a message with these fields beside it, and the failure that it is about. */
  void log(Logger logger, Level level, String message, Throwable failure) {
    logger.log(Fields.class.getName(), level, message, new Object[] {this}, failure);
  }

  /** The values, of which an object is such fields again, and an array a collection. */
  Map<String, Object> values() {
    return values;
  }

  /** The object as JSON, in ASCII and on one line. */
  @Override
  public String toString() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      write(json, this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Writes the members of the object that the generator is in. */
  private void write(JsonGenerator json) throws IOException {
    for (Map.Entry<String, Object> field : values.entrySet()) {
      json.writeFieldName(field.getKey());
      write(json, field.getValue());
    }
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    switch (value) {
      case String text -> json.writeString(text);
      case Number number -> json.writeNumber(number.longValue());
      case Boolean yes -> json.writeBoolean(yes);
      case Collection<?> elements -> {
        json.writeStartArray();
        for (Object element : elements) {
          write(json, element);
        }
        json.writeEndArray();
      }
      case Fields fields -> {
        json.writeStartObject();
        fields.write(json);
        json.writeEndObject();
      }
      default -> throw new IllegalArgumentException("no field is a " + value.getClass());
    }
  }
}
