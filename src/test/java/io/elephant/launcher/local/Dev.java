package io.elephant.launcher.local;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * What {@code make dev} runs: AWS on this machine with the meeting of {@code events/launch.json}
 * booked, and in front of it a command that finds its way there through its environment, such as
 * {@code mvn quarkus:dev}. Both end together.
 */
final class Dev {

  private static final Duration LONGER_THAN_A_WORKING_DAY = Duration.ofDays(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private Dev() {}

  /**
   * Starts AWS and runs the command until it ends.
   *
   * @param command the command and its arguments
   */
  public static void main(String[] command) throws IOException, InterruptedException {
    System.exit(run(command));
  }

  private static int run(String[] command) throws IOException, InterruptedException {
    try (LocalAws aws = LocalAws.start()) {
      String meeting = Run.meetingToLaunch();
      aws.book(meeting, Instant.now().plus(LONGER_THAN_A_WORKING_DAY));
      System.out.printf(
          "EC2 is at %s, DynamoDB at %s, and %s is booked. 'make invoke' launches it.%n",
          aws.ec2().endpoint(), aws.dynamoDbProxy().endpoint(), meeting);
      var builder = new ProcessBuilder(command).inheritIO();
      builder.environment().putAll(aws.environment());
      Process process = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(process)));
      return process.waitFor();
    }
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
