package io.elephant.launcher.launch;

import java.util.Map;

/** What this function wrote into a meeting's row for itself. */
public record Notebook(Map<Role, Page> pages) {

  /** The key under which the notebook says why a launch failed; no role may be called so. */
  public static final String FAILURE = "failure";

  public Notebook {
    pages = Map.copyOf(pages);
  }
}
