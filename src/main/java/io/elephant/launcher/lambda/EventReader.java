package io.elephant.launcher.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.launch.Notice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads an event: a JSON object whose {@code meeting_id} is a usable string, or whose {@code
 * action} is {@code sweep} or {@code preflight}, or what EC2 tells of an instance through
 * EventBridge. Unknown fields are passed over, because a scheduler's input may add its own; but not
 * one that looks like {@code dry_run}, because whoever wrote it did not want instances.
 */
final class EventReader {

  private static final String MEETING_ID = "meeting_id";
  private static final String ACTION = "action";
  private static final String DRY_RUN = "dry_run";
  private static final String DETAIL = "detail";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  // A token takes a byte at least, and Lambda takes 1 MB at most of a scheduler.
                  // https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
                  .maxTokenCount(1 << 20)
                  // Numbers are passed over, and never converted.
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private static final Map<String, Event> ACTIONS =
      Map.of("preflight", new Event.RunPreflight(), "sweep", new Event.SweepStrays());

  /** The fields by name, those of {@code detail} as {@code detail/state}. */
  private final Map<String, Value> fields = new LinkedHashMap<>();

  /** A field's value; its text is empty where it is no string. */
  private record Value(JsonToken token, String text) {}

  private static final Value ABSENT = new Value(JsonToken.NOT_AVAILABLE, "");

  private EventReader() {}

  /**
   * What the event asks for.
   *
   * @throws InvalidEvent if the bytes are anything else
   */
  static Event read(byte[] event) {
    EventReader reader = new EventReader();
    reader.parse(decode(event));
    return reader.notice().<Event>map(Event.RecoverInstance::new).orElseGet(reader::asked);
  }

  /** Replaces nothing: a replacement character in an id would be another id. */
  private static String decode(byte[] event) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(event)).toString();
    } catch (CharacterCodingException _) {
      throw new InvalidEvent("is not valid UTF-8; UTF-16 is not read");
    }
  }

  private void parse(String event) {
    if (event.startsWith("\uFEFF")) {
      throw new InvalidEvent("begins with a byte order mark (U+FEFF), which JSON must not have");
    }
    try (JsonParser parser = JSON.createParser(event)) {
      JsonToken root = parser.nextToken();
      if (root != JsonToken.START_OBJECT) {
        throw new InvalidEvent(
            (root == null ? "is empty" : "is no JSON object")
                + "; it must be a JSON object with a string \"meeting_id\"");
      }
      addFields(parser, "");
      if (parser.nextToken() != null) {
        throw new InvalidEvent("has something after its JSON object");
      }
    } catch (JsonProcessingException e) {
      // The rest of Jackson's message quotes the event, which may hold secrets.
      String place =
          Optional.ofNullable(e.getLocation())
              .map(at -> " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr()))
              .orElse("");
      throw new InvalidEvent(
          "is not valid JSON: "
              + e.getOriginalMessage().replaceFirst(" ?['\"(](?s:.*)", " …")
              + place);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    fields.values().removeIf(value -> value.token() == JsonToken.VALUE_NULL);
  }

  private void addFields(JsonParser parser, String prefix) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = prefix + parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT && name.equals(DETAIL)) {
        addFields(parser, DETAIL + "/");
        continue;
      }
      String text = token == JsonToken.VALUE_STRING ? parser.getText() : "";
      Value earlier = fields.put(name, new Value(token, text));
      if (earlier != null
          && (name.equals(MEETING_ID) || name.equals(ACTION) || name.equals(DRY_RUN))) {
        throw new InvalidEvent("has \"%s\" twice; it is unclear which is meant".formatted(name));
      }
      parser.skipChildren();
    }
  }

  /**
   * What an event of EC2's tells, if it is one that this function knows.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-instance-state-changes.html">Monitor
   *     for instance state change events</a>
   * @see <a
   *     href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html">Spot
   *     Instance interruption notices</a>
   */
  private Optional<Notice> notice() {
    if (!text("source").equals("aws.ec2") || has(MEETING_ID) || has(ACTION)) {
      return Optional.empty();
    }
    return switch (text("detail-type")) {
      case "EC2 Spot Instance Interruption Warning" -> Optional.of(notice(Notice.Kind.INTERRUPTED));
      case "EC2 Instance State-change Notification" ->
          Optional.of(
              notice(
                  switch (text("detail/state")) {
                    case "shutting-down", "terminated" -> Notice.Kind.ENDED;
                    case "stopping", "stopped" -> Notice.Kind.STOPPED;
                    default -> Notice.Kind.OTHER_STATE;
                  }));
      default -> Optional.empty();
    };
  }

  private Notice notice(Notice.Kind kind) {
    try {
      return new Notice(new InstanceId(text("detail/instance-id")), kind, time());
    } catch (IllegalArgumentException _) {
      throw new InvalidEvent(
          "is EC2's and has no \"instance-id\" of the form i-… in its \"detail\"");
    }
  }

  /** One without a usable time counts as old. */
  private Optional<Instant> time() {
    try {
      return has("time") ? Optional.of(Instant.parse(text("time"))) : Optional.empty();
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  private Event asked() {
    similar(DRY_RUN)
        .ifPresent(name -> {
          throw new InvalidEvent("has a \"%s\"; it must be called \"dry_run\"".formatted(name));
        });
    if (has(DRY_RUN) && !field(DRY_RUN).token().isBoolean()) {
      // Whoever writes "true" in quotes does not want an instance either.
      throw new InvalidEvent("has a \"dry_run\" that is neither true nor false");
    }
    Optional<Event> action = Optional.ofNullable(ACTIONS.get(text(ACTION)));
    if (action.isPresent() && (has(DRY_RUN) || has(MEETING_ID))) {
      throw new InvalidEvent(
          "has an \"action\" of \"%s\" and a \"%s\"; it must be one or the other"
              .formatted(text(ACTION), has(DRY_RUN) ? DRY_RUN : MEETING_ID));
    }
    if (action.isEmpty() && !has(MEETING_ID)) {
      throw new InvalidEvent(
          text(ACTION).isEmpty()
              ? "has no \"meeting_id\"; it must be a string" + instead(MEETING_ID) + instead(ACTION)
              : "has an \"action\" that is neither preflight nor sweep, and no \"meeting_id\"");
    }
    return action.orElseGet(this::launch);
  }

  private Event launch() {
    if (field(MEETING_ID).token() != JsonToken.VALUE_STRING) {
      throw new InvalidEvent("has a \"meeting_id\" that is not a string");
    }
    String id = text(MEETING_ID);
    MeetingId meeting =
        MeetingId.parse(id)
            .orElseThrow(() ->
                new InvalidEvent(
                    "has a \"meeting_id\" of %d characters that is not %s"
                        .formatted(id.length(), MeetingId.SHAPE)));
    return field(DRY_RUN).token() == JsonToken.VALUE_TRUE
        ? new Event.DryRunLaunch(meeting)
        : new Event.LaunchMeeting(meeting);
  }

  private Value field(String name) {
    return fields.getOrDefault(name, ABSENT);
  }

  private boolean has(String name) {
    return fields.containsKey(name);
  }

  private String text(String name) {
    return field(name).text();
  }

  /** A field whose name differs from this one only in case and underscores. */
  private Optional<String> similar(String field) {
    String plain = field.replace("_", "");
    return fields.keySet().stream()
        .filter(name -> !name.equals(field) && name.replace("_", "").equalsIgnoreCase(plain))
        .findFirst();
  }

  private String instead(String field) {
    return similar(field)
        .map(name -> "; it has a \"%s\" instead of a \"%s\"".formatted(name, field))
        .orElse("");
  }
}
