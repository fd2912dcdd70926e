package io.elephant.launcher.config;

import java.util.List;

/** The environment variables are not those of a function that can launch anything. */
public final class BadConfiguration extends RuntimeException {

  private static final long serialVersionUID = 1;

  BadConfiguration(List<String> problems) {
    super("The function's configuration is wrong: " + String.join("; ", problems));
  }
}
