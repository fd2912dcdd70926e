package io.elephant.launcher.telemetry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Optional;

/**
 * A call to AWS.
 *
 * @param operation its name, such as {@code GetItem}
 * @param token the client token, of a call that has one
 * @param after when it began, counted from the arrival of the event
 * @param took until its answer or its failure
 * @param requestId by which AWS finds the call; empty where no answer came
 * @param errorCode AWS's code for why it failed; {@code NoAnswer} where no answer came
 * @param throttled whether it failed because the account makes too many calls
 */
record Call(
    String operation,
    Optional<String> token,
    Duration after,
    Duration took,
    Optional<String> requestId,
    Optional<String> errorCode,
    boolean throttled) {

  /** The fields for a line about its answer. */
  ObjectNode answer() {
    return LogLines.fields()
        .put("clientToken", token.orElse(null))
        .put("awsRequestId", requestId.orElse(null))
        .put("ms", took.toMillis());
  }

  /** All of its fields. */
  ObjectNode fields() {
    return LogLines.fields()
        .put("call", operation)
        .put("afterMs", after.toMillis())
        .<ObjectNode>setAll(answer())
        .put("errorCode", errorCode.orElse(null));
  }
}
