package io.elephant.launcher.failure;

/** DynamoDB may or may not have done what it was asked to; reading the row tells. */
public final class MeetingsUnclear extends MeetingsFailed {

  private static final long serialVersionUID = 1;

  public MeetingsUnclear(String action, Refusal refusal, Throwable cause) {
    super(action, refusal, cause);
  }
}
