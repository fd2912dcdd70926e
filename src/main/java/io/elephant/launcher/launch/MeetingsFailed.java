package io.elephant.launcher.launch;

/** DynamoDB did not do what it was asked to, or did not say whether it did. */
public abstract sealed class MeetingsFailed extends LaunchFailure
    permits MeetingsRefused, MeetingsUnclear {

  private static final long serialVersionUID = 1;

  MeetingsFailed(String action, Refusal refusal, Throwable cause) {
    super("DynamoDB " + action + " failed with " + refusal, cause);
  }
}
