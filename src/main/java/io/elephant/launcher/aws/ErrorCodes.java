package io.elephant.launcher.aws;

import static io.elephant.launcher.failure.Verdict.CANDIDATE_REFUSED;
import static io.elephant.launcher.failure.Verdict.EXPIRED;
import static io.elephant.launcher.failure.Verdict.NOT_YET;
import static io.elephant.launcher.failure.Verdict.NO_CAPACITY;
import static io.elephant.launcher.failure.Verdict.OVER_QUOTA;
import static io.elephant.launcher.failure.Verdict.PARAMETER_MISMATCH;
import static io.elephant.launcher.failure.Verdict.REQUEST_REFUSED;
import static io.elephant.launcher.failure.Verdict.TERMINATED;
import static io.elephant.launcher.failure.Verdict.THROTTLED;
import static io.elephant.launcher.failure.Verdict.UNCLEAR;
import static io.elephant.launcher.failure.Verdict.UNKNOWN_ID;

import io.elephant.launcher.failure.Verdict;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.retry.ClockSkew;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;

/**
 * The table of error codes: what each of EC2's and DynamoDB's means for a launch.
 *
 * <p>What is not listed is first judged by the SDK, which knows throttling, skewed clocks and what
 * else a repetition may heal; then by its HTTP status: a server's error may have started an
 * instance. Any other code is a refusal of the one candidate that was asked for: a refusal that
 * every candidate would get is met by each of them, and one that AWS invents tomorrow ends no
 * launch while another candidate is left.
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

  private static final Map<String, Verdict> VERDICTS =
      Map.ofEntries(
          // EC2, idempotency.
          Map.entry("IdempotentParameterMismatch", PARAMETER_MISMATCH),
          Map.entry("IdempotentInstanceTerminated", TERMINATED),
          Map.entry("ConcurrentIdempotentRequest", UNCLEAR),

          // EC2, capacity: definite, although several are an HTTP 500, which the SDK would repeat.
          Map.entry("InsufficientInstanceCapacity", NO_CAPACITY),
          Map.entry("InsufficientHostCapacity", NO_CAPACITY),
          Map.entry("InsufficientReservedInstanceCapacity", NO_CAPACITY),
          Map.entry("InsufficientCapacity", NO_CAPACITY),
          Map.entry("InsufficientCapacityOnHost", NO_CAPACITY),
          Map.entry("InsufficientVolumeCapacity", NO_CAPACITY),
          Map.entry("InsufficientFreeAddressesInSubnet", NO_CAPACITY),
          Map.entry("InsufficientAddressCapacity", NO_CAPACITY),
          // "The targeted Capacity Reservation does not have enough available instance capacity."
          Map.entry("ReservationCapacityExceeded", NO_CAPACITY),
          // "There isn't enough spare capacity to fulfill your request for Spot Instances."
          Map.entry("UnfulfillableCapacity", NO_CAPACITY),
          Map.entry("SpotMaxPriceTooLow", NO_CAPACITY),
          // "The instance type is not supported in the requested Availability Zone."
          Map.entry("Unsupported", NO_CAPACITY),

          // EC2, the account's quotas for instances of a type and market.
          Map.entry("InstanceLimitExceeded", OVER_QUOTA),
          Map.entry("VcpuLimitExceeded", OVER_QUOTA),
          Map.entry("MaxSpotInstanceCountExceeded", OVER_QUOTA),

          // Servers' errors that some services answer with HTTP 400.
          Map.entry("InternalFailure", UNCLEAR),
          Map.entry("ServiceUnavailable", UNCLEAR),
          Map.entry("Unavailable", UNCLEAR),
          // The clock, or a body that was changed on its way: the credentials are Lambda's own.
          Map.entry("SignatureDoesNotMatch", UNCLEAR),
          Map.entry("InvalidSignatureException", UNCLEAR),
          // "Your account is pending verification"; minutes later it is verified.
          Map.entry("PendingVerification", NOT_YET),

          // EC2, what every candidate's request names. Anything else may be one candidate's, as
          // InvalidParameterValue and InvalidParameterCombination, said of an instance type too.
          Map.entry("InvalidAMIID.NotFound", REQUEST_REFUSED),
          Map.entry("InvalidAMIID.Malformed", REQUEST_REFUSED),
          Map.entry("InvalidAMIID.Unavailable", REQUEST_REFUSED),
          Map.entry("InvalidBlockDeviceMapping", REQUEST_REFUSED),
          Map.entry("InvalidGroup.NotFound", REQUEST_REFUSED),
          Map.entry("InvalidSecurityGroupID.NotFound", REQUEST_REFUSED),
          Map.entry("InvalidKeyPair.NotFound", REQUEST_REFUSED),
          Map.entry("InvalidLaunchTemplateId.Malformed", REQUEST_REFUSED),
          Map.entry("InvalidLaunchTemplateId.NotFound", REQUEST_REFUSED),
          Map.entry("InvalidLaunchTemplateId.VersionNotFound", REQUEST_REFUSED),
          // "The KMS key cannot be accessed."
          Map.entry("CustomerKeyHasBeenRevoked", REQUEST_REFUSED),
          Map.entry("MissingParameter", REQUEST_REFUSED),

          // EC2, of an instance: it was given out a moment ago, or forgotten long ago.
          Map.entry("InvalidInstanceID.NotFound", UNKNOWN_ID),
          // Temporary credentials that are no longer valid.
          Map.entry("ExpiredToken", EXPIRED),
          Map.entry("ExpiredTokenException", EXPIRED),

          // DynamoDB, where a repetition helps; KMS's limits are shared with others of the account.
          Map.entry("KMSThrottlingException", THROTTLED),
          Map.entry("TransactionConflictException", UNCLEAR));

  /**
   * EC2's words for temporary credentials that have expired; and for a signature that was too old
   * when it arrived, which is the clock's fault.
   *
   * @see <a href="https://github.com/jenkinsci/ec2-plugin/issues/2011">Request has expired
   *     errors</a>
   */
  private static final String REQUEST_EXPIRED = "RequestExpired";

  /**
   * An instance profile is not known to EC2 until seconds after IAM has made it.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_general.html#troubleshoot_general_eventual-consistency">Changes
   *     that I make are not always immediately visible</a>
   */
  private static final String UNKNOWN_PROFILE = "Invalid IAM Instance Profile";

  private ErrorCodes() {}

  /** What an answer with an error code means. */
  static Verdict verdict(AwsServiceException answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    Verdict listed = VERDICTS.get(details.errorCode());
    if (listed != null) {
      return listed;
    }
    if (details.errorCode().equals(REQUEST_EXPIRED)) {
      return isClockSkewed(details) ? UNCLEAR : EXPIRED;
    }
    if (answer.isThrottlingException()) {
      return THROTTLED;
    }
    if (answer.statusCode() >= FIRST_SERVER_ERROR || sdkWouldRepeat(answer)) {
      return UNCLEAR;
    }
    return String.valueOf(details.errorMessage()).contains(UNKNOWN_PROFILE)
        ? NOT_YET
        : CANDIDATE_REFUSED;
  }

  /** Asks a strategy of the SDK's for a second try, which it gives only for what it repeats. */
  private static boolean sdkWouldRepeat(AwsServiceException answer) {
    RetryStrategy sdk = AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(2).build();
    try {
      sdk.refreshRetryToken(
          RefreshRetryTokenRequest.builder()
              .token(sdk.acquireInitialToken(AcquireInitialTokenRequest.create("judged")).token())
              .failure(answer)
              .build());
      return true;
    } catch (TokenAcquisitionFailedException _) {
      return false;
    }
  }

  /** Whether the answer's date is far from this machine's. */
  private static boolean isClockSkewed(AwsErrorDetails details) {
    return Optional.ofNullable(details.sdkHttpResponse())
        .flatMap(ClockSkew::getServerTime)
        .filter(date -> ClockSkew.isClockSkewed(Instant.now(), date))
        .isPresent();
  }
}
