package io.elephant.launcher.instance;

import java.util.regex.Pattern;

/** The id that EC2 gave an instance, such as {@code i-0123456789abcdef0}. */
public record InstanceId(String value) {

  private static final Pattern PATTERN = Pattern.compile("i-[A-Za-z0-9-]+");

  public InstanceId {
    if (!PATTERN.matcher(value).matches()) {
      throw new IllegalArgumentException("an instance id begins with i-");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
