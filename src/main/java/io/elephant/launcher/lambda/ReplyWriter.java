package io.elephant.launcher.lambda;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.elephant.launcher.dryrun.DryRunReport;
import io.elephant.launcher.dryrun.DryRunReport.Part;
import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.RootVolume;
import io.elephant.launcher.launch.LaunchReport;
import io.elephant.launcher.launch.Outcome;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.preflight.Check;
import io.elephant.launcher.preflight.Check.Obstacle;
import io.elephant.launcher.preflight.Check.Passed;
import io.elephant.launcher.preflight.Check.Unknown;
import io.elephant.launcher.preflight.PreflightReport;
import io.elephant.launcher.sweep.Sweep;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes the replies: {@code {"meeting_id": …, "status": …, "instances": {"teacher": "i-…", …}}} to
 * a launch, to a sweep {@code {"action": "sweep", "strays": [{"instance": "i-…", "meeting_id": …,
 * "role": …, "why": …, "terminated": …}]}}, and to a preflight {@code {"action": "preflight",
 * "ready": …, "checks": [{"check": …, "subject": …, "result": "passed|obstacle|unknown", "detail":
 * …, "to_do": …}]}}.
 */
final class ReplyWriter {

  private final JsonFactory json = new JsonFactory();

  void write(LaunchReport report, OutputStream output) throws IOException {
    try (JsonGenerator generator = json.createGenerator(output, JsonEncoding.UTF8)) {
      generator.writeStartObject();
      generator.writeStringField("meeting_id", report.meeting().value());
      generator.writeStringField("status", report.status().map(Status::value).orElse(null));
      generator.writeObjectFieldStart("instances");
      for (Map.Entry<Role, InstanceId> instance : report.instances().entrySet()) {
        generator.writeStringField(instance.getKey().value(), instance.getValue().value());
      }
      generator.writeEndObject();
      generator.writeEndObject();
    }
  }

  /** What launching would do, in the words of the configuration. */
  void write(DryRunReport prospect, OutputStream output) throws IOException {
    try (JsonGenerator generator = json.createGenerator(output, JsonEncoding.UTF8)) {
      generator.writeStartObject();
      generator.writeStringField("meeting_id", prospect.meeting().value());
      generator.writeBooleanField("dry_run", true);
      generator.writeStringField("status", prospect.status().map(Status::value).orElse(null));
      generator.writeStringField("would", would(prospect.outcome()));
      generator.writeObjectFieldStart("roles");
      for (Map.Entry<Role, Part> part : prospect.parts().entrySet()) {
        generator.writeObjectFieldStart(part.getKey().value());
        write(part.getValue(), generator);
        generator.writeEndObject();
      }
      generator.writeEndObject();
      generator.writeArrayFieldStart("candidates");
      for (Candidate candidate : prospect.candidates()) {
        generator.writeStartObject();
        write(candidate, generator);
        generator.writeEndObject();
      }
      generator.writeEndArray();
      generator.writeEndObject();
    }
  }

  private static String would(Outcome outcome) {
    return switch (outcome) {
      case LAUNCHED -> "launch";
      case ALREADY_LAUNCHED -> "do nothing: every machine is recorded";
      case CANCELLED -> "do nothing: the meeting is called off";
      case OTHER_STATUS -> "do nothing: it is a status from which nothing is launched";
      case TOO_LATE -> "do nothing: the meeting began too long ago";
      case GIVEN_UP -> "say LAUNCH_FAILED: the meeting began too long ago";
    };
  }

  private static void write(Part part, JsonGenerator generator) throws IOException {
    switch (part) {
      case Part.Recorded(InstanceId instance) -> {
        generator.writeStringField("would", "do nothing: its machine is recorded");
        generator.writeStringField("instance", instance.value());
      }
      case Part.First(Attempt attempt) -> {
        generator.writeStringField("would", "start a machine");
        write(attempt, generator);
      }
      case Part.Repeat(Attempt attempt, Optional<InstanceId> running) -> {
        generator.writeStringField("would", "repeat the request that is in the row");
        if (running.isPresent()) {
          generator.writeStringField("started_already", running.get().value());
        }
        write(attempt, generator);
      }
    }
  }

