package io.elephant.launcher.launch;

import java.util.Map;

/** What this function wrote into a meeting's row for itself: each role's latest attempt. */
public record Notebook(Map<Role, Attempt> attempts) {

  public Notebook {
    attempts = Map.copyOf(attempts);
  }
}
