package io.elephant.launcher.aws;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads the attributes of an item, or of a map in it, by name and type. NULL and the empty string
 * are the same as absent.
 *
 * @param path where the map is in the item, for messages; empty for the item itself
 */
record ItemReader(String path, Map<String, AttributeValue> attributes) {

  private static final String ELEMENT = "[]";

  /** An attribute is missing or not what it should be. */
  static final class Unreadable extends RuntimeException {

    private static final long serialVersionUID = 1;

    final String attribute;
    final String problem;

    Unreadable(String attribute, String problem) {
      super(attribute + " " + problem);
      this.attribute = attribute;
      this.problem = problem;
    }
  }

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
    String wanted = "is not a whole number";
    try {
      return Integer.parseInt(required(name, AttributeValue::n, wanted));
    } catch (NumberFormatException e) {
      throw unreadable(name, wanted);
    }
  }

  /** What a string stands for; the message of the parser's exception says why it does not. */
  <T> T parsed(String name, Function<String, T> parser) {
    try {
      return parser.apply(text(name));
    } catch (IllegalArgumentException e) {
      throw unreadable(name, "is wrong: " + e.getMessage());
    }
  }

  Instant instant(String name) {
    return parsed(
        name,
        text -> {
          try {
            return Instant.parse(text);
          } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
          }
        });
  }

  ItemReader map(String name) {
    return new ItemReader(
        path(name), required(name, value -> value.hasM() ? value.m() : null, "is not a map"));
  }

  /** A map of strings, of which each may be empty, as the value of a tag may. */
  Map<String, String> textMap(String name) {
    ItemReader map = map(name);
    Map<String, String> texts = new TreeMap<>();
    map.attributes()
        .forEach((key, value) -> texts.put(key, "".equals(value.s()) ? "" : map.text(key)));
    return texts;
  }

  /** A list whose elements are all read in the same way, such as {@link #text}. */
  <T> List<T> list(String name, BiFunction<ItemReader, String, T> element) {
    List<AttributeValue> list =
        required(name, value -> value.hasL() ? value.l() : null, "is not a list");
    return list.stream()
        .map(value -> element.apply(new ItemReader(path(name), Map.of(ELEMENT, value)), ELEMENT))
        .toList();
  }

  Unreadable unreadable(String name, String problem) {
    return new Unreadable(path(name), problem);
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
