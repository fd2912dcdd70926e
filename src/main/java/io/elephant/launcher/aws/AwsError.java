package io.elephant.launcher.aws;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What the SDK threw, in the launcher's terms. */
public record AwsError(Verdict verdict, Refusal refusal) {

  private static final int UNAUTHORIZED = 401;

  /** EC2's and DynamoDB's. */
  private static final Set<String> NOT_PERMITTED =
      Set.of("UnauthorizedOperation", "AccessDeniedException");

  private static final Set<String> NOT_THERE =
      Set.of(
          "InvalidAMIID.Malformed",
          "InvalidAMIID.NotFound",
          "InvalidAMIID.Unavailable",
          "InvalidKeyPair.NotFound",
          "ResourceNotFoundException"); // DynamoDB

  /** An answer of the service's; or none, or nobody's verdict, and then anything may be. */
  public static AwsError of(SdkException e) {
    if (!(e instanceof AwsServiceException answer)) {
      return new AwsError(Verdict.UNCLEAR, new Refusal("NoAnswer", String.valueOf(e.getMessage())));
    }
    Optional<AwsErrorDetails> details = Optional.ofNullable(answer.awsErrorDetails());
    int status = answer.statusCode();
    Optional<String> code = details.map(AwsErrorDetails::errorCode);
    if (code.isPresent()) {
      String message = details.map(AwsErrorDetails::errorMessage).orElse("no message");
      return new AwsError(ErrorCodes.verdict(answer), new Refusal(code.get(), message));
    }
    // The JDK withholds the body of a 401 that answers a streamed request, such as OptInRequired.
    return status == UNAUTHORIZED
        ? new AwsError(
            Verdict.CANDIDATE_REFUSED,
            new Refusal(
                "AuthFailure",
                "HTTP 401: AWS does not accept the credentials, or not for this service and"
                    + " region"))
        : new AwsError(
            Verdict.UNCLEAR, new Refusal("HTTP " + status, "the answer is not from AWS"));
  }

  /** The failure of a call that answered with it. */
  public CallFailed failed(String action, SdkException e) {
    return new CallFailed(action, verdict, refusal, e);
  }

  /** Whether the caller is known, and its policies do not allow the call. */
  public static boolean isNotPermitted(Refusal refusal) {
    return NOT_PERMITTED.contains(refusal.code());
  }

  /** Whether what was asked for is not there, or is nothing that could be. */
  public boolean notThere() {
    return NOT_THERE.contains(refusal.code());
  }
}
