package io.elephant.launcher.launch;

import io.elephant.launcher.instance.InstanceId;

/** What EventBridge tells of an instance. */
public record Notice(InstanceId instance, Kind kind) {

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
