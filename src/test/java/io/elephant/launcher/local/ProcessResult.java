package io.elephant.launcher.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;

/** How a program has ended, and what it said on either stream. */
public record ProcessResult(int status, String output) {

  /** Runs a command in the shell. */
  public static ProcessResult of(String command) throws InterruptedException {
    return of(new ProcessBuilder("sh", "-c", command), "");
  }

  /** Runs a program that is given this on its standard input. */
  public static ProcessResult of(ProcessBuilder program, String input) throws InterruptedException {
    try {
      Process process = program.redirectErrorStream(true).start();
      try (Writer writer = process.outputWriter(UTF_8)) {
        writer.write(input);
      }
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new ProcessResult(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
