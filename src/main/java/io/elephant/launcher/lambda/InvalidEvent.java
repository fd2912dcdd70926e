package io.elephant.launcher.lambda;

/** The event is not one that names a meeting to launch. */
public final class InvalidEvent extends RuntimeException {

  private static final long serialVersionUID = 1;

  InvalidEvent(String problem) {
    super("The event " + problem);
  }
}
