package io.elephant.launcher.failure;

/** DynamoDB refuses, and would refuse a repetition too. */
public final class MeetingsRefused extends MeetingsFailed {

  private static final long serialVersionUID = 1;

  public MeetingsRefused(String action, Refusal refusal, Throwable cause) {
    super(action, refusal, cause);
  }
}
