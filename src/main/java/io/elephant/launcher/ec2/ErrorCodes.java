package io.elephant.launcher.ec2;

import static io.elephant.launcher.ec2.ErrorCodes.Meaning.DEAD;
import static io.elephant.launcher.ec2.ErrorCodes.Meaning.NO_CAPACITY;
import static io.elephant.launcher.ec2.ErrorCodes.Meaning.OTHER_REQUEST;
import static io.elephant.launcher.ec2.ErrorCodes.Meaning.OVER_QUOTA;
import static io.elephant.launcher.ec2.ErrorCodes.Meaning.REFUSED;
import static io.elephant.launcher.ec2.ErrorCodes.Meaning.UNCLEAR;

import java.util.Map;

/**
 * What each of EC2's error codes means for a launch.
 *
 * <p>A code that is not listed is judged by its HTTP status: a server's error may have started an
 * instance, so only the same request again can tell; any other is a refusal. Neither leads to a new
 * token, so an error that AWS invents tomorrow cannot start a second instance.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html">Error
 *     codes for the Amazon EC2 API</a>
 * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html">Ensuring
 *     idempotency in Amazon EC2 API requests</a>
 */
final class ErrorCodes {

  /** What a code says about the launch that it answers. */
  enum Meaning {
    /** It may have happened: send the same request with the same token again. */
    UNCLEAR,
    /** Not in this zone. */
    NO_CAPACITY,
    /** Not more of this type and market for this account. */
    OVER_QUOTA,
    /** The token's instance has terminated. */
    DEAD,
    /** The token belongs to a request with other parameters. */
    OTHER_REQUEST,
    /** A repetition would be refused again. */
    REFUSED
  }

  private static final Map<String, Meaning> MEANINGS =
      Map.ofEntries(
          // "Client error codes for idempotent requests" and the developer guide on idempotency.
          Map.entry("IdempotentParameterMismatch", OTHER_REQUEST),
          Map.entry("IdempotentInstanceTerminated", DEAD),
          // Capacity. InsufficientInstanceCapacity is a server error (HTTP 500) that is definite.
          Map.entry("InsufficientInstanceCapacity", NO_CAPACITY),
          Map.entry("InsufficientHostCapacity", NO_CAPACITY),
          Map.entry("InsufficientReservedInstanceCapacity", NO_CAPACITY),
          Map.entry("InsufficientCapacity", NO_CAPACITY),
          Map.entry("InsufficientFreeAddressesInSubnet", NO_CAPACITY),
          Map.entry("InsufficientAddressCapacity", NO_CAPACITY),
          // "The instance type is not supported in the requested Availability Zone."
          Map.entry("Unsupported", NO_CAPACITY),
          // Quotas of the account, which no zone changes.
          Map.entry("InstanceLimitExceeded", OVER_QUOTA),
          Map.entry("VcpuLimitExceeded", OVER_QUOTA),
          Map.entry("MaxSpotInstanceCountExceeded", OVER_QUOTA),
          Map.entry("SpotMaxPriceTooLow", OVER_QUOTA),
          // "Server error codes", and throttling, which some AWS services answer with HTTP 400.
          Map.entry("RequestLimitExceeded", UNCLEAR),
          Map.entry("Throttling", UNCLEAR),
          Map.entry("ThrottlingException", UNCLEAR),
          Map.entry("EC2ThrottledException", UNCLEAR),
          Map.entry("InternalError", UNCLEAR),
          Map.entry("InternalFailure", UNCLEAR),
          Map.entry("ServiceUnavailable", UNCLEAR),
          Map.entry("Unavailable", UNCLEAR),
          Map.entry("RequestTimeout", UNCLEAR),
          Map.entry("ConcurrentIdempotentRequest", UNCLEAR),
          // The signature was too old when it arrived; the SDK corrects its clock and signs anew.
          Map.entry("RequestExpired", UNCLEAR));

  private static final int FIRST_SERVER_ERROR = 500;

  private ErrorCodes() {}

  static Meaning meaning(String code, int httpStatus) {
    Meaning listed = MEANINGS.get(code);
    if (listed != null) {
      return listed;
    }
    return httpStatus >= FIRST_SERVER_ERROR ? UNCLEAR : REFUSED;
  }
}
