package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.FoundInstance;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
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
final class Words {

  private Words() {}

  static String of(Object value) {
    return switch (value) {
      case Optional<?> maybe -> maybe.map(Words::of).orElse("nothing");
      case Meeting row -> row(row);
      case RunResult.Started(var instance) -> "started " + instance;
      case RunResult.NotStarted other ->
          other.getClass().getSimpleName() + " (" + other.refusal().code() + ")";
      case Subnet subnet -> subnet.id();
      case Attempt attempt -> attempt(attempt);
      case TaggedInstance instance -> instance.id().toString();
      case FoundInstance found -> found.getClass().getSimpleName();
      case Termination termination -> termination.getClass().getSimpleName();
      case WriteResult.Written(Meeting row) -> row(row);
      case WriteResult.NotWritten(Optional<Meeting> row) -> "not written to " + of(row);
      case LaunchState state -> state(state);
      case StartedInstance started -> started.role() + "=" + started.instance();
      case Collection<?> many ->
          many.stream().map(Words::of).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> entry.getKey() + ": " + of(entry.getValue()))
              .sorted()
              .collect(Collectors.joining(", ", "{", "}"));
      default -> value.toString();
    };
  }

  private static String attempt(Attempt attempt) {
    Candidate candidate = attempt.request().candidate();
    return attempt.token()
        + " in "
        + candidate.subnet().zone()
        + " of "
        + attempt.request().imageId()
        + " "
        + candidate.instanceType();
  }

  private static String state(LaunchState state) {
    return "attempt "
        + state.attempt().number()
        + " "
        + attempt(state.attempt())
        + " replaced "
        + state.replaced()
        + state.recorded().map(instance -> " recorded " + instance).orElse("");
  }

  private static String row(Meeting row) {
    Map<String, String> roles = new TreeMap<>();
    Map<Role, LaunchState> states = row.launchRecord().map(LaunchRecord::states).orElse(Map.of());
    states.forEach((role, state) -> roles.put(role.value(), state(state)));
    row.instances()
        .forEach((role, instance) ->
            roles.merge(role.value(), "recorded " + instance, (one, other) -> one + ", " + other));
    return row.status().map(Status::value).orElse("no status")
        + (row.launchRecord().isPresent() ? " " : " no launch record ")
        + (row.copied().isPresent() ? "copied " : "")
        + roles;
  }
}
