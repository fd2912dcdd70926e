package io.elephant.launcher.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpResponse;

class ErrorCodesTest {

  @ParameterizedTest
  @CsvSource({
    "IdempotentParameterMismatch, 400, PARAMETER_MISMATCH",
    "IdempotentInstanceTerminated, 400, TERMINATED",
    // Capacity, which the SDK would repeat where it is an HTTP 500.
    "InsufficientInstanceCapacity, 500, NO_CAPACITY",
    "InsufficientHostCapacity, 500, NO_CAPACITY",
    "InsufficientReservedInstanceCapacity, 500, NO_CAPACITY",
    "InsufficientCapacity, 500, NO_CAPACITY",
    "InsufficientCapacityOnHost, 500, NO_CAPACITY",
    "InsufficientVolumeCapacity, 500, NO_CAPACITY",
    "InsufficientAddressCapacity, 500, NO_CAPACITY",
    "InsufficientFreeAddressesInSubnet, 400, NO_CAPACITY",
    "ReservationCapacityExceeded, 400, NO_CAPACITY",
    "UnfulfillableCapacity, 400, NO_CAPACITY",
    "SpotMaxPriceTooLow, 400, NO_CAPACITY",
    "Unsupported, 400, NO_CAPACITY",
    // Quotas.
    "InstanceLimitExceeded, 400, OVER_QUOTA",
    "VcpuLimitExceeded, 400, OVER_QUOTA",
    "MaxSpotInstanceCountExceeded, 400, OVER_QUOTA",
    // One candidate's.
    "UnauthorizedOperation, 403, CANDIDATE_REFUSED",
    "AuthFailure, 401, CANDIDATE_REFUSED",
    "AuthFailure.ServiceLinkedRoleCreationNotPermitted, 403, CANDIDATE_REFUSED",
    "InvalidSubnetID.NotFound, 400, CANDIDATE_REFUSED",
    "UnsupportedOperation, 400, CANDIDATE_REFUSED",
    "InvalidAvailabilityZone, 400, CANDIDATE_REFUSED",
    "VolumeTypeNotAvailableInZone, 400, CANDIDATE_REFUSED",
    "VolumeLimitExceeded, 400, CANDIDATE_REFUSED",
    "NetworkInterfaceLimitExceeded, 400, CANDIDATE_REFUSED",
    "OptInRequired, 401, CANDIDATE_REFUSED",
    "Blocked, 403, CANDIDATE_REFUSED",
    "InvalidParameterValue, 400, CANDIDATE_REFUSED",
    "InvalidParameterCombination, 400, CANDIDATE_REFUSED",
    "SomethingNew, 400, CANDIDATE_REFUSED",
    // Everybody's.
    "InvalidAMIID.NotFound, 400, REQUEST_REFUSED",
    "InvalidAMIID.Malformed, 400, REQUEST_REFUSED",
    "InvalidAMIID.Unavailable, 400, REQUEST_REFUSED",
    "InvalidKeyPair.NotFound, 400, REQUEST_REFUSED",
    "InvalidGroup.NotFound, 400, REQUEST_REFUSED",
    "InvalidSecurityGroupID.NotFound, 400, REQUEST_REFUSED",
    "InvalidBlockDeviceMapping, 400, REQUEST_REFUSED",
    "InvalidLaunchTemplateId.Malformed, 400, REQUEST_REFUSED",
    "InvalidLaunchTemplateId.NotFound, 400, REQUEST_REFUSED",
    "InvalidLaunchTemplateId.VersionNotFound, 400, REQUEST_REFUSED",
    "CustomerKeyHasBeenRevoked, 400, REQUEST_REFUSED",
    "MissingParameter, 400, REQUEST_REFUSED",
    // The SDK's throttling, skewed clocks and what else it repeats.
    "RequestLimitExceeded, 503, THROTTLED",
    "RequestThrottled, 400, THROTTLED",
    "RequestThrottledException, 400, THROTTLED",
    "ThrottledException, 400, THROTTLED",
    "ThrottlingException, 400, THROTTLED",
    "Throttling, 400, THROTTLED",
    "EC2ThrottledException, 400, THROTTLED",
    "TooManyRequestsException, 429, THROTTLED",
    "SlowDown, 400, THROTTLED",
    "BandwidthLimitExceeded, 400, THROTTLED",
    "KMSThrottlingException, 400, THROTTLED",
    "PriorRequestNotComplete, 400, UNCLEAR",
    "RequestTimeout, 400, UNCLEAR",
    "RequestTimeoutException, 400, UNCLEAR",
    "RequestTimeTooSkewed, 403, UNCLEAR",
    "RequestInTheFuture, 403, UNCLEAR",
    "SignatureDoesNotMatch, 403, UNCLEAR",
    "InvalidSignatureException, 400, UNCLEAR",
    "ProvisionedThroughputExceededException, 400, THROTTLED",
    "TransactionInProgressException, 400, THROTTLED",
    "TransactionConflictException, 400, UNCLEAR",
    // Servers' errors.
    "InternalError, 500, UNCLEAR",
    "InternalError, 400, UNCLEAR",
    "InternalFailure, 400, UNCLEAR",
    "InternalServerError, 500, UNCLEAR",
    "Unavailable, 503, UNCLEAR",
    "Unavailable, 400, UNCLEAR",
    "ServiceUnavailable, 400, UNCLEAR",
    "SomethingNew, 500, UNCLEAR",
    "SomethingNew, 503, UNCLEAR",
    "SomethingNew, 529, UNCLEAR",
    // An instance that EC2 forgot long ago or gave out a moment ago.
    "InvalidInstanceID.NotFound, 400, UNKNOWN_ID",
    // What heals with time.
    "PendingVerification, 400, NOT_YET",
    // What only another process has.
    "ExpiredToken, 400, EXPIRED",
    "ExpiredTokenException, 400, EXPIRED",
    "RequestExpired, 400, EXPIRED",
    // DynamoDB.
    "AccessDeniedException, 400, CANDIDATE_REFUSED",
    "ResourceNotFoundException, 400, CANDIDATE_REFUSED",
    "ValidationException, 400, CANDIDATE_REFUSED",
  })
  void knowsWhatAwsDocuments(String code, int status, Verdict verdict) {
    AwsError error = AwsError.of(answer(code, status, Duration.ZERO));

    assertThat(error.verdict()).isEqualTo(verdict);
    assertThat(error.refusal()).isEqualTo(new Refusal(code, "planted"));
    assertThat(error.credentialsExpired()).isEqualTo(verdict == Verdict.EXPIRED);
  }

