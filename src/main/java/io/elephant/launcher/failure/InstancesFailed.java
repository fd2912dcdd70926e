package io.elephant.launcher.failure;

import java.util.Optional;

/** EC2 did not do what it was asked to. */
public final class InstancesFailed extends LaunchFailure {

  private static final long serialVersionUID = 1;

  private final Refusal refusal;
  private final Remedy remedy;

  /** What the caller can do about it. */
  public enum Remedy {
    /** Nothing: EC2 refuses it. */
    NONE,
    /** The same call again: there was no verdict, such as a time-out or a server's error. */
    AGAIN,
    /** The same call again, at the rate that EC2 allows. */
    SLOWER
  }

  public InstancesFailed(String action, Refusal refusal, Remedy remedy, Throwable cause) {
    super("EC2 " + action + " failed with " + refusal, cause);
    this.refusal = refusal;
    this.remedy = remedy;
  }

  public Refusal refusal() {
    return refusal;
  }

  public Remedy remedy() {
    return remedy;
  }

  @Override
  public Optional<String> errorCode() {
    return Optional.of(refusal.code());
  }
}
