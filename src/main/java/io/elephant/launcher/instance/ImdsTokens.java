package io.elephant.launcher.instance;

import java.util.Locale;

/** Whether the instance metadata service insists on version 2's session tokens. */
public enum ImdsTokens {
  REQUIRED,
  OPTIONAL;

  /** The setting that a configuration or a row calls so. */
  public static ImdsTokens of(String text) {
    for (ImdsTokens tokens : values()) {
      if (tokens.toString().equals(text)) {
        return tokens;
      }
    }
    throw new IllegalArgumentException("IMDS tokens are required or optional");
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