  /** EC2 signs no answer with its clock but the Date header, and the SDK compares that. */
  @ParameterizedTest
  @ValueSource(strings = {"AuthFailure", "RequestExpired", "SignatureDoesNotMatch"})
  void takesARefusalForASkewedClockWhereTheAnswersDateSaysSo(String code) {
    assertThat(AwsError.of(answer(code, 400, Duration.ofMinutes(20))).verdict())
        .isEqualTo(Verdict.UNCLEAR);
    assertThat(AwsError.of(answer(code, 400, Duration.ofMinutes(-20))).verdict())
        .isEqualTo(Verdict.UNCLEAR);
  }

  @Test
  void waitsForAnInstanceProfileThatIsNotYetKnown() {
    AwsServiceException early =
        AwsServiceException.builder()
            .statusCode(400)
            .awsErrorDetails(
                AwsErrorDetails.builder()
                    .errorCode("InvalidParameterValue")
                    .errorMessage(
                        "Value (EC2-S3-ReadOnly-Role) for parameter iamInstanceProfile.name is"
                            + " invalid. Invalid IAM Instance Profile name")
                    .build())
            .build();

    assertThat(AwsError.of(early).verdict()).isEqualTo(Verdict.NOT_YET);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 400, 403, 404, 408, 413, 421, 429, 500, 502, 503, 504, 520})
  void takesAnAnswerWithoutACodeForNobodysVerdict(int status) {
    AwsServiceException page =
        AwsServiceException.builder()
            .statusCode(status)
            .awsErrorDetails(AwsErrorDetails.builder().build())
            .build();

    assertThat(AwsError.of(page).verdict()).isEqualTo(Verdict.UNCLEAR);
    assertThat(AwsError.of(AwsServiceException.builder().statusCode(status).build()).verdict())
        .isEqualTo(Verdict.UNCLEAR);
  }

  /** The JDK withholds the body of a 401, such as that of OptInRequired. */
  @Test
  void takesA401WithoutABodyForTheCandidates() {
    AwsError error = AwsError.of(AwsServiceException.builder().statusCode(401).build());

    assertThat(error.verdict()).isEqualTo(Verdict.CANDIDATE_REFUSED);
    assertThat(error.refusal().message()).contains("HTTP 401");
  }

  @Test
  void takesNoAnswerForNobodysVerdict() {
    assertThat(AwsError.of(SdkClientException.create("Read timed out")).verdict())
        .isEqualTo(Verdict.UNCLEAR);
  }

  @ParameterizedTest
  @CsvSource({
    "UnauthorizedOperation, true, false, false",
    "AccessDeniedException, true, false, false",
    "InvalidAMIID.NotFound, false, true, false",
    "InvalidKeyPair.NotFound, false, true, false",
    "ResourceNotFoundException, false, true, false",
    "DryRunOperation, false, false, true",
    "RequestLimitExceeded, false, false, false",
  })
  void tellsAMissingPermissionFromAMissingThing(
      String code, boolean notPermitted, boolean notThere, boolean dryRunSucceeded) {
    AwsError error = AwsError.of(answer(code, 400, Duration.ZERO));

    assertThat(error.notPermitted()).isEqualTo(notPermitted);
    assertThat(error.notThere()).isEqualTo(notThere);
    assertThat(error.dryRunSucceeded()).isEqualTo(dryRunSucceeded);
  }

  /** An answer by a service whose clock is so much ahead. */
  private static AwsServiceException answer(String code, int status, Duration ahead) {
    return AwsServiceException.builder()
        .statusCode(status)
        .clockSkew(Duration.ZERO)
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .errorCode(code)
                .errorMessage("planted")
                .sdkHttpResponse(
                    SdkHttpResponse.builder()
                        .statusCode(status)
                        .putHeader(
                            "Date",
                            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                                Instant.now().plus(ahead).atOffset(ZoneOffset.UTC)))
                        .build())
                .build())
        .build();
  }
}
