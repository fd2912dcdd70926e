package io.elephant.launcher.aws;

import io.elephant.launcher.preflight.NotAnswered;
import io.elephant.launcher.preflight.NotAnswered.Reason;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The calls of the preflight, which only ask. An exception of the SDK's becomes {@link
 * NotAnswered}.
 */
public final class PreflightCalls {

  private PreflightCalls() {}

  /**
   * The answer.
   *
   * @param permission what the call needs, such as {@code ec2:DescribeImages}
   * @throws NotAnswered if there is none
   */
  public static <T> T ask(String permission, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException e) {
      throw notAnswered(permission, e);
    }
  }

  /** The answer, or nothing where AWS says that there is no such thing. */
  public static <T> Optional<T> find(String permission, Supplier<T> call) {
    try {
      return Optional.of(call.get());
    } catch (SdkException e) {
      if (AwsError.of(e).notThere()) {
        return Optional.empty();
      }
      throw notAnswered(permission, e);
    }
  }

  /** Why a call has no answer. */
  public static NotAnswered notAnswered(String permission, SdkException e) {
    AwsError error = AwsError.of(e);
    Reason reason =
        error.notPermitted()
            ? Reason.NOT_PERMITTED
            : error.notAuthenticated() ? Reason.NOT_AUTHENTICATED : Reason.OTHER;
    return new NotAnswered(permission, reason, error.refusal(), e);
  }
}
