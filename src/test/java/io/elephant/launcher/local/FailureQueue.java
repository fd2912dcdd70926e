package io.elephant.launcher.local;

import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Failed;
import io.elephant.launcher.local.InvocationResult.Lost;
import java.io.PrintStream;
import java.util.Optional;

/**
 * How Lambda delivers an event that nobody waits for, and where it ends: tried three times, then
 * kept in the queue.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html">How
 *     Lambda handles errors and retries with asynchronous invocation</a>
 */
final class FailureQueue {

  private static final int TRIES = 3;

  private final Deployment deployment;
  private final PrintStream out;
  private Optional<String> kept = Optional.empty();
  private int failures;

  FailureQueue(Deployment deployment, PrintStream out) {
    this.deployment = deployment;
    this.out = out;
  }

  /** Delivers an event; between the tries Lambda waits for minutes, and nobody does here. */
  void deliver(String event) {
    for (int number = 1; number <= TRIES; number++) {
      InvocationResult result = deployment.invoke(event);
      out.printf("  try %d: %s%n", number, said(result));
      if (result instanceof Answered) {
        kept = Optional.empty();
        return;
      }
      failures++;
    }
    kept = Optional.of(event);
    out.println("Lambda has given up. The event is kept in the queue of failures.");
  }

  /** Sends the event again that is in the queue. */
  void redrive() {
    kept.ifPresentOrElse(
        event -> {
          out.println("Sent again: " + event);
          deliver(event);
        },
        () -> out.println("The queue is empty."));
  }

  /** How many events wait in the queue. */
  int size() {
    return kept.isPresent() ? 1 : 0;
  }

  /** How many invocations have failed. */
  int failures() {
    return failures;
  }

  private static String said(InvocationResult result) {
    return switch (result) {
      case Answered(String body) -> body;
      case Failed(String type, String message, String _) ->
          "failed with " + type.substring(type.lastIndexOf('.') + 1) + ": " + message;
      case Lost(String reason) -> reason;
    };
  }
}
