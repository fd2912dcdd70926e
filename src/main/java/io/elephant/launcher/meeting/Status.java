package io.elephant.launcher.meeting;

import java.util.Set;

/**
 * Where a meeting stands, as its row says it. Other functions write it too and may add words that
 * this one has never seen; those are not to be launched.
 */
public record Status(String value) {

  public static final Status SCHEDULED = new Status("SCHEDULED");
  public static final Status LAUNCHED = new Status("LAUNCHED");
  public static final Status LAUNCH_FAILED = new Status("LAUNCH_FAILED");
  public static final Status TERMINATED = new Status("TERMINATED");
  public static final Status CANCELLED = new Status("CANCELLED");

  /** The statuses from which a machine may be launched and recorded. */
  public static final Set<Status> LAUNCHABLE = Set.of(SCHEDULED, LAUNCH_FAILED, LAUNCHED);

  /** The statuses that become {@link #LAUNCHED} when the last machine is recorded. */
  public static final Set<Status> BEFORE_LAUNCHED = Set.of(SCHEDULED, LAUNCH_FAILED);

  public boolean launchable() {
    return LAUNCHABLE.contains(this);
  }

  public boolean cancelled() {
    return equals(TERMINATED) || equals(CANCELLED);
  }

  @Override
  public String toString() {
    return value;
  }
}
