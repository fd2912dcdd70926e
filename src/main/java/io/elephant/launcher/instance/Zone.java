package io.elephant.launcher.instance;

/** An availability zone by name, such as {@code us-west-2a}. */
public record Zone(String name) {

  @Override
  public String toString() {
    return name;
  }
}
