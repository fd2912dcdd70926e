package io.elephant.launcher.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.local.InvocationResult.Answered;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/**
 * What {@code make drill} runs: the packaged function meets a planted fault, its event ends in the
 * failure queue, and a person finds out why and has the meeting launched, in the words of the
 * runbook. Ends with 0 only if both instances run, once each, and the row names them.
 */
public final class Drill implements AutoCloseable {

  /** The function gives up with fifteen seconds left: so much less than Lambda's limit. */
  private static final Duration TIMEOUT = Duration.ofSeconds(19);

  private static final List<String> FAULTS = List.of("capacity", "table", "image", "key");
  private static final int TRIES = 3;
  private static final int FALL_BACKS_PER_QUARTER_HOUR = 10;
  private static final Refusal OF_THE_KEY =
      new Refusal("Client.InvalidKMSKey.InvalidState", "The key is in an incorrect state");
  private static final String HELP =
      """
      alarms, metrics, logs, why, row, preflight, dry-run, redrive: as the runbook has them.
      set VARIABLE=value: change terraform.tfvars, and 'make deploy'. enable-key: the volumes' one.
      create-table: an empty one, as 'make deploy' does. restore-table: DynamoDB's backup, with rows.
      book: write the meeting's row anew. launch: send the meeting's event. quit: enough.\
      """;

  private final LocalAws aws = LocalAws.startUnrecorded();
  private final Map<String, String> variables = aws.environment();
  private final Path log = Files.createTempFile("drill", ".log");
  private final String meeting = Run.meetingToLaunch();
  private final String event = "{\"meeting_id\": \"%s\"}".formatted(meeting);
  private final FunctionPackage function;
  private final PrintStream out;
  private final Map<String, AttributeValue> backup;
  private FunctionProcess process;
  private Optional<String> queued = Optional.empty();
  private int failures;
  private boolean keyIsDisabled;

  private Drill(FunctionPackage function, String fault, PrintStream out) throws IOException {
    this.function = function;
    this.out = out;
    book();
    this.backup = aws.row(meeting);
    plant(fault);
    this.process = FunctionProcess.start(function, variables, TIMEOUT, Optional.of(log));
    out.println("The meeting begins in five minutes, and its event has come.");
    deliver(event);
    if (fault.equals("key")) {
      // EC2 tells of each death; two instances are replaced, and then it stays dead.
      for (int death = 1; death <= 3; death++) {
        out.printf("%nEC2 tells of the end of the teacher's instance number %d.%n", death);
        deliver(
            "{\"source\": \"aws.ec2\", \"detail-type\": \"EC2 Instance State-change Notification\","
                + " \"detail\": {\"instance-id\": \"%s\", \"state\": \"terminated\"}}"
                    .formatted(aws.row(meeting).get("teacher_ec2_id").s()));
      }
    }
  }

  private void plant(String fault) {
    Script.Sentence launches = aws.ec2().on("RunInstances");
    switch (fault) {
      case "capacity" ->
          launches
              .where(Ec2StandIn.ofType("t3.large").and(aws.ec2().inZone("us-west-2d").negate()))
              .refuse("InsufficientInstanceCapacity");
      case "table" -> aws.dynamoDb().deleteTable(LocalAws.TABLE);
      case "image" -> variables.put("AMI_ID", "ami-0dead0dead0dead00");
      case "key" -> keyIsDisabled = true;
      default -> throw new IllegalArgumentException(fault);
    }
  }

  /**
   * Plants a fault and reads what to do about it.
   *
   * @param arguments {@code jvm} or {@code native}, and the fault
   */
  public static void main(String[] arguments) throws IOException {
    if (!FAULTS.contains(arguments[1])) {
      System.err.println("Which fault? 'make drill FAULT=…': " + FAULTS);
      System.exit(2);
    }
    System.out.println("Starting AWS on this machine and the function ...");
    var words = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    FunctionPackage function = FunctionPackage.called(arguments[0]);
    System.exit(run(function, arguments[1], words, System.out) ? 0 : 1);
  }

