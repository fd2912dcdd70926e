package io.elephant.launcher.config;

import io.smallrye.config.Expressions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;

/**
 * Reads variables, without the white space around them, and collects what is wrong for one message.
 * What is wrong reads as absent, and nothing else is said of it.
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
    Optional<String> text = found(variable);
    if (text.isEmpty()) {
      add(variable + " is missing or empty");
    }
    return text;
  }

  String text(Variable variable) {
    return required(variable).filter(text -> takes(variable, text)).orElse("");
  }

  /** The same of a variable that need not be there. */
  Optional<String> optional(Variable variable) {
    return found(variable).filter(text -> takes(variable, text));
  }

  /** What the text of a variable with a default stands for. */
  <T> T parsed(Variable variable, Function<String, T> parser) {
    String text = text(variable);
    return parser.apply(text.isEmpty() ? variable.byDefault() : text);
  }

  /** The elements of a list, separated by commas, each of them once. */
  List<String> list(Variable variable) {
    Optional<String> text = required(variable);
    List<String> all =
        text.stream().flatMap(list -> Stream.of(list.split(",", -1))).map(String::strip).toList();
    List<String> taken = all.stream().filter(one -> takes(variable, one)).toList();
    boolean isUnique = new HashSet<>(all).size() == all.size();
    return taken.equals(all)
            && check(isUnique, variable, text.orElse(""), "a list without repetitions")
        ? all
        : List.of();
  }

  private boolean takes(Variable variable, String value) {
    return check(variable.takes(value), variable, value, variable.wanted());
  }

  /** Whether it holds; where it does not, the message names the variable and what it must be. */
  boolean check(boolean holds, Variable variable, String value, String wanted) {
    if (!holds) {
      add("%s is \"%s\", but must be %s".formatted(variable, value, wanted));
    }
    return holds;
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
