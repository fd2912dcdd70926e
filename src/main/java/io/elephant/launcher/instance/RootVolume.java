package io.elephant.launcher.instance;

/** The EBS volume that an instance boots from. It is deleted on termination. */
public record RootVolume(String deviceName, int sizeGib, String type, boolean encrypted) {}