  /** Plays one drill with what a person types, and says whether the meeting is launched. */
  public static boolean run(
      FunctionPackage function, String fault, BufferedReader words, PrintStream out)
      throws IOException {
    try (var drill = new Drill(function, fault, out)) {
      drill.alarms();
      out.println("\nFind out why, and have the meeting launched. 'help' lists the words.");
      for (String line = drill.ask(words); !line.equals("quit"); line = drill.ask(words)) {
        try {
          drill.obey(line);
        } catch (DynamoDbException e) {
          out.println(e.getMessage());
        }
      }
      return Run.verdict(drill.aws, drill.meeting, out);
    }
  }

  private String ask(BufferedReader words) throws IOException {
    out.print("\n> ");
    String line = Optional.ofNullable(words.readLine()).orElse("quit");
    out.println(line);
    return line;
  }

  private void obey(String line) {
    var report = new Report(out);
    switch (line) {
      case "alarms" -> alarms();
      case "why" -> why();
      case "logs" -> report.lines(process.log());
      case "metrics" ->
          MetricCounts.of(process.log())
              .sums()
              .forEach((metric, sum) -> out.printf("  %8d  %s%n", sum, metric));
      case "row" -> report.row(aws.row(meeting), aws.row(meeting));
      case "preflight" -> report.result(invoke("{\"action\": \"preflight\"}"));
      case "dry-run" -> report.result(invoke(event.replace("}", ", \"dry_run\": true}")));
      case "redrive" -> queued.ifPresentOrElse(this::deliver, () -> out.println("It is empty."));
      case "create-table" -> aws.dynamoDb().createMeetings(LocalAws.TABLE);
      case "restore-table" -> {
        aws.dynamoDb().createMeetings(LocalAws.TABLE);
        aws.dynamoDb().put(LocalAws.TABLE, backup);
      }
      case "enable-key" -> keyIsDisabled = false;
      case "launch" -> report.result(invoke(event));
      case "book" -> book();
      case String set when set.matches("set [A-Z_]+=.*") -> {
        variables.put(set.split("[ =]")[1], set.split("=", 2)[1]);
        restart();
      }
      default -> out.println(HELP);
    }
  }

  /** As if a person had taken a minute to get here. */
  private void book() {
    aws.ec2().age(Duration.ofMinutes(1));
    aws.book(meeting, Instant.now().plus(Duration.ofMinutes(5)));
  }

  private void alarms() {
    MetricCounts counts = MetricCounts.of(process.log());
    var ringing = new ArrayList<String>();
    ringing.add(counts.sum("LaunchFailed") > 0 ? "launch-failed" : "");
    ringing.add(counts.sum("MachineMissing") > 0 ? "machine-lost" : "");
    ringing.add(counts.sum("FellBack") > FALL_BACKS_PER_QUARTER_HOUR ? "fall-backs" : "");
    ringing.add(failures > 0 ? "errors" : "");
    ringing.add(queued.isPresent() ? "failures" : "");
    ringing.removeIf(String::isEmpty);
    ringing.forEach(alarm -> out.println("  ALARM  elephant-launch-ec2-" + alarm));
  }

  private void why() {
    try {
      var why = new ProcessBuilder("python3", "terraform/why.py", "-", "30");
      Process process = why.redirectErrorStream(true).redirectInput(log.toFile()).start();
      process.inputReader(UTF_8).lines().forEach(out::println);
    } catch (IOException e) {
      out.println("This needs Python 3.8 or newer; 'logs' needs nothing. " + e.getMessage());
    }
  }

  /** Delivers an event as Lambda does one that nobody waits for, but at once each time. */
  private void deliver(String sent) {
    queued = Optional.of(sent);
    for (int number = 1; number <= TRIES && queued.isPresent(); number++) {
      InvocationResult result = invoke(sent);
      out.printf("  try %d: %s%n", number, result);
      if (result instanceof Answered) {
        queued = Optional.empty();
      } else {
        failures++;
      }
    }
  }

  private InvocationResult invoke(String sent) {
    if (!process.isAlive()) {
      restart();
    }
    InvocationResult result = process.invoke(sent);
    if (keyIsDisabled) {
      // EC2 takes some seconds to find out that it may not use the key of the disk.
      aws.ec2().live("teacher").forEach(one -> aws.ec2().terminate(one.id(), OF_THE_KEY));
    }
    return result;
  }

  private void restart() {
    process.close();
    process = FunctionProcess.start(function, variables, TIMEOUT, Optional.of(log));
  }

  @Override
  public void close() {
    process.close();
    aws.close();
  }
}
