package io.elephant.launcher.launch;

/** An instance that an attempt started for a role. */
public record Machine(Role role, Attempt attempt, InstanceId instance) {}
