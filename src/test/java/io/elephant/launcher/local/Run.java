package io.elephant.launcher.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

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
 * packaged function, and shows what came of it. Ends with 0 only if the function answers, and if
 * both instances run and the row names them, where its answer has instances.
 */
public final class Run {

  /** The event that is delivered unless another one is named, and whose meeting is booked. */
  private static final Path LAUNCH_EVENT = Path.of("events", "launch.json");

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
    System.out.println("Starting EC2 and DynamoDB on this machine ...");
    try (LocalAws aws = LocalAws.start()) {
      aws.book(meetingToLaunch(), Instant.now().plus(Duration.ofMinutes(5)));
      System.out.println("Starting the function ...");
      FunctionPackage function = FunctionPackage.called(arguments[0]);
      try (var process = FunctionProcess.start(function, aws.environment())) {
        System.out.printf("%s has started in %d ms.%n", function, process.awaitReady().toMillis());
        System.exit(deliver(Path.of(arguments[1]), process, aws, System.out) ? 0 : 1);
      }
    }
  }

  static String meetingToLaunch() throws IOException {
    return new JsonMapper().readTree(LAUNCH_EVENT.toFile()).required("meeting_id").asText();
  }

  /** Delivers the event of a file, shows what came of it, and says whether that is in order. */
  public static boolean deliver(Path event, FunctionProcess process, LocalAws aws, PrintStream out)
      throws IOException {
    String meeting = meetingToLaunch();
    Map<String, AttributeValue> before = aws.row(meeting);
    // As Latin-1, any byte is a character.
    String input = aboutAnInstance(Files.readString(event, ISO_8859_1), process, aws);
    long delivery = System.nanoTime();
    InvocationResult result = process.deliver(input.getBytes(ISO_8859_1)).join();
    Duration took = Duration.ofNanos(System.nanoTime() - delivery);

    var report = new Report(out);
    report.heading(event.toString());
    report.lines(Files.readString(event, ISO_8859_1).lines().limit(10).toList());
    report.result(result);
    report.heading("It took %d ms".formatted(took.toMillis()));
    report.row(before, aws.row(meeting));
    report.instances(aws.ec2().instances());
    report.calls(
        Stream.of(aws.ec2(), aws.dynamoDbProxy()).flatMap(service -> service.calls().stream()),
        delivery);
    boolean inOrder =
        result instanceof Answered(String reply)
            && (!hasInstances(reply) || verdict(aws, meeting, out));
    if (!inOrder) {
      report.heading("The function's log");
      report.lines(process.log());
    }
    return inOrder;
  }

  /** A dry run, a sweep and a preflight start none, and neither does what is not needed. */
  private static boolean hasInstances(String reply) throws IOException {
    return !new JsonMapper().readTree(reply).path("instances").isEmpty();
  }

  /** An event of EC2's is about an instance: the meeting is launched, and its teacher's dies. */
  private static String aboutAnInstance(String event, FunctionProcess process, LocalAws aws)
      throws IOException {
    if (!event.contains(INSTANCE_OF_THE_EVENTS)) {
      return event;
    }
    process.invoke(Files.readString(LAUNCH_EVENT));
    String teacher = aws.row(meetingToLaunch()).get("teacher_ec2_id").s();
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

  public static List<String> faults(LocalAws aws, String meeting) {
    var faults = new ArrayList<String>();
    for (String role : ROLES) {
      List<String> running =
          aws.ec2().live(role).stream()
              .filter(instance -> meeting.equals(instance.tag("MeetingID")))
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
