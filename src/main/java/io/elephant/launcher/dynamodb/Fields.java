package io.elephant.launcher.dynamodb;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A row, or a map within it, whose attributes are asked for by name and type. */
record Fields(String path, Map<String, AttributeValue> attributes) {

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

  static Fields ofRow(Map<String, AttributeValue> item) {
    return new Fields("", item);
  }

  /** The attribute, unless it is absent. */
  Optional<AttributeValue> find(String name) {
    return Optional.ofNullable(attributes.get(name));
  }

  String text(String name) {
    String text = required(name).s();
    if (text == null) {
      throw unreadable(name, "is not a string");
    }
    return text;
  }

  /** A text that stands for something else. */
  <T> T parsed(String name, Function<String, T> parser) {
    try {
      return parser.apply(text(name));
    } catch (IllegalArgumentException e) {
      throw unreadable(name, "is wrong: " + e.getMessage());
    }
  }

  boolean truth(String name) {
    Boolean truth = required(name).bool();
    if (truth == null) {
      throw unreadable(name, "is neither true nor false");
    }
    return truth;
  }

  int number(String name) {
    try {
      return Integer.parseInt(String.valueOf(required(name).n()));
    } catch (NumberFormatException e) {
      throw unreadable(name, "is not a whole number");
    }
  }

  List<String> texts(String name) {
    return elements(name).stream().map(element -> element.text(ELEMENT)).toList();
  }

  List<Fields> maps(String name) {
    return elements(name).stream().map(element -> element.map(ELEMENT)).toList();
  }

  /** The elements of a list, each as the only attribute of a map. */
  private List<Fields> elements(String name) {
    AttributeValue list = required(name);
    if (!list.hasL()) {
      throw unreadable(name, "is not a list");
    }
    return list.l().stream()
        .map(element -> new Fields(path(name), Map.of(ELEMENT, element)))
        .toList();
  }

  Map<String, String> textMap(String name) {
    Fields map = map(name);
    Map<String, String> texts = new TreeMap<>();
    map.attributes().keySet().forEach(key -> texts.put(key, map.text(key)));
    return texts;
  }

  Fields map(String name) {
    AttributeValue map = required(name);
    if (!map.hasM()) {
      throw unreadable(name, "is not a map");
    }
    return new Fields(path(name), map.m());
  }

  Unreadable unreadable(String name, String problem) {
    return new Unreadable(path(name), problem);
  }

  private AttributeValue required(String name) {
    return find(name).orElseThrow(() -> unreadable(name, "is missing"));
  }

  private String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
