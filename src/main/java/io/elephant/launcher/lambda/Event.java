package io.elephant.launcher.lambda;

import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.launch.Notice;

/** What the function can be asked to do. */
sealed interface Event {

  /** Launch a meeting: {@code {"meeting_id": "…"}}. */
  record LaunchMeeting(MeetingId meeting) implements Event {}

  /** Say what launching a meeting would do: {@code {"meeting_id": "…", "dry_run": true}}. */
  record DryRunLaunch(MeetingId meeting) implements Event {}

  /** Find stray instances: {@code {"action": "sweep"}}. */
  record SweepStrays() implements Event {}

  /** Do something about an instance that ends or stops: an event of EC2's, through EventBridge. */
  record RecoverInstance(Notice notice) implements Event {}

  /** Check everything that a launch needs: {@code {"action": "preflight"}}. */
  record RunPreflight() implements Event {}
}
