package io.elephant.launcher.launch;

/** A zone's default subnet. */
public record Subnet(String id, Zone zone) {}
