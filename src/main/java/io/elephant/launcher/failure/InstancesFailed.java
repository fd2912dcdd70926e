package io.elephant.launcher.failure;

import java.util.Optional;

/** EC2 did not do what it was asked to. */
public final class InstancesFailed extends LaunchFailure {

  private static final long serialVersionUID = 1;

  private final Refusal refusal;
  private final boolean mayHeal;

  /**
   * @param mayHeal whether a repetition may help: there was no verdict, such as a time-out, an
   *     error of the server's, or throttling
   */
  public InstancesFailed(String action, Refusal refusal, boolean mayHeal, Throwable cause) {
    super("EC2 " + action + " failed with " + refusal, cause);
    this.refusal = refusal;
    this.mayHeal = mayHeal;
  }

  public Refusal refusal() {
    return refusal;
  }

  public boolean mayHeal() {
    return mayHeal;
  }

  @Override
  public Optional<String> errorCode() {
    return Optional.of(refusal.code());
  }
}
