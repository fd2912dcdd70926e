package io.elephant.launcher.local;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Failed;
import io.elephant.launcher.local.InvocationResult.Lost;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a person wants to see of a launch. */
record Report(PrintStream out) {

  void heading(String text) {
    out.println("\n" + text);
  }

  void result(InvocationResult result) {
    heading("Reply");
    switch (result) {
      case Answered(String body) -> json(body).toPrettyString().lines().forEach(this::line);
      case Failed(String type, String message, String _) ->
          Stream.concat(Stream.of(type), message.lines()).forEach(this::line);
      case Lost(String reason) -> line(reason);
    }
  }

  /** The row, one attribute or element of a map to a line, with what it was before. */
  void row(Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
    heading("Row in " + LocalAws.TABLE);
    SortedMap<String, String> old = flat(before);
    SortedMap<String, String> now = flat(after);
    var names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      String was = old.getOrDefault(name, "nothing");
      String is = now.getOrDefault(name, "nothing");
      line("%-18s %s".formatted(name, was.equals(is) ? is : was + " -> " + is));
    }
  }

  void instances(List<Instance> instances) {
    heading("Instances");
    instances.forEach(instance ->
        line(
            String.join(
                "  ",
                instance.id(),
                String.valueOf(instance.tag("Role")),
                instance.zone(),
                instance.type(),
                instance.state().word(),
                String.valueOf(instance.token()))));
  }

  /** The calls since the delivery, with when they came, counted from then. */
  void calls(Stream<Call> calls, long delivery) {
    heading("Calls: after how many ms, for how many, and the HTTP status");
    calls
        .filter(call -> !call.startedAfter(delivery).isNegative())
        .sorted(Comparator.comparing(call -> call.startedAfter(delivery)))
        .forEach(call ->
            line(
                "%5d  %5d  %3d  %s %s"
                    .formatted(
                        call.startedAfter(delivery).toMillis(),
                        call.took().toMillis(),
                        call.status(),
                        call.action(),
                        call.parameters().getOrDefault("ClientToken", ""))));
  }

  void lines(List<String> lines) {
    lines.forEach(this::line);
  }

  private void line(String text) {
    out.println("  " + text);
  }

  /** The attributes as text; those of a map apart, but not those of a map in that map. */
  private static SortedMap<String, String> flat(Map<String, AttributeValue> row) {
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
      case L -> value.l().stream().map(Report::text).collect(joining(", ", "[", "]"));
      case M ->
          new TreeMap<>(value.m())
              .entrySet().stream()
                  .map(entry -> entry.getKey() + ": " + text(entry.getValue()))
                  .collect(joining(", ", "{", "}"));
      default -> value.type().toString();
    };
  }

  private static JsonNode json(String body) {
    try {
      return new JsonMapper().readTree(body);
    } catch (JsonProcessingException _) {
      return new JsonMapper().getNodeFactory().textNode(body);
    }
  }
}
