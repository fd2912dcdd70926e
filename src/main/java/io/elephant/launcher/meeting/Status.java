package io.elephant.launcher.meeting;

import java.util.Set;

/**
 * Where a meeting stands, as its row says it: one of the words of its life, which other functions
 * write too.
 */
public record Status(String value) {

  private static final Set<String> WORDS =
      Set.of(
          "SCHEDULED",
          "LAUNCHED",
          "LAUNCH_FAILED",
          "DNS_WRITTEN",
          "HEALTHY",
          "IN_PROGRESS",
          "TERMINATED",
          "CANCELLED",
          "CANCELED");

  public static final Status SCHEDULED = new Status("SCHEDULED");
  public static final Status LAUNCHED = new Status("LAUNCHED");
  public static final Status LAUNCH_FAILED = new Status("LAUNCH_FAILED");

  /** The statuses from which an instance may be launched and recorded. */
  public static final Set<Status> LAUNCHABLE = Set.of(SCHEDULED, LAUNCH_FAILED, LAUNCHED);

  /** The statuses that become {@link #LAUNCHED} when the last instance is recorded. */
  public static final Set<Status> BEFORE_LAUNCHED = Set.of(SCHEDULED, LAUNCH_FAILED);

  private static final Set<Status> CANCELLED =
      Set.of(new Status("TERMINATED"), new Status("CANCELLED"), new Status("CANCELED"));

  /**
   * @throws IllegalArgumentException for a word that is none of a meeting's life
   */
  public Status {
    if (!WORDS.contains(value)) {
      throw new IllegalArgumentException("\"" + value + "\" is not a status of a meeting");
    }
  }

  public boolean launchable() {
    return LAUNCHABLE.contains(this);
  }

  /** Whether the meeting is over or will not take place, so that nothing may run for it. */
  public boolean cancelled() {
    return CANCELLED.contains(this);
  }

  @Override
  public String toString() {
    return value;
  }
}
