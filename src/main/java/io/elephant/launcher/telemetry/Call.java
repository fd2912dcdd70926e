package io.elephant.launcher.telemetry;

import java.time.Duration;
import java.util.Optional;

/**
 * A call of AWS's, the SDK's own repetitions included.
 *
 * @param operation its name, such as {@code GetItem}
 * @param token the client token, of a call that has one
 * @param after when it began, counted from the arrival of the event
 * @param requestId by which AWS finds the call; none where no answer came
 * @param errorCode AWS's word for why it failed; {@code NoAnswer} where no answer came
 */
record Call(
    String operation,
    Optional<String> token,
    Duration after,
    Duration took,
    Optional<String> requestId,
    Optional<String> errorCode) {

  /** What a line about its answer says of it. */
  Fields answer() {
    return new Fields()
        .with("clientToken", token)
        .with("awsRequestId", requestId)
        .with("ms", took.toMillis());
  }

  Fields fields() {
    return new Fields()
        .with("call", operation)
        .with("afterMs", after.toMillis())
        .with(answer())
        .with("errorCode", errorCode);
  }
}
