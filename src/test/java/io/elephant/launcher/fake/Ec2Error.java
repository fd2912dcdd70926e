package io.elephant.launcher.fake;

/** EC2's error code, and what it says beside it. */
public record Ec2Error(String code, String message) {}
