package io.elephant.launcher.failure;

import java.io.Serializable;

/** What AWS said: the error's code and its message. */
public record Refusal(String code, String message) implements Serializable {

  @Override
  public String toString() {
    return code + ": " + message;
  }
}
