package io.elephant.launcher.preflight;

import io.elephant.launcher.aws.AwsError;
import io.elephant.launcher.failure.LaunchFailure.NoSubnet;
import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

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
  public record Obstacle(String detail, String toDo) implements Result {}

  /** It could not be found out; a launch may work all the same. */
  public record Unknown(String detail, String toDo) implements Result {}

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
          case NotAnswered e -> e.result();
          case NoSubnet _ -> new Unknown("There is no subnet to launch in", "See the check subnet");
          case OutOfTime _ -> new Unknown("There was no answer in time", "Ask again");
          default -> new Unknown("The check itself failed: " + why, "Report it as a mistake of it");
        };
    return new Check(name, subject, result);
  }

  /** AWS did not answer a call, so the checks that need its answer stay open. */
  static final class NotAnswered extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String permission;
    private final SdkException failure;

    /**
     * @param permission the IAM action that the call needs, such as {@code ec2:DescribeImages}
     */
    NotAnswered(String permission, SdkException failure) {
      super(failure);
      this.permission = permission;
      this.failure = failure;
    }

    AwsError error() {
      return AwsError.of(failure);
    }

    Unknown result() {
      String grant = "Set preflight = true and deploy, or allow the function's role " + permission;
      return new Unknown(
          permission + " failed with " + error().refusal(),
          error().notPermitted() ? grant : "Ask again");
    }
  }
}
