package io.elephant.launcher.aws;

import io.elephant.launcher.failure.Refusal;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What the SDK threw, in the launcher's terms. */
public record AwsError(Meaning meaning, Refusal refusal) {

  private static final int UNAUTHORIZED = 401;

  /** An answer of the service's; or none, or none that can be read, and then anything may be. */
  public static AwsError of(SdkException e) {
    if (e instanceof AwsServiceException answer) {
      Optional<AwsErrorDetails> details = Optional.ofNullable(answer.awsErrorDetails());
      int status = answer.statusCode();
      Optional<String> read = details.map(AwsErrorDetails::errorCode);
      if (status == UNAUTHORIZED && read.isEmpty()) {
        // The JDK withholds the body of a 401 that answers a streamed request. EC2 alone sends one.
        return new AwsError(
            Meaning.REFUSED,
            new Refusal(
                "AuthFailure",
                "HTTP 401: AWS does not accept the credentials, or not for this service and"
                    + " region"));
      }
      String code = read.orElse("HTTP " + status);
      String message = details.map(AwsErrorDetails::errorMessage).orElse("no message");
      return new AwsError(ErrorCodes.meaning(code, status), new Refusal(code, message));
    }
    return new AwsError(Meaning.UNCLEAR, new Refusal("NoAnswer", String.valueOf(e.getMessage())));
  }

  /** The exception for an error that the SDK has not read. */
  public static AwsServiceException exception(int status, String code, String message) {
    return AwsServiceException.builder()
        .statusCode(status)
        .message(code + ": " + message)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage(message).build())
        .build();
  }

  /** Whether the credentials were accepted once and have expired. */
  public boolean credentialsExpired() {
    return refusal.code().equals("ExpiredToken") || refusal.code().equals("ExpiredTokenException");
  }

  /** Whether the caller is known and may not do it. */
  public boolean notPermitted() {
    return ErrorCodes.NOT_PERMITTED.contains(refusal.code());
  }

  /** Whether the credentials are not accepted, or not in this region. */
  public boolean notAuthenticated() {
    return ErrorCodes.NOT_AUTHENTICATED.contains(refusal.code());
  }

  /** Whether what was asked for is not there, or is nothing that could be. */
  public boolean notThere() {
    return ErrorCodes.NOT_THERE.contains(refusal.code());
  }

  /** Whether it would have been done, had it not been a dry run. */
  public boolean dryRunSucceeded() {
    return refusal.code().equals(ErrorCodes.DRY_RUN_SUCCEEDED);
  }
}