  private static void write(Attempt attempt, JsonGenerator generator) throws IOException {
    LaunchRequest request = attempt.request();
    RootVolume volume = request.rootVolume();
    generator.writeNumberField("attempt", attempt.number());
    generator.writeStringField("client_token", attempt.token().value());
    write(request.candidate(), generator);
    generator.writeStringField("image", request.imageId());
    generator.writeStringField("key_name", request.keyName());
    generator.writeArrayFieldStart("security_groups");
    for (String group : request.securityGroupIds()) {
      generator.writeString(group);
    }
    generator.writeEndArray();
    generator.writeStringField("instance_profile", request.instanceProfile());
    generator.writeObjectFieldStart("root_volume");
    generator.writeStringField("device", volume.deviceName());
    generator.writeNumberField("size_gib", volume.sizeGib());
    generator.writeStringField("type", volume.type());
    generator.writeBooleanField("encrypted", volume.encrypted());
    generator.writeEndObject();
    generator.writeStringField("imds_tokens", request.imdsTokens().toString());
    generator.writeObjectFieldStart("tags");
    for (Map.Entry<String, String> tag : new TreeMap<>(request.tags()).entrySet()) {
      generator.writeStringField(tag.getKey(), tag.getValue());
    }
    generator.writeEndObject();
  }

  private static void write(Candidate candidate, JsonGenerator generator) throws IOException {
    generator.writeStringField("market", candidate.market().toString());
    generator.writeStringField("instance_type", candidate.instanceType());
    generator.writeStringField("zone", candidate.subnet().zone().name());
    generator.writeStringField("subnet", candidate.subnet().id());
  }

  void write(List<Sweep.Stray> strays, OutputStream output) throws IOException {
    try (JsonGenerator generator = json.createGenerator(output, JsonEncoding.UTF8)) {
      generator.writeStartObject();
      generator.writeStringField("action", "sweep");
      generator.writeArrayFieldStart("strays");
      for (Sweep.Stray stray : strays) {
        generator.writeStartObject();
        generator.writeStringField("instance", stray.machine().id().value());
        generator.writeStringField("meeting_id", stray.machine().meeting().value());
        generator.writeStringField("role", stray.machine().role().value());
        generator.writeStringField("why", stray.why());
        generator.writeBooleanField("terminated", stray.terminated());
        generator.writeEndObject();
      }
      generator.writeEndArray();
      generator.writeEndObject();
    }
  }

  void write(PreflightReport report, OutputStream output) throws IOException {
    try (JsonGenerator generator = json.createGenerator(output, JsonEncoding.UTF8)) {
      generator.writeStartObject();
      generator.writeStringField("action", "preflight");
      generator.writeBooleanField("ready", report.ready());
      generator.writeArrayFieldStart("checks");
      for (Check check : report.checks()) {
        generator.writeStartObject();
        generator.writeStringField("check", check.name());
        generator.writeStringField("subject", check.subject());
        switch (check.result()) {
          case Passed(String detail) -> write("passed", detail, generator);
          case Obstacle(String detail, String toDo) -> {
            write("obstacle", detail, generator);
            generator.writeStringField("to_do", toDo);
          }
          case Unknown(String detail, String toDo) -> {
            write("unknown", detail, generator);
            generator.writeStringField("to_do", toDo);
          }
        }
        generator.writeEndObject();
      }
      generator.writeEndArray();
      generator.writeEndObject();
    }
  }

  private static void write(String result, String detail, JsonGenerator generator)
      throws IOException {
    generator.writeStringField("result", result);
    generator.writeStringField("detail", detail);
  }
}
