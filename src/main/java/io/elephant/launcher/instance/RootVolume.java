package io.elephant.launcher.instance;

/** The disk that a machine boots from, which goes when the machine goes. */
public record RootVolume(String deviceName, int sizeGib, String type, boolean encrypted) {}
