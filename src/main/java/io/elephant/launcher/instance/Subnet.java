package io.elephant.launcher.instance;

import io.elephant.launcher.id.Zone;

/** A zone's default subnet. */
public record Subnet(String id, Zone zone) {}
