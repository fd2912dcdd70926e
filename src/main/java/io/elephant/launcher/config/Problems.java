package io.elephant.launcher.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Collects what is wrong with variables, for one message. A value that is wrong yields nothing. */
final class Problems {

  private static final Duration LONGEST = Duration.ofDays(7);

  private final List<String> found = new ArrayList<>();

  /** A variable's value without the white space around it, if it matches {@code pattern}. */
  Optional<String> text(String variable, Optional<String> value, String pattern, String wanted) {
    return text(variable, value)
        .filter(text -> check(text.matches(pattern), variable, text, wanted));
  }

  /** The same for a variable that need not be there; it yields nothing, too. */
  Optional<String> optional(
      String variable, Optional<String> value, String pattern, String wanted) {
    return value
        .filter(given -> !given.isBlank())
        .flatMap(given -> text(variable, value, pattern, wanted));
  }

  /** The elements of a list, separated by commas, if each matches and none comes twice. */
  <T> Optional<List<T>> list(
      String variable,
      Optional<String> value,
      String pattern,
      String wanted,
      Function<String, T> conversion) {
    return text(variable, value)
        .map(text -> Arrays.stream(text.split(",", -1)).map(String::strip).toList())
        .filter(elements ->
            elements.stream()
                .map(element -> check(element.matches(pattern), variable, element, wanted))
                .reduce(true, Boolean::logicalAnd))
        .filter(elements ->
            check(
                new HashSet<>(elements).size() == elements.size(),
                variable,
                String.join(",", elements),
                "a list that names nothing twice"))
        .map(elements -> elements.stream().map(conversion).toList());
  }

  /** A variable's value as something else, if the conversion does not throw and it is in range. */
  <T> Optional<T> parsed(
      String variable,
      Optional<String> value,
      Function<String, T> conversion,
      String wanted,
      Predicate<T> inRange,
      String range) {
    return text(variable, value)
        .flatMap(text -> {
          try {
            return Optional.of(conversion.apply(text));
          } catch (RuntimeException e) {
            check(false, variable, text, wanted);
            return Optional.empty();
          }
        })
        .filter(parsed -> check(inRange.test(parsed), variable, parsed.toString(), range));
  }

  /**
   * @throws BadConfiguration if there is any problem
   */
  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new BadConfiguration(found);
    }
  }

  private Optional<String> text(String variable, Optional<String> value) {
    Optional<String> text = value.map(String::strip).filter(stripped -> !stripped.isEmpty());
    if (text.isEmpty()) {
      found.add(variable + " is missing or empty");
    }
    return text;
  }

  boolean check(boolean holds, String variable, String value, String wanted) {
    if (!holds) {
      found.add(variable + " is \"" + value + "\", which is not " + wanted);
    }
    return holds;
  }

  /** A duration of at least {@code shortest} and at most a week. */
  Optional<Duration> duration(String variable, Optional<String> value, Duration shortest) {
    return parsed(
        variable,
        value,
        Duration::parse,
        "an ISO 8601 duration, such as PT1H",
        duration -> duration.compareTo(shortest) >= 0 && duration.compareTo(LONGEST) <= 0,
        "between " + shortest + " and " + LONGEST);
  }
}
