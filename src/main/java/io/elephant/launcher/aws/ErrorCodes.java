package io.elephant.launcher.aws;

import static io.elephant.launcher.aws.Meaning.DEAD;
import static io.elephant.launcher.aws.Meaning.NO_CAPACITY;
import static io.elephant.launcher.aws.Meaning.OTHER_REQUEST;
import static io.elephant.launcher.aws.Meaning.OVER_QUOTA;
import static io.elephant.launcher.aws.Meaning.REFUSED;
import static io.elephant.launcher.aws.Meaning.UNCLEAR;

import java.util.Map;
import java.util.Set;

/**
 * The table of error codes: what each of EC2's and DynamoDB's means for a launch.
 *
 * <p>A code that is not listed is judged by its HTTP status: a server's error may have started an
 * instance, so only the same request again can tell; any other is a refusal. Neither leads to a new
 * token by itself, so an error that AWS invents tomorrow cannot start a second instance.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html">Error
 *     codes for the Amazon EC2 API</a>
 * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html">Ensuring
 *     idempotency in Amazon EC2 API requests</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html">Error
 *     handling with DynamoDB</a>
 */
final class ErrorCodes {

  private static final int FIRST_SERVER_ERROR = 500;

  private static final Map<String, Meaning> MEANINGS =
      Map.ofEntries(
          // EC2, idempotency.
          Map.entry("IdempotentParameterMismatch", OTHER_REQUEST),
          Map.entry("IdempotentInstanceTerminated", DEAD),
          Map.entry("ConcurrentIdempotentRequest", UNCLEAR),

          // EC2, capacity: definite, although InsufficientInstanceCapacity is an HTTP 500.
          Map.entry("InsufficientInstanceCapacity", NO_CAPACITY),
          Map.entry("InsufficientHostCapacity", NO_CAPACITY),
          Map.entry("InsufficientReservedInstanceCapacity", NO_CAPACITY),
          Map.entry("InsufficientCapacity", NO_CAPACITY),
          Map.entry("InsufficientFreeAddressesInSubnet", NO_CAPACITY),
          Map.entry("InsufficientAddressCapacity", NO_CAPACITY),
          // "The instance type is not supported in the requested Availability Zone."
          Map.entry("Unsupported", NO_CAPACITY),
          Map.entry("InvalidAvailabilityZone", NO_CAPACITY),
          Map.entry("SpotMaxPriceTooLow", NO_CAPACITY),

          // EC2, the account's quotas.
          Map.entry("InstanceLimitExceeded", OVER_QUOTA),
          Map.entry("VcpuLimitExceeded", OVER_QUOTA),
          Map.entry("MaxSpotInstanceCountExceeded", OVER_QUOTA),

          // EC2, servers' errors and throttling, which some services answer with HTTP 400.
          Map.entry("InternalError", UNCLEAR),
          Map.entry("InternalFailure", UNCLEAR),
          Map.entry("ServiceUnavailable", UNCLEAR),
          Map.entry("Unavailable", UNCLEAR),
          Map.entry("RequestTimeout", UNCLEAR),
          Map.entry("RequestLimitExceeded", UNCLEAR),
          Map.entry("Throttling", UNCLEAR),
          Map.entry("ThrottlingException", UNCLEAR),
          Map.entry("EC2ThrottledException", UNCLEAR),
          // The signature was too old when it arrived; the next one is new.
          Map.entry("RequestExpired", UNCLEAR),

          // EC2, requests that stay wrong however often they are sent.
          Map.entry("UnauthorizedOperation", REFUSED),
          Map.entry("AuthFailure", REFUSED),
          Map.entry("Blocked", REFUSED),
          Map.entry("OptInRequired", REFUSED),
          Map.entry("PendingVerification", REFUSED),
          Map.entry("InvalidAMIID.NotFound", REFUSED),
          Map.entry("InvalidAMIID.Malformed", REFUSED),
          Map.entry("InvalidAMIID.Unavailable", REFUSED),
          Map.entry("InvalidBlockDeviceMapping", REFUSED),
          Map.entry("InvalidGroup.NotFound", REFUSED),
          Map.entry("InvalidKeyPair.NotFound", REFUSED),
          Map.entry("InvalidParameterCombination", REFUSED),
          Map.entry("InvalidParameterValue", REFUSED),
          Map.entry("InvalidSubnetID.NotFound", REFUSED),
          Map.entry("MissingParameter", REFUSED),
          Map.entry("VolumeTypeNotAvailableInZone", NO_CAPACITY),

          // DynamoDB, where a repetition helps.
          Map.entry("ProvisionedThroughputExceededException", UNCLEAR),
          Map.entry("InternalServerError", UNCLEAR),
          Map.entry("TransactionConflictException", UNCLEAR),

          // DynamoDB, where none does.
          Map.entry("AccessDeniedException", REFUSED),
          Map.entry("ResourceNotFoundException", REFUSED),
          Map.entry("ValidationException", REFUSED));

  /** A dry run that would have been carried out: the one error that is good news. */
  static final String DRY_RUN_SUCCEEDED = "DryRunOperation";

  /** The caller is known, and its policies do not allow the call. */
  static final Set<String> NOT_PERMITTED =
      Set.of(
          "UnauthorizedOperation", // EC2
          "AccessDenied", // IAM
          "AccessDeniedException"); // DynamoDB, Service Quotas

  /**
   * The caller is not known. EC2 says {@code AuthFailure} also in a region that the account has not
   * enabled.
   */
  static final Set<String> NOT_AUTHENTICATED =
      Set.of(
          "AuthFailure",
          "ExpiredToken",
          "ExpiredTokenException",
          "IncompleteSignature",
          "IncompleteSignatureException",
          "InvalidClientTokenId",
          "MissingAuthenticationToken",
          "MissingAuthenticationTokenException",
          "OptInRequired",
          "SignatureDoesNotMatch",
          "UnrecognizedClientException");

  /** What was asked for is not there. */
  static final Set<String> NOT_THERE =
      Set.of(
          "InvalidAMIID.Malformed",
          "InvalidAMIID.NotFound",
          "InvalidAMIID.Unavailable",
          "InvalidKeyPair.NotFound",
          "NoSuchEntity", // IAM
          "ResourceNotFoundException"); // DynamoDB

  private ErrorCodes() {}

  static Meaning meaning(String code, int httpStatus) {
    Meaning listed = MEANINGS.get(code);
    if (listed != null) {
      return listed;
    }
    return httpStatus >= FIRST_SERVER_ERROR ? UNCLEAR : REFUSED;
  }
}
