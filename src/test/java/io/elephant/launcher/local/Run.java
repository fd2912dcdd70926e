package io.elephant.launcher.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Failed;
import io.elephant.launcher.local.InvocationResult.Lost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What {@code make run} runs: books a meeting that starts in five minutes, delivers an event to the
 * packaged function, and shows what came of it. Ends with 0 only if both instances run and the row
 * names them.
 */
final class Run {

  /** The event that is delivered unless another one is named, and whose meeting is booked. */
  static final Path LAUNCH_EVENT = Path.of("events", "launch.json");

  /** The instance that the events of EC2's tell of. */
  private static final String INSTANCE_OF_THE_EVENTS = "i-0123456789abcdef0";

  private static final List<String> ROLES = List.of("teacher", "student");

  private Run() {}

  /**
   * Runs the function once.
   *
   * @param arguments {@code jvm} or {@code native}, and the file of the event
   */
  public static void main(String[] arguments) throws IOException {
    boolean inJava = arguments[0].equals("jvm");
    Path event = arguments.length > 1 ? Path.of(arguments[1]) : LAUNCH_EVENT;
    if (!Files.isReadable(event)) {
      System.err.println("There is no event in " + event);
      System.exit(2);
    }
    boolean launched =
        run(inJava ? FunctionPackage.jvm() : FunctionPackage.nativeExecutable(), event);
    System.exit(launched ? 0 : 1);
  }

  /** The meeting that {@code events/launch.json} launches. */
  static String meetingToLaunch() throws IOException {
    return new JsonMapper().readTree(LAUNCH_EVENT.toFile()).required("meeting_id").asText();
  }

  private static boolean run(FunctionPackage function, Path event) throws IOException {
    String meeting = meetingToLaunch();
    try (LocalAws aws = LocalAws.start()) {
      aws.book(meeting, Instant.now().plus(Duration.ofMinutes(5)));
      Map<String, AttributeValue> before = aws.row(meeting);
      try (var process = FunctionProcess.start(function, aws.environment())) {
        Duration coldStart = process.awaitReady();
        byte[] input = aboutAnInstance(Files.readAllBytes(event), process, aws);
        long delivery = System.nanoTime();
        InvocationResult result = process.deliver(input).join();
        long end = System.nanoTime();

        Map<String, AttributeValue> after = aws.row(meeting);
        List<String> faults = faults(result, aws.ec2().live(), after);
        var report = new Report(System.out);
        report.function(function, event, input);
        report.result(result);
        report.time(coldStart, Duration.ofNanos(end - delivery));
        report.row(LocalAws.TABLE, before, after);
        report.instances(aws.ec2().instances());
        report.calls(aws.ec2().calls(), aws.dynamoDbProxy().calls(), delivery);
        if (!faults.isEmpty()) {
          report.log(process.log());
        }
        report.verdict(faults);
        return faults.isEmpty();
      }
    }
  }

  /** An event of EC2's is about an instance: the meeting is launched, and its teacher's dies. */
  private static byte[] aboutAnInstance(byte[] event, FunctionProcess process, LocalAws aws)
      throws IOException {
    String text = new String(event, UTF_8);
    if (!text.contains(INSTANCE_OF_THE_EVENTS)) {
      return event;
    }
    process.deliver(Files.readAllBytes(LAUNCH_EVENT)).join();
    String teacher =
        aws.ec2().live().stream()
            .filter(instance -> "teacher".equals(instance.tag("Role")))
            .map(Instance::id)
            .findFirst()
            .orElse(INSTANCE_OF_THE_EVENTS);
    if (text.contains("State-change")) {
      aws.ec2().terminate(teacher);
    }
    return text.replace(INSTANCE_OF_THE_EVENTS, teacher).getBytes(UTF_8);
  }

  private static List<String> faults(
      InvocationResult result, List<Instance> live, Map<String, AttributeValue> row) {
    var faults = new ArrayList<String>();
    switch (result) {
      case Answered _ -> {}
      case Failed failed -> faults.add("The function failed: " + failed.errorMessage());
      case Lost lost -> faults.add("The function did not answer: " + lost.reason());
    }
    faults.addAll(faults(live, row));
    return faults;
  }

  /** What is missing for a launched meeting, as sentences. */
  static List<String> faults(List<Instance> live, Map<String, AttributeValue> row) {
    var faults = new ArrayList<String>();
    for (String role : ROLES) {
      List<Instance> instances =
          live.stream().filter(instance -> role.equals(instance.tag("Role"))).toList();
      String recorded = row.getOrDefault(role + "_ec2_id", AttributeValue.fromS("")).s();
      switch (instances.size()) {
        case 0 -> faults.add("No instance runs for the " + role + ".");
        case 1 -> {
          if (!instances.getFirst().id().equals(recorded)) {
            faults.add("The row does not name the " + role + "'s instance.");
          }
        }
        default -> faults.add(instances.size() + " instances run for the " + role + ".");
      }
    }
    return faults;
  }
}
