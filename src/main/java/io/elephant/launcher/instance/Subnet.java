package io.elephant.launcher.instance;

import io.elephant.launcher.id.Zone;

/** A subnet and the zone that it is in. */
public record Subnet(String id, Zone zone) {}
