package io.elephant.launcher.instance;

/**
 * An instance that is to be recorded for a role under an attempt.
 *
 * @param found whether it is not the attempt's own but one that was found running for the role
 */
public record StartedInstance(Role role, Attempt attempt, InstanceId instance, boolean found) {

  /** What the attempt's own token started. */
  public StartedInstance(Role role, Attempt attempt, InstanceId instance) {
    this(role, attempt, instance, false);
  }
}
