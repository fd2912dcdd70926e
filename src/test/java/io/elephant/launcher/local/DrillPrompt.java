package io.elephant.launcher.local;

import io.elephant.launcher.config.Variable;
import io.elephant.launcher.local.InvocationResult.Answered;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** What a person can look at and do in a {@link Drill}, in the words of the runbook. */
final class DrillPrompt {

  /** The stack's name, and the beginning of the names of its alarms. */
  private static final String STACK = "elephant-launch-ec2";

  private static final long FALL_BACKS_PER_QUARTER_HOUR = 10;
  private static final String SLOW_LAUNCH_SECONDS = "30";

  private static final Set<String> VARIABLES =
      Arrays.stream(Variable.values())
          .filter(variable -> !variable.isOfSdk())
          .map(Variable::name)
          .collect(Collectors.toCollection(TreeSet::new));

  private final SequencedMap<String, Runnable> words = new LinkedHashMap<>();
  private final Map<String, String> meanings = new LinkedHashMap<>();
  private final LocalAws aws;
  private final Deployment deployment;
  private final FailureQueue queue;
  private final String meeting;
  private final PrintStream out;
  private final Report report;

  DrillPrompt(
      LocalAws aws,
      Map<String, AttributeValue> backup,
      Deployment deployment,
      FailureQueue queue,
      String meeting,
      PrintStream out) {
    this.aws = aws;
    this.deployment = deployment;
    this.queue = queue;
    this.meeting = meeting;
    this.out = out;
    this.report = new Report(out);
    word("alarms", "which of the stack's alarms ring", this::alarms);
    word("why", "why launches failed, as 'make why' says it", this::why);
    word("logs", "the function's log, as 'make logs' shows it", () -> report.log(deployment.log()));
    word("metrics", "what the function has counted", this::metrics);
    word("row", "the meeting's row in the table", this::row);
    word("preflight", "every obstacle to a launch, as 'make preflight' finds it", this::preflight);
    word("dry-run", "what would be launched, as 'make dry-run' says it", this::dryRun);
    word("redrive", "send the queued event again, as 'make redrive' does", queue::redrive);
    word("create-table", "what 'make deploy' does where the table is gone", this::createTable);
    word("restore-table", "DynamoDB's own backup of it: the rows too", () -> restore(backup));
    word("enable-key", "enable the key that encrypts the volumes", this::enableKey);
    word("launch", "send the meeting's event, as its schedule did", this::launch);
    word("book", "write the meeting's row once more, as booking it does", this::book);
  }

  private void word(String word, String meaning, Runnable action) {
    words.put(word, action);
    meanings.put(word, meaning);
  }

  /** Does what it is told, line by line, until there are no more or the person has enough. */
  void answer(BufferedReader lines) throws IOException {
    alarms();
    out.println("\nFind out why, and have the meeting launched. 'help' lists the words.");
    boolean typed = Report.isTerminal();
    while (true) {
      out.print("\n> ");
      out.flush();
      String line = lines.readLine();
      if (line == null || line.strip().equals("quit")) {
        out.println();
        return;
      }
      if (!typed) {
        out.println(line);
      }
      obey(line.strip());
    }
  }

  private void obey(String line) {
    if (line.startsWith("set ")) {
      set(line.substring("set ".length()));
    } else if (words.containsKey(line)) {
      try {
        words.get(line).run();
      } catch (DynamoDbException e) {
        out.println(e.awsErrorDetails().errorCode() + ": " + e.awsErrorDetails().errorMessage());
      }
    } else if (!line.isEmpty()) {
      help();
    }
  }

  private void help() {
    meanings.forEach((word, meaning) -> out.printf("  %-22s %s%n", word, meaning));
    out.printf("  %-22s %s%n", "set VARIABLE=value", "change terraform.tfvars, and 'make deploy'");
    out.printf("  %-22s %s%n", "quit", "enough");
  }

  private void alarms() {
    MetricCounts counts = MetricCounts.of(deployment.log());
    SequencedMap<String, Boolean> alarms = new LinkedHashMap<>();
    alarms.put("launch-failed", counts.sum("LaunchFailed") > 0);
    alarms.put("machine-lost", counts.sum("MachineMissing") > 0);
    alarms.put("fall-backs", counts.sum("FellBack") > FALL_BACKS_PER_QUARTER_HOUR);
    alarms.put("errors", queue.failures() > 0);
    alarms.put("failures", queue.size() > 0);
    alarms.forEach((alarm, rings) -> {
      if (rings) {
        out.printf("  ALARM  %s-%s%n", STACK, alarm);
      }
    });
  }

  private void why() {
    try {
      Process why =
          new ProcessBuilder("python3", "terraform/why.py", "-", SLOW_LAUNCH_SECONDS)
              .redirectErrorStream(true)
              .start();
      try (var log = why.outputWriter(StandardCharsets.UTF_8)) {
        log.write(String.join("\n", deployment.log()));
      }
      try (BufferedReader said = why.inputReader(StandardCharsets.UTF_8)) {
        said.lines().forEach(out::println);
      }
    } catch (IOException e) {
      out.println("This needs Python 3.8 or newer; 'logs' needs nothing. " + e.getMessage());
    }
  }

  private void metrics() {
    MetricCounts.of(deployment.log())
        .sums()
        .forEach((metric, sum) -> out.printf("  %8d  %s%n", sum, metric));
  }

  private void row() {
    Map<String, AttributeValue> row = aws.row(meeting);
    report.row(LocalAws.TABLE, row, row);
  }

  private void preflight() {
    InvocationResult result = deployment.invoke("{\"action\": \"preflight\"}");
    if (result instanceof Answered(String body)) {
      report.checks(body);
    } else {
      report.result(result);
    }
  }

  private void dryRun() {
    String event = "{\"meeting_id\": \"%s\", \"dry_run\": true}".formatted(meeting);
    report.result(deployment.invoke(event));
  }

  private void createTable() {
    aws.dynamoDb().createMeetings(LocalAws.TABLE);
    out.println("The table is there again, and empty: 'row', 'book'.");
  }

  /**
   * DynamoDB keeps the rows of a table with point-in-time recovery for 35 days after it was
   * deleted.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html#howitworks-pitr-deleting-table">Deleting
   *     a table with point-in-time recovery enabled</a>
   */
  private void restore(Map<String, AttributeValue> backup) {
    aws.dynamoDb().createMeetings(LocalAws.TABLE);
    aws.dynamoDb().put(LocalAws.TABLE, backup);
    out.println("The table is there again, with the rows that it had.");
  }

  private void enableKey() {
    aws.ec2().script().clear();
    out.println("Volumes can be encrypted again.");
  }

  private void launch() {
    report.result(deployment.invoke("{\"meeting_id\": \"%s\"}".formatted(meeting)));
  }

  /** As if a person had taken a minute to get here. */
  private void book() {
    aws.ec2().age(Duration.ofMinutes(1));
    aws.book(meeting, Instant.now().plus(Duration.ofMinutes(5)));
    out.println("The meeting is booked, to begin in five minutes.");
  }

  private void set(String assignment) {
    String[] parts = assignment.split("=", 2);
    if (parts.length < 2 || !VARIABLES.contains(parts[0])) {
      out.println("The function has these variables: " + String.join(", ", VARIABLES));
      return;
    }
    deployment.set(parts[0], parts[1]);
    out.printf("Deployed with %s=%s%n", parts[0], parts[1]);
  }
}
