package io.elephant.launcher.aws;

/** Whose instances these are: the values of the tags that every instance of this stack carries. */
public record Stack(String name, String project) {}
