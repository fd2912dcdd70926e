package io.elephant.launcher.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.failure.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorCodesTest {

  @ParameterizedTest
  @CsvSource({
    "InsufficientInstanceCapacity, 500, NO_CAPACITY",
    "InsufficientFreeAddressesInSubnet, 400, NO_CAPACITY",
    "Unsupported, 400, NO_CAPACITY",
    "VcpuLimitExceeded, 400, OVER_QUOTA",
    "InstanceLimitExceeded, 400, OVER_QUOTA",
    "IdempotentParameterMismatch, 400, OTHER_REQUEST",
    "IdempotentInstanceTerminated, 400, DEAD",
    "RequestLimitExceeded, 503, UNCLEAR",
    "Unavailable, 503, UNCLEAR",
    "InternalError, 500, UNCLEAR",
    "UnauthorizedOperation, 403, REFUSED",
    "InvalidAMIID.NotFound, 400, REFUSED",
    "ProvisionedThroughputExceededException, 400, UNCLEAR",
    "ThrottlingException, 400, UNCLEAR",
    "InternalServerError, 500, UNCLEAR",
    "AccessDeniedException, 400, REFUSED",
    "ResourceNotFoundException, 400, REFUSED",
  })
  void knowsWhatAwsDocuments(String code, int status, Meaning meaning) {
    assertThat(ErrorCodes.meaning(code, status)).isEqualTo(meaning);
  }

  @Test
  void repeatsAnUnknownServerErrorAndRefusesAnyOtherBecauseNeitherStartsASecondInstance() {
    assertThat(ErrorCodes.meaning("SomethingNew", 500)).isEqualTo(Meaning.UNCLEAR);
    assertThat(ErrorCodes.meaning("SomethingNew", 503)).isEqualTo(Meaning.UNCLEAR);
    assertThat(ErrorCodes.meaning("SomethingNew", 400)).isEqualTo(Meaning.REFUSED);
  }

  @ParameterizedTest
  @CsvSource({
    "UnauthorizedOperation, true, false, false, false",
    "AccessDenied, true, false, false, false",
    "AccessDeniedException, true, false, false, false",
    "AuthFailure, false, true, false, false",
    "UnrecognizedClientException, false, true, false, false",
    "InvalidClientTokenId, false, true, false, false",
    "InvalidAMIID.NotFound, false, false, true, false",
    "InvalidKeyPair.NotFound, false, false, true, false",
    "NoSuchEntity, false, false, true, false",
    "ResourceNotFoundException, false, false, true, false",
    "DryRunOperation, false, false, false, true",
    "RequestLimitExceeded, false, false, false, false",
  })
  void tellsAMissingPermissionFromAMissingThing(
      String code,
      boolean notPermitted,
      boolean notAuthenticated,
      boolean notThere,
      boolean dryRunSucceeded) {
    AwsError error = new AwsError(Meaning.REFUSED, new Refusal(code, "planted"));

    assertThat(error.notPermitted()).isEqualTo(notPermitted);
    assertThat(error.notAuthenticated()).isEqualTo(notAuthenticated);
    assertThat(error.notThere()).isEqualTo(notThere);
    assertThat(error.dryRunSucceeded()).isEqualTo(dryRunSucceeded);
  }
}
