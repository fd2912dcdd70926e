package io.elephant.launcher.lambda;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.launch.DryRun;
import io.elephant.launcher.launch.DryRun.Part;
import io.elephant.launcher.launch.Notice;
import io.elephant.launcher.launch.Outcome;
import io.elephant.launcher.launch.Report;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.preflight.Check;
import io.elephant.launcher.preflight.PreflightReport;
import io.elephant.launcher.sweep.Sweep;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/** The replies to each kind of event, as {@code events/README.md} shows them. */
final class Replies {

  private Replies() {}

  /** To a launch. */
  static ObjectNode of(Report report) {
    ObjectNode reply =
        object()
            .put("meeting_id", report.meeting().map(MeetingId::value).orElse(null))
            .put("status", report.status().map(Status::value).orElse(null));
    addInstances(report, reply);
    if (report.outcome() == Outcome.TOO_EARLY) {
      // The status and the instances do not tell it from a meeting that is yet to be launched.
      reply.put("why", "too early: the meeting begins too long from now");
    }
    return reply;
  }

  /** To a notice about an instance. */
  static ObjectNode of(Notice notice, Report report) {
    ObjectNode reply =
        object()
            .put("action", "recovery")
            .put("instance", notice.instance().value())
            .put("outcome", report.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '))
            .put("why", report.why())
            .put("meeting_id", report.meeting().map(MeetingId::value).orElse(null));
    addInstances(report, reply);
    return reply;
  }

  private static void addInstances(Report report, ObjectNode reply) {
    ObjectNode instances = reply.putObject("instances");
    report.instances().forEach((role, instance) -> instances.put(role.value(), instance.value()));
  }

  static ObjectNode of(Sweep.Found found) {
    ObjectNode reply = object().put("action", "sweep");
    addStrays(found.strays(), reply.putArray("strays"));
    if (!found.overdue().isEmpty()) {
      addStrays(found.overdue(), reply.putArray("overdue"));
    }
    return reply;
  }

  private static void addStrays(List<Sweep.Stray> strays, ArrayNode entries) {
    for (Sweep.Stray stray : strays) {
      entries
          .addObject()
          .put("instance", stray.instance().id().value())
          .put("meeting_id", stray.owner().meeting().value())
          .put("role", stray.owner().role().value())
          .put("why", stray.why())
          .put("terminated", stray.terminated());
    }
  }

  static ObjectNode of(PreflightReport report) {
    ObjectNode reply = object().put("action", "preflight").put("ready", report.ready());
    ArrayNode checks = reply.putArray("checks");
    for (Check check : report.checks()) {
      ObjectNode entry =
          checks.addObject().put("check", check.name()).put("subject", check.subject());
      switch (check.result()) {
        case Check.Passed(String detail) -> entry.put("result", "passed").put("detail", detail);
        case Check.Obstacle(String detail, String toDo) ->
            entry.put("result", "obstacle").put("detail", detail).put("to_do", toDo);
        case Check.Unknown(String detail, String toDo) ->
            entry.put("result", "unknown").put("detail", detail).put("to_do", toDo);
      }
    }
    return reply;
  }

  static ObjectNode of(DryRun report) {
    ObjectNode reply =
        object()
            .put("meeting_id", report.meeting().value())
            .put("dry_run", true)
            .put("status", report.status().map(Status::value).orElse(null))
            .put("would", would(report.outcome()));
    ObjectNode roles = reply.putObject("roles");
    report.parts().forEach((role, part) -> roles.set(role.value(), part(part)));
    ArrayNode candidates = reply.putArray("candidates");
    report.candidates().forEach(candidate -> candidates.add(candidate(candidate)));
    return reply;
  }

  private static String would(Outcome outcome) {
    return switch (outcome) {
      case LAUNCHED -> "launch";
      case ALREADY_LAUNCHED -> "do nothing: every instance is recorded";
      case CANCELLED -> "do nothing: the meeting is cancelled";
      case OTHER_STATUS -> "do nothing: it is a status from which nothing is launched";
      case TOO_EARLY -> "do nothing: the meeting begins too long from now";
      case TOO_LATE -> "do nothing: the meeting began too long ago";
      case GIVEN_UP -> "say LAUNCH_FAILED: the meeting began too long ago";
      case REPLACED, NOT_OURS, NOT_NEEDED, REPORTED -> "replace an instance that has ended";
    };
  }

  private static ObjectNode part(Part part) {
    return switch (part) {
      case Part.Recorded(InstanceId instance) ->
          object()
              .put("would", "do nothing: its instance is recorded")
              .put("instance", instance.value());
      case Part.First(Attempt attempt) ->
          object().put("would", "start an instance").setAll(attempt(attempt));
      case Part.Repeat(Attempt attempt, Optional<InstanceId> running) -> {
        ObjectNode repeat = object().put("would", "repeat the request that is in the row");
        running.ifPresent(instance -> repeat.put("started_already", instance.value()));
        yield repeat.setAll(attempt(attempt));
      }
    };
  }

  private static ObjectNode attempt(Attempt attempt) {
    LaunchRequest request = attempt.request();
    InstanceTemplate template = request.template();
    ObjectNode fields =
        object()
            .put("attempt", attempt.number())
            .put("client_token", attempt.token().value())
            .<ObjectNode>setAll(candidate(request.candidate()))
            .put("image", template.imageId())
            .put("key_name", template.keyName());
    template.securityGroupIds().forEach(fields.putArray("security_groups")::add);
    fields.put("instance_profile", template.instanceProfile());
    RootVolume volume = template.rootVolume();
    ObjectNode rootVolume =
        fields
            .putObject("root_volume")
            .put("device", volume.deviceName())
            .put("size_gib", volume.sizeGib())
            .put("type", volume.type())
            .put("encrypted", volume.encrypted());
    volume.keyArn().ifPresent(key -> rootVolume.put("kms_key", key));
    template
        .launchTemplate()
        .ifPresent(version -> fields.put("launch_template", version.toString()));
    fields.put("imds_tokens", template.imdsTokens().toString());
    new TreeMap<>(request.tags()).forEach(fields.putObject("tags")::put);
    return fields;
  }

  private static ObjectNode candidate(Candidate candidate) {
    return object()
        .put("market", candidate.market().toString())
        .put("instance_type", candidate.instanceType())
        .put("zone", candidate.subnet().zone().name())
        .put("subnet", candidate.subnet().id());
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
