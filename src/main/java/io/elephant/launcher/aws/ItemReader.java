package io.elephant.launcher.aws;

import io.elephant.launcher.failure.LaunchFailure.MeetingUnreadable;
import io.elephant.launcher.instance.MeetingId;
import java.time.DateTimeException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads the attributes of a meeting's item, or of a map in it, by name and type. NULL and the empty
 * string are the same as absent. What is missing or not of its type is a {@link MeetingUnreadable}.
 *
 * @param path where the map is in the item, for messages; empty for the item itself
 */
record ItemReader(MeetingId meeting, String path, Map<String, AttributeValue> attributes) {

  private static final String ELEMENT = "[]";

  /** The attribute, if it is there. */
  Optional<AttributeValue> find(String name) {
    return Optional.ofNullable(attributes.get(name))
        .filter(value -> !Boolean.TRUE.equals(value.nul()) && !"".equals(value.s()));
  }

  /** What the attribute says, if it is there. */
  <T> Optional<T> optional(String name, Function<String, T> reader) {
    return find(name).map(_ -> reader.apply(name));
  }

  String text(String name) {
    return required(name, AttributeValue::s, "is not a string");
  }

  boolean truth(String name) {
    return required(name, AttributeValue::bool, "is neither true nor false");
  }

  int number(String name) {
    return parsed(name, required(name, AttributeValue::n, "is not a number"), Integer::parseInt);
  }

  /** What a string stands for; the message of the parser's exception says why it does not. */
  <T> T parsed(String name, Function<String, T> parser) {
    return parsed(name, text(name), parser);
  }

  /** The same of a number, too, as it is written. */
  <T> T parsedScalar(String name, Function<String, T> parser) {
    String text =
        required(
            name,
            value -> value.n() == null ? value.s() : value.n(),
            "is neither a string nor a number");
    return parsed(name, text, parser);
  }

  private <T> T parsed(String name, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw unreadable(name, "is wrong: " + e.getMessage());
    }
  }

  ItemReader map(String name) {
    return new ItemReader(
        meeting,
        path(name),
        required(name, value -> value.hasM() ? value.m() : null, "is not a map"));
  }

  /** A map of strings, of which each may be empty, as the value of a tag may. */
  Map<String, String> textMap(String name) {
    ItemReader map = map(name);
    Map<String, String> texts = new TreeMap<>();
    map.attributes()
        .forEach((key, value) -> texts.put(key, "".equals(value.s()) ? "" : map.text(key)));
    return texts;
  }

  /** What the strings of a list stand for. */
  <T> List<T> list(String name, Function<String, T> parser) {
    return required(name, value -> value.hasL() ? value.l() : null, "is not a list").stream()
        .map(value -> new ItemReader(meeting, path(name), Map.of(ELEMENT, value)))
        .map(element -> element.parsed(ELEMENT, parser))
        .toList();
  }

  MeetingUnreadable unreadable(String name, String problem) {
    return new MeetingUnreadable(meeting.value(), path(name), problem);
  }

  private <T> T required(
      String name, Function<AttributeValue, @Nullable T> type, String otherwise) {
    T value = type.apply(find(name).orElseThrow(() -> unreadable(name, "is missing")));
    if (value == null) {
      throw unreadable(name, otherwise);
    }
    return value;
  }

  private String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
