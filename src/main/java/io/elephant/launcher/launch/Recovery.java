package io.elephant.launcher.launch;

/** What is done about an instance that ended although its row counted on it. */
public enum Recovery {
  REPLACE,
  REPORT
}
