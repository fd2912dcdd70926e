package io.elephant.launcher.failure;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A launch that did not come to its end. The invocation fails with it, so that Lambda delivers the
 * event again and it lands in the failure queue in the end.
 */
public abstract sealed class LaunchFailure extends RuntimeException
    permits CredentialsExpired,
        InstancesFailed,
        LaunchIncomplete,
        MeetingNotFound,
        MeetingUnreadable,
        MeetingsFailed,
        NoSubnet,
        NotTerminated,
        OutOfTime {

  private static final long serialVersionUID = 1;

  LaunchFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  LaunchFailure(String message) {
    this(message, null);
  }

  /** The code of the call that failed, where it was a call. */
  public Optional<String> errorCode() {
    return Optional.empty();
  }

  /** What went wrong, in a word: the code where there is one, the failure's own name elsewhere. */
  public final String reason() {
    return errorCode().orElse(getClass().getSimpleName());
  }
}
