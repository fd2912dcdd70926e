package io.elephant.launcher.launch;

/**
 * A role's page in the notebook.
 *
 * @param attempt the attempt that counts; only its instance can be recorded
 * @param replaced how many instances of this role died before they were recorded and were replaced,
 *     over all deliveries
 */
public record Page(Attempt attempt, int replaced) {

  /** An instance that dies again and again says that something is wrong with it. */
  static final int MOST_REPLACED = 2;

  boolean mayReplace() {
    return replaced < MOST_REPLACED;
  }
}
