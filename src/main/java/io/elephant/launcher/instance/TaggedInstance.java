package io.elephant.launcher.instance;

import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import java.time.Instant;

/** A live instance that says of itself, by its tags, for whom this stack started it. */
public record TaggedInstance(InstanceId id, MeetingId meeting, Role role, Instant launched) {}
