package io.elephant.launcher.lambda;

/**
 * A Java {@link Error} as an exception. Quarkus's poll loop reports exceptions to Lambda; an error
 * would end its thread, and Lambda would wait for an answer until the time-out.
 */
public final class HandlerError extends RuntimeException {

  private static final long serialVersionUID = 1;

  HandlerError(Error cause) {
    super(cause.toString(), cause);
  }
}
