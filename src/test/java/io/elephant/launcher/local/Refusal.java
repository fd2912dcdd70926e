package io.elephant.launcher.local;

import java.util.Map;

/**
 * An error that AWS answers with: its code, HTTP status and message.
 *
 * <p>The statuses are those of <a
 * href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html">EC2's error
 * codes</a>: a client error is a 400 unless listed here, and a lack of capacity is, surprisingly, a
 * server error, which an SDK would retry unasked.
 */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final int CLIENT_ERROR = 400;
  private static final Map<String, Integer> STATUSES =
      Map.ofEntries(
          Map.entry("AuthFailure", 401),
          Map.entry("DryRunOperation", 412),
          Map.entry("OptInRequired", 401),
          Map.entry("UnauthorizedOperation", 403),
          Map.entry("Blocked", 403),
          Map.entry("InsufficientInstanceCapacity", 500),
          Map.entry("InsufficientHostCapacity", 500),
          Map.entry("InsufficientReservedInstanceCapacity", 500),
          Map.entry("InternalError", 500),
          Map.entry("InternalFailure", 500),
          Map.entry("InternalServerError", 500),
          Map.entry("RequestLimitExceeded", 503),
          Map.entry("ServiceUnavailable", 503),
          Map.entry("Unavailable", 503));

  private final String code;
  private final int status;

  Refusal(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  Refusal(String code, String message) {
    this(statusOf(code), code, message);
  }

  static int statusOf(String code) {
    return STATUSES.getOrDefault(code, CLIENT_ERROR);
  }

  static Refusal invalid(String message) {
    return new Refusal("InvalidParameterValue", message);
  }

  String code() {
    return code;
  }

  int status() {
    return status;
  }

  String message() {
    return String.valueOf(getMessage());
  }
}
