package io.elephant.launcher.failure;

/** DynamoDB may or may not have done what it was asked to; the row knows. */
public final class MeetingsUnclear extends MeetingsFailed {

  private static final long serialVersionUID = 1;

  public MeetingsUnclear(String action, Refusal refusal, Throwable cause) {
    super(action, refusal, cause);
  }
}
