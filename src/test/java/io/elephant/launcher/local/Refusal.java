package io.elephant.launcher.local;

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

  private final String code;
  private final int status;

  Refusal(String code, String message) {
    super(message, null, false, false);
    this.code = code;
    this.status = statusOf(code);
  }

  private static int statusOf(String code) {
    return switch (code) {
      case "AuthFailure", "OptInRequired" -> 401;
      case "UnauthorizedOperation", "Blocked" -> 403;
      case "DryRunOperation" -> 412;
      case "TooManyRequestsException" -> 429;
      case "InsufficientInstanceCapacity",
          "InsufficientHostCapacity",
          "InsufficientReservedInstanceCapacity",
          "InternalError",
          "InternalFailure",
          "InternalServerError" ->
          500;
      case "RequestLimitExceeded", "ServiceUnavailable", "Unavailable" -> 503;
      default -> 400;
    };
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
