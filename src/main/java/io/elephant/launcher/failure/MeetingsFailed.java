package io.elephant.launcher.failure;

import java.util.Optional;

/** DynamoDB did not do what it was asked to, or did not say whether it did. */
public abstract sealed class MeetingsFailed extends LaunchFailure
    permits MeetingsRefused, MeetingsUnclear {

  private static final long serialVersionUID = 1;

  private final Refusal refusal;

  MeetingsFailed(String action, Refusal refusal, Throwable cause) {
    super("DynamoDB " + action + " failed with " + refusal, cause);
    this.refusal = refusal;
  }

  @Override
  public Optional<String> errorCode() {
    return Optional.of(refusal.code());
  }
}
