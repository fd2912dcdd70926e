package io.elephant.launcher.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of an event that are this function's, or are called nearly so. Others are passed over
 * whatever is in them. A null counts as absent.
 */
record EventFields(Map<String, Value> values) {

  static final String MEETING_ID = "meeting_id";
  static final String ACTION = "action";
  static final String DRY_RUN = "dry_run";
  private static final Set<String> FIELDS = Set.of(MEETING_ID, ACTION, DRY_RUN);

  /** Of EventBridge's events, which have many more. */
  static final String SOURCE = "source";

  static final String DETAIL_TYPE = "detail-type";
  static final String INSTANCE = "detail/instance-id";
  static final String STATE = "detail/state";
  private static final String DETAIL = "detail";
  private static final Set<String> EVENT_BRIDGES = Set.of(SOURCE, DETAIL_TYPE, INSTANCE, STATE);

  /**
   * A token takes a byte at least, so that every event of 1 MB, the most that Lambda takes from a
   * scheduler, stays below it.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda
   *     quotas</a>
   */
  private static final long MAX_TOKENS = 1 << 20;

  private static final int MAX_DETAIL = 200;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxTokenCount(MAX_TOKENS)
                  // Numbers are passed over, and never converted.
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /**
   * A field's value.
   *
   * @param kind what it is, in words
   * @param text what it says, where it is a string or a boolean; otherwise empty
   */
  record Value(String kind, String text) {

    boolean isString() {
      return kind.equals("a string");
    }

    boolean isBoolean() {
      return kind.equals("a boolean");
    }
  }

  /**
   * @throws InvalidEvent if the bytes are no JSON object, or a field of this function's comes twice
   */
  static EventFields of(byte[] event) {
    String text = decode(event);
    if (text.isBlank()) {
      throw new InvalidEvent("is empty; it must be a JSON object with a string \"meeting_id\"");
    }
    if (text.charAt(0) == BYTE_ORDER_MARK) {
      throw new InvalidEvent(
          "begins with a byte order mark (U+FEFF), which JSON must not have; it must be UTF-8"
              + " without one");
    }
    try (JsonParser parser = JSON.createParser(text)) {
      JsonToken root = parser.nextToken();
      if (root != JsonToken.START_OBJECT) {
        throw new InvalidEvent(
            "is %s; it must be a JSON object with a string \"meeting_id\"".formatted(kind(root)));
      }
      Map<String, Value> fields = fields(parser);
      if (parser.nextToken() != null) {
        throw new InvalidEvent("has something after its JSON object");
      }
      return new EventFields(fields);
    } catch (JsonProcessingException e) {
      throw new InvalidEvent("is not valid JSON: " + detail(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Optional<Value> get(String field) {
    return Optional.ofNullable(values.get(field));
  }

  /** A field whose name differs from this one only in case and underscores. */
  Optional<String> misspelt(String field) {
    return values.keySet().stream()
        .filter(name -> !name.equals(field) && isLike(field, name))
        .findFirst();
  }

  private static Map<String, Value> fields(JsonParser parser) throws IOException {
    Map<String, Value> fields = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (FIELDS.contains(name) && !seen.add(name)) {
        throw new InvalidEvent("has \"%s\" twice; it is unclear which is meant".formatted(name));
      }
      if (token == JsonToken.START_OBJECT && name.equals(DETAIL)) {
        addDetail(parser, fields);
      } else if (token == JsonToken.VALUE_STRING && EVENT_BRIDGES.contains(name)) {
        fields.put(name, new Value(kind(token), parser.getText()));
      } else if (token != JsonToken.VALUE_NULL
          && FIELDS.stream().anyMatch(field -> isLike(field, name))) {
        boolean hasText = token == JsonToken.VALUE_STRING || token.isBoolean();
        fields.put(name, new Value(kind(token), hasText ? parser.getText() : ""));
      }
      parser.skipChildren();
    }
    return fields;
  }

  private static void addDetail(JsonParser parser, Map<String, Value> fields) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = DETAIL + "/" + parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.VALUE_STRING && EVENT_BRIDGES.contains(name)) {
        fields.put(name, new Value(kind(token), parser.getText()));
      }
      parser.skipChildren();
    }
  }

  private static boolean isLike(String field, String name) {
    return name.replace("_", "").equalsIgnoreCase(field.replace("_", ""));
  }

  /** Replaces nothing: a replacement character in an id would be another id. */
  private static String decode(byte[] event) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(event)).toString();
    } catch (CharacterCodingException _) {
      throw new InvalidEvent(
          hasUtf16Mark(event)
              ? "is not valid UTF-8: it begins with a byte order mark of UTF-16"
              : "is not valid UTF-8");
    }
  }

  private static boolean hasUtf16Mark(byte[] event) {
    int first = event.length < 2 ? 0 : (event[0] & 0xff) << 8 | (event[1] & 0xff);
    return first == BYTE_ORDER_MARK || first == Character.reverseBytes(BYTE_ORDER_MARK);
  }

  private static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_NULL -> "null";
      case VALUE_STRING -> "a string";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      default -> "a number";
    };
  }

  /** Jackson quotes the event, which may hold secrets; only the names of known fields stay. */
  private static String withoutQuotation(String message) {
    int start = message.indexOf('\'') + 1;
    int end = message.lastIndexOf('\'');
    return end - start <= 1 || FIELDS.contains(message.substring(start, end))
        ? message
        : message.substring(0, start) + "…" + message.substring(end);
  }

  /** Jackson's message on one line and cut to a length that helps. */
  private static String detail(JsonProcessingException e) {
    String message = withoutQuotation(e.getOriginalMessage()).replaceAll("\\p{Cntrl}", " ");
    String brief =
        message.length() <= MAX_DETAIL ? message : message.substring(0, MAX_DETAIL) + "…";
    return e.getLocation() == null
        ? brief
        : brief
            + " (line %d, column %d)"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }
}
