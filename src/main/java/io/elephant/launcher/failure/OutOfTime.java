package io.elephant.launcher.failure;

/** The invocation ends before the launch does; the next delivery goes on from the row. */
public final class OutOfTime extends LaunchFailure {

  private static final long serialVersionUID = 1;

  public OutOfTime() {
    super("no time is left in this invocation; the next delivery goes on from the row");
  }
}
