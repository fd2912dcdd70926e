package io.elephant.launcher.failure;

import java.util.Optional;

/** EC2 did not do what it was asked to. */
public final class InstancesFailed extends LaunchFailure {

  private static final long serialVersionUID = 1;

  private final Refusal refusal;

  public InstancesFailed(String action, Refusal refusal, Throwable cause) {
    super("EC2 " + action + " failed with " + refusal, cause);
    this.refusal = refusal;
  }

  public Refusal refusal() {
    return refusal;
  }

  @Override
  public Optional<String> errorCode() {
    return Optional.of(refusal.code());
  }
}
