package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.launch.Attempt;
import io.elephant.launcher.launch.Machine;
import io.elephant.launcher.launch.Meeting;
import io.elephant.launcher.launch.Notebook;
import io.elephant.launcher.launch.Page;
import io.elephant.launcher.launch.Role;
import io.elephant.launcher.launch.RunResult;
import io.elephant.launcher.launch.Status;
import io.elephant.launcher.launch.Subnet;
import io.elephant.launcher.launch.TaggedInstance;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Rows, requests and answers in few words, and in the same words every time. */
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
      case TaggedInstance machine -> machine.id().toString();
      case Page page -> page(page);
      case Machine machine -> machine.role() + "=" + machine.instance();
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
    return "%s in %s of %s %s"
        .formatted(
            attempt.token(),
            attempt.request().candidate().subnet().zone(),
            attempt.request().imageId(),
            attempt.request().candidate().instanceType());
  }

  private static String page(Page page) {
    return "attempt %d %s replaced %d%s"
        .formatted(
            page.attempt().number(),
            attempt(page.attempt()),
            page.replaced(),
            page.earlier().isEmpty() ? "" : " amended");
  }

  private static String row(Meeting row) {
    Map<String, String> roles = new TreeMap<>();
    Map<Role, Page> pages = row.notebook().map(Notebook::pages).orElse(Map.of());
    pages.forEach((role, page) -> roles.put(role.value(), page(page)));
    row.instances()
        .forEach((role, instance) ->
            roles.merge(role.value(), "recorded " + instance, (one, other) -> one + ", " + other));
    return row.status().map(Status::value).orElse("no status")
        + (row.notebook().isPresent() ? " " : " no notebook ")
        + roles;
  }
}
