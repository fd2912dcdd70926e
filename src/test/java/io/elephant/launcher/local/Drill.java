package io.elephant.launcher.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/**
 * What {@code make drill} runs: the packaged function meets a planted fault, its event ends in the
 * failure queue, and a person finds out why and has the meeting launched. Ends with 0 only if both
 * instances run, once each, and the row names them.
 */
public final class Drill {

  private static final Duration UNTIL_THE_MEETING = Duration.ofMinutes(5);

  private Drill() {}

  /**
   * Plants a fault and reads what to do about it.
   *
   * @param arguments {@code jvm} or {@code native}, and the fault
   */
  public static void main(String[] arguments) throws IOException {
    String name = arguments.length > 1 ? arguments[1] : "";
    Optional<PlantedFault> fault = PlantedFault.of(name);
    if (fault.isEmpty()) {
      System.err.printf(
          "Which fault? 'make drill FAULT=%s'%n",
          String.join("|", Arrays.stream(PlantedFault.values()).map(PlantedFault::word).toList()));
      System.exit(2);
    }
    FunctionPackage function =
        arguments[0].equals("jvm") ? FunctionPackage.jvm() : FunctionPackage.nativeExecutable();
    var words = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.exit(run(function, fault.get(), words, System.out) ? 0 : 1);
  }

  /**
   * Plays one drill.
   *
   * @param words what the person types, a line each
   * @return whether the meeting is launched
   */
  public static boolean run(
      FunctionPackage function, PlantedFault fault, BufferedReader words, PrintStream out)
      throws IOException {
    String meeting = Run.meetingToLaunch();
    try (LocalAws aws = LocalAws.startUnrecorded()) {
      aws.book(meeting, Instant.now().plus(UNTIL_THE_MEETING));
      Map<String, AttributeValue> backup = aws.row(meeting);
      var variables = aws.environment();
      fault.plant(aws, variables);
      try (var deployment = new Deployment(function, variables)) {
        out.printf("The meeting %s begins in five minutes, and its event has come.%n", meeting);
        var queue = new FailureQueue(deployment, out);
        queue.deliver("{\"meeting_id\": \"%s\"}".formatted(meeting));
        fault.goOn(aws, queue, meeting);
        new DrillPrompt(aws, backup, deployment, queue, meeting, out).answer(words);
        List<String> faults = Run.faults(aws.ec2().live(), row(aws, meeting));
        new Report(out).verdict(faults);
        return faults.isEmpty();
      }
    }
  }

  private static Map<String, AttributeValue> row(LocalAws aws, String meeting) {
    try {
      return aws.row(meeting);
    } catch (ResourceNotFoundException _) {
      return Map.of();
    }
  }
}
