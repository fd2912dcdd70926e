package io.elephant.launcher;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.elephant.launcher.launch.InstanceId;
import io.elephant.launcher.launch.LaunchReport;
import io.elephant.launcher.launch.Role;
import io.elephant.launcher.launch.Status;
import io.elephant.launcher.launch.Sweep;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * Writes the replies: {@code {"meeting_id": …, "status": …, "instances": {"teacher": "i-…", …}}} to
 * a launch, and to a sweep {@code {"action": "sweep", "strays": [{"instance": "i-…", "meeting_id":
 * …, "role": …, "why": …, "terminated": …}]}}.
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
}
