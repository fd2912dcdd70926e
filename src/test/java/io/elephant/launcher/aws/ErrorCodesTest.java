package io.elephant.launcher.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;

class ErrorCodesTest {

  /** A verdict, an HTTP status and the codes that come with it, in each line. */
  private static final String DOCUMENTED =
      """
      PARAMETER_MISMATCH 400 IdempotentParameterMismatch
      TERMINATED 400 IdempotentInstanceTerminated
      NO_CAPACITY 500 InsufficientInstanceCapacity InsufficientHostCapacity
      NO_CAPACITY 500 InsufficientReservedInstanceCapacity InsufficientCapacity
      NO_CAPACITY 500 InsufficientCapacityOnHost InsufficientVolumeCapacity
      NO_CAPACITY 500 InsufficientAddressCapacity
      NO_CAPACITY 400 InsufficientFreeAddressesInSubnet ReservationCapacityExceeded
      NO_CAPACITY 400 UnfulfillableCapacity SpotMaxPriceTooLow Unsupported
      OVER_QUOTA 400 InstanceLimitExceeded VcpuLimitExceeded MaxSpotInstanceCountExceeded
      CANDIDATE_REFUSED 403 UnauthorizedOperation AuthFailure.ServiceLinkedRoleCreationNotPermitted
      CANDIDATE_REFUSED 403 Blocked
      CANDIDATE_REFUSED 401 AuthFailure OptInRequired
      CANDIDATE_REFUSED 400 InvalidSubnetID.NotFound UnsupportedOperation InvalidAvailabilityZone
      CANDIDATE_REFUSED 400 VolumeTypeNotAvailableInZone VolumeLimitExceeded
      CANDIDATE_REFUSED 400 NetworkInterfaceLimitExceeded InvalidParameterValue
      CANDIDATE_REFUSED 400 InvalidParameterCombination SomethingNew AccessDeniedException
      CANDIDATE_REFUSED 400 ResourceNotFoundException ValidationException
      REQUEST_REFUSED 400 InvalidAMIID.NotFound InvalidAMIID.Malformed InvalidAMIID.Unavailable
      REQUEST_REFUSED 400 InvalidKeyPair.NotFound InvalidGroup.NotFound
      REQUEST_REFUSED 400 InvalidSecurityGroupID.NotFound InvalidBlockDeviceMapping
      REQUEST_REFUSED 400 InvalidLaunchTemplateId.Malformed InvalidLaunchTemplateId.NotFound
      REQUEST_REFUSED 400 InvalidLaunchTemplateId.VersionNotFound CustomerKeyHasBeenRevoked
      REQUEST_REFUSED 400 MissingParameter
      THROTTLED 503 RequestLimitExceeded
      THROTTLED 400 RequestThrottled RequestThrottledException ThrottledException
      THROTTLED 400 ThrottlingException Throttling EC2ThrottledException SlowDown
      THROTTLED 400 BandwidthLimitExceeded KMSThrottlingException
      THROTTLED 400 ProvisionedThroughputExceededException TransactionInProgressException
      THROTTLED 429 TooManyRequestsException
      UNCLEAR 400 PriorRequestNotComplete RequestTimeout RequestTimeoutException
      UNCLEAR 400 InvalidSignatureException TransactionConflictException InternalError
      UNCLEAR 400 InternalFailure Unavailable ServiceUnavailable
      UNCLEAR 403 RequestTimeTooSkewed RequestInTheFuture SignatureDoesNotMatch
      UNCLEAR 500 InternalError InternalServerError SomethingNew
      UNCLEAR 503 Unavailable SomethingNew
      UNCLEAR 529 SomethingNew
      UNKNOWN_ID 400 InvalidInstanceID.NotFound
      NOT_YET 400 PendingVerification
      EXPIRED 400 ExpiredToken ExpiredTokenException RequestExpired
      """;

  static Stream<Arguments> documented() {
    return DOCUMENTED
        .lines()
        .map(line -> line.split(" "))
        .flatMap(words ->
            Arrays.stream(words)
                .skip(2)
                .map(
                    code -> arguments(code, Integer.valueOf(words[1]), Verdict.valueOf(words[0]))));
  }

  @ParameterizedTest
  @MethodSource("documented")
  void knowsWhatAwsDocuments(String code, int status, Verdict verdict) {
    AwsError error = AwsError.of(answer(code, status, Duration.ZERO));

    assertThat(error.verdict()).isEqualTo(verdict);
    assertThat(error.refusal()).isEqualTo(new Refusal(code, "planted"));
  }

  /** EC2 signs no answer with its clock but the Date header, and the SDK compares that. */
  @ParameterizedTest
  @ValueSource(strings = {"AuthFailure", "RequestExpired", "SignatureDoesNotMatch"})
  void takesARefusalForASkewedClockWhereTheAnswersDateSaysSo(String code) {
    for (int minutes : List.of(20, -20)) {
      assertThat(AwsError.of(answer(code, 400, Duration.ofMinutes(minutes))).verdict())
          .isEqualTo(Verdict.UNCLEAR);
    }
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

  /** The JDK withholds the body of a 401, such as that of OptInRequired. */
  @Test
  void takesA401WithoutABodyForTheCandidates() {
    AwsError error = AwsError.of(AwsServiceException.builder().statusCode(401).build());

    assertThat(error.verdict()).isEqualTo(Verdict.CANDIDATE_REFUSED);
    assertThat(error.refusal().message()).contains("HTTP 401");
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
