package io.elephant.launcher;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.elephant.launcher.launch.InstanceId;
import io.elephant.launcher.launch.LaunchReport;
import io.elephant.launcher.launch.Role;
import io.elephant.launcher.launch.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/** Writes the reply: {@code {"meeting_id": …, "status": …, "instances": {"teacher": "i-…", …}}}. */
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
}
