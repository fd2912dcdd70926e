package io.elephant.launcher.local;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elephant.launcher.local.InvocationResult.Answered;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What {@code make run} runs: books a meeting that starts in five minutes, delivers an event to the
 * packaged function, and shows what came of it. Ends with 0 only if both instances run and the row
 * names them.
 */
public final class Run {

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
        String input = aboutAnInstance(Files.readString(event), process, aws);
        long delivery = System.nanoTime();
        InvocationResult result = process.invoke(input);
        Duration took = Duration.ofNanos(System.nanoTime() - delivery);

        Map<String, AttributeValue> after = aws.row(meeting);
        var report = new Report(System.out);
        report.heading("%s, %s".formatted(function, event));
        report.lines(input.lines().limit(10).toList());
        report.result(result);
        report.heading(
            "Cold start %d ms, invocation %d ms".formatted(coldStart.toMillis(), took.toMillis()));
        report.row(before, after);
        report.instances(aws.ec2().instances());
        report.calls(
            Stream.of(aws.ec2(), aws.dynamoDbProxy()).flatMap(service -> service.calls().stream()),
            delivery);
        boolean launched = verdict(aws, meeting, System.out) && result instanceof Answered;
        if (!launched) {
          report.heading("The function's log");
          report.lines(process.log());
        }
        return launched;
      }
    }
  }

  /** An event of EC2's is about an instance: the meeting is launched, and its teacher's dies. */
  private static String aboutAnInstance(String event, FunctionProcess process, LocalAws aws)
      throws IOException {
    if (!event.contains(INSTANCE_OF_THE_EVENTS)) {
      return event;
    }
    process.invoke(Files.readString(LAUNCH_EVENT));
    String teacher =
        aws.ec2().live().stream()
            .filter(instance -> "teacher".equals(instance.tag("Role")))
            .map(Instance::id)
            .findFirst()
            .orElse(INSTANCE_OF_THE_EVENTS);
    if (event.contains("State-change")) {
      aws.ec2().terminate(teacher);
    }
    return event.replace(INSTANCE_OF_THE_EVENTS, teacher);
  }

  /** Whether a meeting is launched; says so, or what is missing. */
  static boolean verdict(LocalAws aws, String meeting, PrintStream out) {
    List<String> faults = faults(aws, meeting);
    out.println(faults.isEmpty() ? "\nBoth instances run, and the row names them." : "");
    faults.forEach(out::println);
    return faults.isEmpty();
  }

  /** What is missing for a launched meeting, as sentences. */
  public static List<String> faults(LocalAws aws, String meeting) {
    var faults = new ArrayList<String>();
    for (String role : ROLES) {
      List<String> running =
          aws.ec2().live().stream()
              .filter(instance -> meeting.equals(instance.tag("MeetingID")))
              .filter(instance -> role.equals(instance.tag("Role")))
              .map(Instance::id)
              .toList();
      if (running.isEmpty()) {
        faults.add("No instance runs for the " + role + ".");
      } else if (running.size() > 1) {
        faults.add(running.size() + " instances run for the " + role + ".");
      } else if (!AttributeValue.fromS(running.getFirst())
          .equals(aws.row(meeting).get(role + "_ec2_id"))) {
        faults.add("The row does not name the " + role + "'s instance.");
      }
    }
    return faults;
  }
}
