package io.elephant.launcher.failure;

import java.util.Optional;

/**
 * The credentials of this process are no longer accepted. A process of Lambda's never gets new
 * ones, so it must end.
 */
public final class CredentialsExpired extends LaunchFailure {

  private static final long serialVersionUID = 1;

  private final Refusal refusal;

  public CredentialsExpired(String action, Refusal refusal, Throwable cause) {
    super(action + " failed with " + refusal, cause);
    this.refusal = refusal;
  }

  @Override
  public Optional<String> errorCode() {
    return Optional.of(refusal.code());
  }
}
