package io.elephant.launcher.instance;

/** A subnet and the zone that it is in. */
public record Subnet(String id, Zone zone) {}
