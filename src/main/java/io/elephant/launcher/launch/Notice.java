package io.elephant.launcher.launch;

import io.elephant.launcher.instance.InstanceId;
import java.time.Instant;
import java.util.Optional;

/**
 * What EventBridge tells of an instance.
 *
 * @param time when that happened, where the event says so
 */
public record Notice(InstanceId instance, Kind kind, Optional<Instant> time) {

  /** What it tells. */
  public enum Kind {
    /** The instance shuts down, or is terminated. */
    ENDED,
    /** The instance stops, or has stopped: EC2 retires its host, or somebody saves its cost. */
    STOPPED,
    /** EC2 takes a spot instance back, in two minutes. */
    INTERRUPTED,
    /** The instance has come to a state that loses nothing. */
    OTHER_STATE
  }
}
