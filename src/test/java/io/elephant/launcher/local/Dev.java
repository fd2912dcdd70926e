package io.elephant.launcher.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;

/**
 * What {@code make local-aws} and {@code make dev} run: AWS on this machine, where the dev mode
 * looks for it, with the meeting of {@code events/launch.json} booked; and in front of it a command
 * such as {@code mvn quarkus:dev}, if there is one. Both end together.
 */
public final class Dev {

  /** The ports are in the pom, too, where {@code quarkus:dev} finds them. */
  public static final int FIRST_PORT = 9401;

  private static final Duration LONGER_THAN_A_WORKING_DAY = Duration.ofDays(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Dev() {}

  /**
   * Starts AWS and runs the command until it ends, or waits for Ctrl-C where there is none.
   *
   * @param command the command and its arguments
   */
  public static void main(String[] command) throws IOException, InterruptedException {
    try (LocalAws aws = start()) {
      System.out.printf(
          "EC2 is at %s, DynamoDB at %s, and %s is booked.%n",
          aws.ec2().endpoint(), aws.dynamoDbProxy().endpoint(), Run.meetingToLaunch());
      if (command.length == 0) {
        Thread.currentThread().join();
      }
      Process process = new ProcessBuilder(command).inheritIO().start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
      System.exit(process.waitFor());
    } catch (UncheckedIOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  public static LocalAws start() throws IOException {
    LocalAws aws = LocalAws.startAt(FIRST_PORT);
    aws.book(Run.meetingToLaunch(), Instant.now().plus(LONGER_THAN_A_WORKING_DAY));
    return aws;
  }

  /** Ctrl-C reaches the command, too: wait for it to end in its own way, but not for ever. */
  private static void end(Process process) {
    try {
      if (!process.waitFor(PATIENCE)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
    }
  }
}
