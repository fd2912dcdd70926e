package io.elephant.launcher.launch;

import java.time.Instant;

/** A live instance that says of itself, by its tags, for whom this stack started it. */
public record TaggedInstance(InstanceId id, MeetingId meeting, Role role, Instant launched) {}
