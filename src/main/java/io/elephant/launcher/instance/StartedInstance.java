package io.elephant.launcher.instance;

import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.Role;

/** An instance that an attempt started for a role. */
public record StartedInstance(Role role, Attempt attempt, InstanceId instance) {}
