package io.elephant.launcher.preflight;

import io.elephant.launcher.failure.Refusal;

/** AWS did not answer a call, so the checks that need its answer stay open. */
public final class NotAnswered extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Why there is no answer. */
  public enum Reason {
    /** The function's role may not make the call. */
    NOT_PERMITTED,
    /** AWS does not accept the credentials, or not in this region. */
    NOT_AUTHENTICATED,
    /** Anything else: no answer, or none that helps. */
    OTHER
  }

  private final String permission;
  private final Reason reason;
  private final Refusal refusal;

  /**
   * @param permission the IAM action that the call needs, such as {@code ec2:DescribeImages}
   */
  public NotAnswered(String permission, Reason reason, Refusal refusal, Throwable cause) {
    super(permission + " failed with " + refusal, cause);
    this.permission = permission;
    this.reason = reason;
    this.refusal = refusal;
  }

  /** The IAM action that the call needs. */
  public String permission() {
    return permission;
  }

  public Reason reason() {
    return reason;
  }

  public Refusal refusal() {
    return refusal;
  }
}
