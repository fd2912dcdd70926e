package io.elephant.launcher.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Failed;
import io.elephant.launcher.local.InvocationResult.Lost;
import java.io.Console;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a person wants to see of a launch, for a terminal of a hundred columns. */
final class Report {

  private static final int WIDTH = 100;
  private static final String BOLD = "1";
  private static final String RED = "31";
  private static final String GREEN = "32";
  private static final String YELLOW = "33";

  private final PrintStream out;
  private final boolean colours = isTerminal() && System.getenv("NO_COLOR") == null;

  Report(PrintStream out) {
    this.out = out;
  }

  /** Whether a person sees it, and not a file. */
  static boolean isTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  void function(FunctionPackage function, Path event, byte[] input) {
    heading("Function");
    out.println(
        switch (function) {
          case FunctionPackage.Jvm jvm -> "  on Java, from " + fileName(jvm.jar());
          case FunctionPackage.Native executable ->
              "  native, from the bootstrap in " + fileName(executable.zip());
          case FunctionPackage.Script script -> "  " + script.file();
        });
    heading("Event from " + event);
    new String(input, UTF_8).lines().limit(10).forEach(line -> out.println(cut("  " + line)));
  }

  void result(InvocationResult result) {
    switch (result) {
      case Answered(String body) -> {
        heading("Reply");
        pretty(body).lines().forEach(line -> out.println("  " + line));
      }
      case Failed(String type, String message, String _) -> {
        heading("Failure");
        out.println(coloured(RED, "  " + type));
        message.lines().forEach(line -> out.println("  " + line));
      }
      case Lost(String reason) -> {
        heading("No answer");
        out.println(coloured(RED, "  " + reason));
      }
    }
  }

  /** The checks of a preflight, in the words of {@code make preflight}. */
  void checks(String body) {
    for (JsonNode check : json(body).path("checks")) {
      String result = check.path("result").asText();
      String line =
          "  %-8s  %s %s: %s"
              .formatted(
                  result.equals("passed") ? "ok" : result,
                  check.path("check").asText(),
                  check.path("subject").asText(),
                  check.path("detail").asText());
      out.println(result.equals("obstacle") ? coloured(RED, line) : line);
      if (check.has("to_do")) {
        out.println("            " + check.get("to_do").asText());
      }
    }
  }

  void time(Duration coldStart, Duration invocation) {
    heading("Time");
    out.println("  cold start " + millis(coldStart) + ", invocation " + millis(invocation));
  }

  /** The row, one attribute or element of a map to a line, with what has changed marked. */
  void row(String table, Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
    heading("Row in " + table);
    SequencedMap<String, String> old = flat(before);
    SequencedMap<String, String> now = flat(after);
    var names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    int width = names.stream().mapToInt(String::length).max().orElse(0);
    for (String name : names) {
      String was = old.get(name);
      String is = now.get(name);
      String column = pad(name, width) + "  ";
      if (Objects.equals(was, is)) {
        out.println(cut("    " + column + is));
      } else if (was == null) {
        out.println(coloured(GREEN, cut("  + " + column + is)));
      } else if (is == null) {
        out.println(coloured(RED, cut("  - " + column + was)));
      } else {
        out.println(coloured(YELLOW, cut("  ~ " + column + was + " -> " + is)));
      }
    }
  }

  void instances(List<Instance> instances) {
    heading("Instances");
    var lines = new ArrayList<List<String>>();
    lines.add(List.of("id", "role", "zone", "type", "state", "token"));
    instances.forEach(instance ->
        lines.add(
            List.of(
                instance.id(),
                String.valueOf(instance.tag("Role")),
                instance.zone(),
                instance.type(),
                instance.state().toString(),
                String.valueOf(instance.token()))));
    table(lines);
  }

  /** The calls that the function made, with when they came, counted from the delivery. */
  void calls(List<Call> ec2, List<Call> dynamoDb, long delivery) {
    heading("Calls");
    record Line(String service, Call call) {}
    var lines = new ArrayList<List<String>>();
    lines.add(List.of("after", "took", "service", "call", "HTTP"));
    Stream.concat(
            ec2.stream().map(call -> new Line("EC2", call)),
            dynamoDb.stream().map(call -> new Line("DynamoDB", call)))
        .sorted(Comparator.comparing(line -> line.call.startedAfter(delivery)))
        .forEach(line ->
            lines.add(
                List.of(
                    millis(line.call.startedAfter(delivery)),
                    millis(line.call.took()),
                    line.service,
                    described(line.call),
                    Integer.toString(line.call.status()))));
    table(lines);
  }

  void log(List<String> log) {
    heading("The function's log");
    log.forEach(line -> out.println("  " + line));
  }

  void verdict(List<String> faults) {
    out.println();
    if (faults.isEmpty()) {
      out.println(coloured(GREEN, "Both instances run, and the row names them."));
    }
    faults.forEach(fault -> out.println(coloured(RED, fault)));
  }

  private static String described(Call call) {
    String token = call.parameters().get("ClientToken");
    return token == null ? call.action() : call.action() + " " + token;
  }

  /** The attributes as text; those of a map apart, but not those of a map in that map. */
  private static SequencedMap<String, String> flat(Map<String, AttributeValue> row) {
    var flat = new TreeMap<String, String>();
    row.forEach((name, value) -> {
      if (value.hasM()) {
        value.m().forEach((key, element) -> flat.put(name + "." + key, text(element)));
      } else {
        flat.put(name, text(value));
      }
    });
    return flat;
  }

  private static String text(AttributeValue value) {
    return switch (value.type()) {
      case S -> value.s();
      case N -> value.n();
      case BOOL -> value.bool().toString();
      case NUL -> "null";
      case L -> value.l().stream().map(Report::text).collect(joining(", ", "[", "]"));
      case M ->
          new TreeMap<>(value.m())
              .entrySet().stream()
                  .map(entry -> entry.getKey() + ": " + text(entry.getValue()))
                  .collect(joining(", ", "{", "}"));
      default -> value.toString();
    };
  }

  private static String pretty(String body) {
    return json(body).isMissingNode() ? body : json(body).toPrettyString();
  }

  private static JsonNode json(String body) {
    try {
      return new JsonMapper().readTree(body);
    } catch (JsonProcessingException _) {
      return new JsonMapper().missingNode();
    }
  }

  /** The first line holds the columns' headings. */
  private void table(List<List<String>> lines) {
    if (lines.size() == 1) {
      out.println("  none");
      return;
    }
    int columns = lines.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> line : lines) {
      for (int n = 0; n < columns; n++) {
        widths[n] = Math.max(widths[n], line.get(n).length());
      }
    }
    for (List<String> line : lines) {
      var text = new StringBuilder();
      for (int n = 0; n < columns; n++) {
        text.append("  ").append(pad(line.get(n), widths[n]));
      }
      out.println(cut(text.toString().stripTrailing()));
    }
  }

  private void heading(String text) {
    out.println();
    out.println(coloured(BOLD, text));
  }

  private String coloured(String colour, String text) {
    return colours ? "\u001B[" + colour + "m" + text + "\u001B[0m" : text;
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static String cut(String line) {
    return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 3) + "...";
  }

  private static String millis(Duration duration) {
    return duration.toMillis() + " ms";
  }

  private static Path fileName(Path path) {
    return FunctionPackage.TARGET.resolve(path.getFileName().toString());
  }
}
