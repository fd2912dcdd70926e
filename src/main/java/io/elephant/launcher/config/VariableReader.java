package io.elephant.launcher.config;

import io.smallrye.config.Expressions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/**
 * Reads variables, without the white space around them, and collects what is wrong for one message.
 * What is wrong reads as empty, and nothing else is said of it.
 */
final class VariableReader {

  private final Config config;
  private final List<String> problems = new ArrayList<>();

  VariableReader(Config config) {
    this.config = config;
  }

  /**
   * A variable's value or its default, as it is: SmallRye Config would replace <code>${…}</code> by
   * other variables, credentials included.
   */
  static String literal(Config config, Variable variable) {
    return Expressions.withoutExpansion(
            () -> Optional.ofNullable(config.getConfigValue(variable.name()).getValue()))
        .orElse(variable.byDefault())
        .strip();
  }

  boolean has(Variable variable) {
    return found(variable).isPresent();
  }

  private Optional<String> found(Variable variable) {
    return Optional.of(literal(config, variable)).filter(text -> !text.isEmpty());
  }

  private Optional<String> required(Variable variable) {
    Optional<String> found = found(variable);
    if (found.isEmpty()) {
      add(variable + " is missing or empty");
    }
    return found;
  }

  String text(Variable variable) {
    return required(variable).filter(text -> checked(variable, text)).orElse("");
  }

  /** The same of a variable that need not be there. */
  Optional<String> optional(Variable variable) {
    return found(variable).filter(text -> checked(variable, text));
  }

  /** The elements of a list, separated by commas, none of which comes twice. */
  List<String> list(Variable variable) {
    String text = required(variable).orElse("");
    if (text.isEmpty()) {
      return List.of();
    }
    List<String> elements = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    int before = problems.size();
    elements.forEach(element -> checked(variable, element));
    if (problems.size() == before) {
      boolean unique = new HashSet<>(elements).size() == elements.size();
      check(unique, variable, text, "a list that names nothing twice");
    }
    return problems.size() == before ? elements : List.of();
  }

  private boolean checked(Variable variable, String value) {
    boolean takes = variable.takes(value);
    check(takes, variable, value, variable.wanted());
    return takes;
  }

  void check(boolean holds, Variable variable, String value, String wanted) {
    if (!holds) {
      add("%s is \"%s\", which is not %s".formatted(variable, value, wanted));
    }
  }

  void add(String problem) {
    problems.add(problem);
  }

  /**
   * @throws BadConfiguration if anything was wrong
   */
  void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new BadConfiguration(problems);
    }
  }
}
