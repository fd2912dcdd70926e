package io.elephant.launcher.preflight;

import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import java.util.List;
import java.util.function.Supplier;

/**
 * One thing that a launch needs, and what was found.
 *
 * @param name what is checked, such as {@code image}
 * @param subject which one, such as {@code ami-…}
 */
public record Check(String name, String subject, Result result) {

  /** Checks of things that belong together, in the report's order. */
  interface Group {
    List<Check> checks(Answers answers);
  }

  /** What was found. */
  public sealed interface Result {

    /** In words. */
    String detail();
  }

  /** As a launch needs it. */
  public record Passed(String detail) implements Result {}

  /** Launches fail because of it, or do something that nobody wants. */
  public record Obstacle(String detail, String toDo) implements Result {}

  /** It could not be found out; a launch may work all the same. */
  public record Unknown(String detail, String toDo) implements Result {}

  /** A check whose judgement throws stays open; the others are not affected. */
  static Check of(String name, String subject, Supplier<Result> judgement) {
    return new Check(name, subject, result(judgement));
  }

  private static Result result(Supplier<Result> judgement) {
    try {
      return judgement.get();
    } catch (OutOfTime e) {
      return new Unknown("There was no answer in time", "Ask again");
    } catch (NotAnswered e) {
      return new Unknown(e.permission() + " failed with " + e.refusal(), toDo(e));
    } catch (RuntimeException e) {
      // Thrown on, it would hide what the other checks have found.
      return new Unknown("The check itself failed: " + e, "Report it as a mistake of this check");
    }
  }

  private static String toDo(NotAnswered e) {
    return switch (e.reason()) {
      case NOT_PERMITTED ->
          "Set preflight = true in terraform.tfvars and deploy, or allow the function's role "
              + e.permission();
      case NOT_AUTHENTICATED -> "Mend the check credentials first";
      case OTHER -> "Ask again";
    };
  }
}
