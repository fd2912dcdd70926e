package io.elephant.launcher.launch;

/** AWS's own words: the error's code and its message. */
public record Refusal(String code, String message) {

  @Override
  public String toString() {
    return code + ": " + message;
  }
}
