package io.elephant.launcher.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.launch.Notice;
import io.elephant.launcher.launch.Notice.Kind;
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
import java.util.Set;

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

  /** The fields of which only one makes sense. */
  private static final Set<String> ASKING = Set.of(MEETING_ID, ACTION, DRY_RUN);

  private static final JsonFactory JSON =
      JsonFactory.builder().streamReadConstraints(constraints()).build();

  private static final Map<String, Event> ACTIONS =
      Map.of("preflight", new Event.RunPreflight(), "sweep", new Event.SweepStrays());

  /**
   * The fields by name, those of {@code detail} as {@code detail/state}. A value is a text or a
   * boolean, or of any other only the token with which it begins.
   */
  private final Map<String, Object> fields = new LinkedHashMap<>();

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

  private static StreamReadConstraints constraints() {
    return StreamReadConstraints.builder()
        // A token takes a byte at least, and Lambda takes 1 MB at most of a scheduler.
        .maxTokenCount(1 << 20)
        // Numbers are passed over, and never converted.
        .maxNumberLength(Integer.MAX_VALUE)
        .build();
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
    try (JsonParser parser = JSON.createParser(event)) {
      JsonToken root = parser.nextToken();
      if (root != JsonToken.START_OBJECT) {
        String problem = root == null ? "is empty" : "is not a JSON object";
        throw new InvalidEvent(problem + "; it must be one with a string \"meeting_id\"");
      }
      addFields(parser, "");
      if (parser.nextToken() != null) {
        throw new InvalidEvent("has something after its JSON object");
      }
    } catch (JsonProcessingException e) {
      // The rest of Jackson's message quotes the event, which may hold secrets.
      String problem = e.getOriginalMessage().replaceFirst(" ?['\"(](?s:.*)", " …");
      JsonLocation at = e.getLocation();
      String place =
          at == null ? "" : " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr());
      throw new InvalidEvent("is not valid JSON: " + problem + place);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    fields.values().removeIf(JsonToken.VALUE_NULL::equals);
  }

  private void addFields(JsonParser parser, String prefix) throws IOException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = prefix + parser.currentName();
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT && name.equals(DETAIL)) {
        addFields(parser, DETAIL + "/");
        continue;
      }
      if (fields.containsKey(name) && ASKING.contains(name)) {
        throw new InvalidEvent("has \"%s\" twice; it is unclear which is meant".formatted(name));
      }
      fields.put(
          name,
          switch (token) {
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> token;
          });
      parser.skipChildren();
    }
  }

  /** What EC2 tells of an instance, if it is one of the two events that this function knows. */
  private Optional<Notice> notice() {
    boolean isOfEc2 = text("source").equals("aws.ec2") && !has(MEETING_ID) && !has(ACTION);
    return switch (isOfEc2 ? text("detail-type") : "") {
      case "EC2 Spot Instance Interruption Warning" -> Optional.of(notice(Kind.INTERRUPTED));
      case "EC2 Instance State-change Notification" ->
          switch (text("detail/state")) {
            case "shutting-down", "terminated" -> Optional.of(notice(Kind.ENDED));
            case "stopping", "stopped" -> Optional.of(notice(Kind.STOPPED));
            default -> Optional.of(notice(Kind.OTHER_STATE));
          };
      default -> Optional.empty();
    };
  }

  private Notice notice(Kind kind) {
    try {
      return new Notice(new InstanceId(text("detail/instance-id")), kind, time());
    } catch (IllegalArgumentException _) {
      throw new InvalidEvent(
          "comes from EC2 and has no \"instance-id\" of the form i-… in its \"detail\"");
    }
  }

  /** One without a usable time counts as old. */
  private Optional<Instant> time() {
    try {
      return Optional.of(Instant.parse(text("time")));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  private Event asked() {
    for (String name : fields.keySet()) {
      if (!name.equals(DRY_RUN) && name.replace("_", "").equalsIgnoreCase("dryrun")) {
        throw new InvalidEvent("has a \"%s\"; its name must be \"dry_run\"".formatted(name));
      }
    }
    Object dryRun = fields.getOrDefault(DRY_RUN, false);
    if (!(dryRun instanceof Boolean)) {
      // Whoever writes "true" in quotes does not want an instance either.
      throw new InvalidEvent("has a \"dry_run\" that is neither true nor false");
    }
    Event action = ACTIONS.get(text(ACTION));
    if (action != null && (has(DRY_RUN) || has(MEETING_ID))) {
      throw new InvalidEvent(
          "has an \"action\" of \"%s\" and a \"%s\"; it must have only one of them"
              .formatted(text(ACTION), has(DRY_RUN) ? DRY_RUN : MEETING_ID));
    }
    return action != null ? action : launch(dryRun.equals(true));
  }

  private Event launch(boolean isDryRun) {
    if (!has(MEETING_ID) && !text(ACTION).isEmpty()) {
      throw new InvalidEvent(
          "has an \"action\" that is neither preflight nor sweep, and no \"meeting_id\"");
    }
    if (!has(MEETING_ID)) {
      throw new InvalidEvent("has no \"meeting_id\"; it must be a string");
    }
    if (!(fields.get(MEETING_ID) instanceof String id)) {
      throw new InvalidEvent("has a \"meeting_id\" that is not a string");
    }
    MeetingId meeting =
        MeetingId.parse(id)
            .orElseThrow(() ->
                new InvalidEvent(
                    "has a \"meeting_id\" of %d characters that is not %s"
                        .formatted(id.length(), MeetingId.SHAPE)));
    return isDryRun ? new Event.DryRunLaunch(meeting) : new Event.LaunchMeeting(meeting);
  }

  private boolean has(String name) {
    return fields.containsKey(name);
  }

  /** The field's text; empty where it is absent, or not a string. */
  private String text(String name) {
    return fields.get(name) instanceof String text ? text : "";
  }
}
