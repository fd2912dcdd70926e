package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.fake.RowWrite;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Recording;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.meeting.WriteResult;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Rows, requests and answers in few words, and in the same words every time. What is said in each
 * of the search's millions of runs is put together without a formatter, which took a tenth of it.
 */
final class Describe {

  private Describe() {}

  static String of(Object value) {
    return switch (value) {
      case Optional<?> maybe -> maybe.map(Describe::of).orElse("nothing");
      case Meeting row -> row(row);
      case RunResult.Answered(Ec2Instance instance) -> "answered " + instance(instance);
      case RunResult.Refused(Verdict verdict, Refusal why) -> verdict + " (" + why.code() + ")";
      case Termination.NotTerminated(Verdict verdict, Refusal why) ->
          verdict + " (" + why.code() + ")";
      case Subnet subnet -> subnet.id();
      case Attempt attempt -> attempt(attempt);
      case Ec2Instance instance -> instance(instance);
      case Termination termination -> termination.getClass().getSimpleName();
      case WriteResult.Written(Meeting row) -> row(row);
      case WriteResult.NotWritten(Optional<Meeting> row) -> "not written to " + of(row);
      case LaunchState state -> state(state);
      case Recording recording -> recording.instance() + (recording.unlooked() ? "?" : "");
      case Collection<?> many ->
          many.stream().map(Describe::of).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> entry.getKey() + ": " + of(entry.getValue()))
              .sorted()
              .collect(Collectors.joining(", ", "{", "}"));
      default -> value.toString();
    };
  }

  private static String instance(Ec2Instance instance) {
    return instance.id()
        + (instance.runs() ? "" : " " + instance.state().getClass().getSimpleName());
  }

  private static String attempt(Attempt attempt) {
    String token = attempt.token().toString();
    String zone = attempt.zone().toString();
    String type = attempt.request().candidate().instanceType();
    return String.join(" ", token, "in", zone, "of", attempt.request().template().imageId(), type);
  }

  private static String state(LaunchState state) {
    String counts = "attempt " + state.attempt().number() + " " + attempt(state.attempt());
    String recorded = state.recorded().map(instance -> " recorded " + instance).orElse("");
    return counts + " replaced " + state.replaced() + recorded;
  }

  private static String row(Meeting row) {
    Map<String, String> roles = new TreeMap<>();
    RowWrite.states(row).forEach((role, state) -> roles.put(role.value(), state(state)));
    row.instances()
        .forEach((role, instance) ->
            roles.merge(role.value(), "recorded " + instance, (one, other) -> one + ", " + other));
    return row.status().map(Status::value).orElse("no status")
        + (row.launchRecord().isPresent() ? " " : " no launch record ")
        + (row.copied().isPresent() ? "copied " : "")
        + roles;
  }
}
