package io.elephant.launcher.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Collects what is wrong with variables, so that the deployer hears of everything at once. A value
 * that is wrong yields nothing.
 */
final class Problems {

  private final List<String> found = new ArrayList<>();

  /** A variable's value without the white space around it. */
  Optional<String> text(String variable, Optional<String> value) {
    Optional<String> text = value.map(String::strip).filter(stripped -> !stripped.isEmpty());
    if (text.isEmpty()) {
      add(variable, "is missing or empty");
    }
    return text;
  }

  /** A variable's value, if it has the shape that {@code wanted} names. */
  Optional<String> text(String variable, Optional<String> value, String shape, String wanted) {
    return text(variable, value).filter(text -> check(text.matches(shape), variable, text, wanted));
  }

  /** The elements of a list, separated by commas, if each has the shape and none comes twice. */
  Optional<List<String>> list(
      String variable, Optional<String> value, String shape, String wanted) {
    return text(variable, value)
        .map(text -> Arrays.stream(text.split(",", -1)).map(String::strip).toList())
        .filter(elements ->
            elements.stream()
                .map(element -> check(element.matches(shape), variable, element, wanted))
                .reduce(true, Boolean::logicalAnd))
        .filter(elements ->
            check(
                new HashSet<>(elements).size() == elements.size(),
                variable,
                String.join(",", elements),
                "a list that names nothing twice"));
  }

  /** A variable's value as something else, if the conversion does not throw. */
  <T> Optional<T> parsed(
      String variable, Optional<String> value, Function<String, T> conversion, String wanted) {
    return text(variable, value)
        .flatMap(text -> {
          try {
            return Optional.of(conversion.apply(text));
          } catch (RuntimeException e) {
            check(false, variable, text, wanted);
            return Optional.empty();
          }
        });
  }

  boolean check(boolean holds, String variable, String value, String wanted) {
    if (!holds) {
      add(variable, "is \"" + value + "\", which is not " + wanted);
    }
    return holds;
  }

  void add(String variable, String problem) {
    found.add(variable + " " + problem);
  }

  List<String> found() {
    return List.copyOf(found);
  }
}
