package io.elephant.launcher.preflight;

import io.elephant.launcher.aws.AwsError;
import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.LaunchFailure.NoSubnet;
import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One thing that a launch needs, and what was found.
 *
 * @param name what is checked, such as {@code image}
 * @param subject which one, such as {@code ami-…}
 */
public record Check(String name, String subject, Result result) {

  /** What was found. */
  public sealed interface Result {}

  /** As a launch needs it. */
  public record Passed(String detail) implements Result {}

  /** Launches fail because of it, or do something that nobody wants. */
  public record Obstacle(String detail, String toDo) implements Result {

    static Obstacle missing(String what, String region, String toDo) {
      return new Obstacle("There is no such " + what + " in " + region, toDo);
    }
  }

  /** It could not be found out; a launch may work all the same. */
  public record Unknown(String detail, String toDo) implements Result {}

  static Result inState(String state, Set<String> good, String toDo) {
    String detail = "It is " + state;
    return good.contains(state) ? new Passed(detail) : new Obstacle(detail, toDo);
  }

  /** What throws stays open: thrown on, it would hide what the other checks have found. */
  static Check of(String name, String subject, Supplier<Result> judgement) {
    try {
      return new Check(name, subject, judgement.get());
    } catch (RuntimeException e) {
      return unknown(name, subject, e);
    }
  }

  static Check unknown(String name, String subject, RuntimeException why) {
    Result result =
        switch (why) {
          case CallFailed e ->
              new Unknown(
                  String.valueOf(e.getMessage()),
                  AwsError.isNotPermitted(e.refusal())
                      ? "Set preflight = true and deploy, or allow the function's role this action"
                      : "Ask again");
          case NoSubnet _ -> new Unknown("There is no subnet to launch in", "See the check subnet");
          case OutOfTime _ -> new Unknown("AWS did not answer in time", "Ask again");
          default -> new Unknown("The check itself failed: " + why, "Report it as a bug");
        };
    return new Check(name, subject, result);
  }
}
