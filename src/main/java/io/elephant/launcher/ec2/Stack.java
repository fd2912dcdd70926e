package io.elephant.launcher.ec2;

/** Whose machines these are: the values of the tags that every machine of this stack carries. */
public record Stack(String name, String project) {}
