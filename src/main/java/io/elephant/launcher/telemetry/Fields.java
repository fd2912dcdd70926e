package io.elephant.launcher.telemetry;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.sweep.Sweep;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What the values of a launch are in a line of the log. */
final class Fields {

  private Fields() {}

  static ObjectNode none() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ObjectNode of(Role role, InstanceId instance) {
    return none().put("role", role.value()).put("instance", instance.value());
  }

  static ObjectNode of(Role role, Attempt attempt) {
    return none()
        .put("role", role.value())
        .put("attempt", attempt.number())
        .setAll(of(attempt.request().candidate()));
  }

  static ObjectNode of(Candidate candidate) {
    return none()
        .put("zone", candidate.subnet().zone().name())
        .put("instanceType", candidate.instanceType())
        .put("market", candidate.market().toString());
  }

  static ObjectNode of(Map<Role, InstanceId> instances) {
    ObjectNode fields = none();
    instances.forEach((role, instance) -> fields.put(role.value(), instance.value()));
    return fields;
  }

  static ObjectNode of(Meeting row) {
    ObjectNode states = none();
    row.launchRecord()
        .map(LaunchRecord::states)
        .orElse(Map.of())
        .forEach((role, state) ->
            states
                .putObject(role.value())
                .put("attempt", state.attempt().number())
                .<ObjectNode>setAll(of(state.attempt().request().candidate()))
                .put("replaced", state.replaced()));
    return none()
        .put("status", row.status().map(Status::value).orElse(null))
        .put("meetTime", row.meetTime().map(Instant::toString).orElse(null))
        .<ObjectNode>set("instances", of(row.instances()))
        .set("launch", states);
  }

  static ObjectNode of(Sweep.Stray stray) {
    return none()
        .put("instance", stray.instance().id().value())
        .put("meetingId", stray.owner().meeting().value())
        .put("role", stray.owner().role().value())
        .put("why", stray.why())
        .put("terminated", stray.terminated());
  }

  /** Such as {@code NoCapacity}. */
  static String word(Verdict verdict) {
    return Stream.of(verdict.name().split("_", -1))
        .map(part -> part.charAt(0) + part.substring(1).toLowerCase(Locale.ROOT))
        .collect(joining());
  }
}
