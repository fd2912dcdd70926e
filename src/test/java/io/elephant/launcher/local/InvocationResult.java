package io.elephant.launcher.local;

/** How an invocation ended, as Lambda sees it. Lambda delivers again unless it was answered. */
public sealed interface InvocationResult {

  record Answered(String body) implements InvocationResult {}

  /**
   * The function reported a failure, of this invocation or of its own start.
   *
   * @param raw the whole report
   */
  record Failed(String errorType, String errorMessage, String raw) implements InvocationResult {
    @Override
    public String toString() {
      return "failed with " + errorType + ": " + errorMessage;
    }
  }

  /** The function ended, or ran out of time, without a word. */
  record Lost(String reason) implements InvocationResult {}
}
