package io.elephant.launcher.aws;

import io.elephant.launcher.failure.Refusal;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What the SDK threw, in the launcher's terms. */
public record AwsError(Meaning meaning, Refusal refusal) {

  private static final int UNAUTHORIZED = 401;

  /** An answer of the service's; or none, or nobody's verdict, and then anything may be. */
  public static AwsError of(SdkException e) {
    if (!(e instanceof AwsServiceException answer)) {
      return new AwsError(Meaning.UNCLEAR, new Refusal("NoAnswer", String.valueOf(e.getMessage())));
    }
    Optional<AwsErrorDetails> details = Optional.ofNullable(answer.awsErrorDetails());
    int status = answer.statusCode();
    Optional<String> code = details.map(AwsErrorDetails::errorCode);
    if (code.isPresent()) {
      String message = details.map(AwsErrorDetails::errorMessage).orElse("no message");
      return new AwsError(ErrorCodes.meaning(answer), new Refusal(code.get(), message));
    }
    // The JDK withholds the body of a 401 that answers a streamed request: EC2's, or a proxy's.
    return new AwsError(
        Meaning.UNCLEAR,
        status == UNAUTHORIZED
            ? new Refusal(
                "AuthFailure",
                "HTTP 401: AWS does not accept the credentials, or not for this service and"
                    + " region")
            : new Refusal("HTTP " + status, "no answer of AWS's"));
  }

  /** Whether the same call may do better: there was no verdict, or only one for now. */
  public boolean mayHeal() {
    return switch (meaning) {
      case UNCLEAR, THROTTLED, NOT_YET -> true;
      case NO_CAPACITY,
          OVER_QUOTA,
          DEAD,
          OTHER_REQUEST,
          CANDIDATE_REFUSED,
          REQUEST_REFUSED,
          EXPIRED ->
          false;
    };
  }

  /** Whether the credentials of this process have expired; only another process has others. */
  public boolean credentialsExpired() {
    return meaning == Meaning.EXPIRED;
  }

  /** Whether the caller is known and may not do it. */
  public boolean notPermitted() {
    return ErrorCodes.NOT_PERMITTED.contains(refusal.code());
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
