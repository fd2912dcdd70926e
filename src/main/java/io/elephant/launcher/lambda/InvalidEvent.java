package io.elephant.launcher.lambda;

/** The event asks for nothing that this function does. */
public final class InvalidEvent extends RuntimeException {

  private static final long serialVersionUID = 1;

  InvalidEvent(String problem) {
    super("The event " + problem);
  }
}
