package io.elephant.launcher.preflight;

/**
 * One thing that a launch needs, and what was found.
 *
 * @param name what is checked, such as {@code image}
 * @param subject which one, such as {@code ami-…}
 */
public record Check(String name, String subject, Result result) {

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
}
