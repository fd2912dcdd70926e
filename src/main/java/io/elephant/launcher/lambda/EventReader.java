package io.elephant.launcher.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.lambda.Event.CheckReadiness;
import io.elephant.launcher.lambda.Event.LaunchMeeting;
import io.elephant.launcher.lambda.Event.RehearseLaunch;
import io.elephant.launcher.lambda.Event.SweepStrays;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads an event: a JSON object whose {@code meeting_id} is a usable string, or whose {@code
 * action} is {@code sweep} or {@code preflight}. Unknown fields are ignored, because a scheduler's
 * input may add its own; they must be JSON all the same, and a name must not come twice, because
 * then nobody knows which one was meant.
 *
 * <p>It reads token by token and builds no tree, so neither a deep nor a large event costs a stack.
 */
final class EventReader {

  private static final String MEETING_ID = "meeting_id";
  private static final String ACTION = "action";
  private static final String DRY_RUN = "dry_run";
  private static final Set<String> FIELDS = Set.of(MEETING_ID, ACTION, DRY_RUN);

  /** What can be asked for beside a launch, by its name in {@code action}. */
  private static final Map<String, Event> ACTIONS =
      Map.of("preflight", new CheckReadiness(), "sweep", new SweepStrays());

  private static final int LONGEST_DETAIL = 200;

  private final JsonFactory json =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /**
   * What is asked for.
   *
   * @throws InvalidEvent if the bytes are anything else
   */
  Event read(byte[] event) {
    String text = decode(event);
    if (text.isBlank()) {
      throw new InvalidEvent("is empty; it must be a JSON object with a string \"meeting_id\"");
    }
    try (JsonParser parser = json.createParser(text)) {
      return read(parser);
    } catch (JsonProcessingException e) {
      throw new InvalidEvent("is not valid JSON: " + detail(e));
    } catch (IOException e) {
      throw new InvalidEvent("cannot be read: " + e.getMessage());
    }
  }

  private static Event read(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new InvalidEvent(
          "is %s; it must be a JSON object with a string \"meeting_id\""
              .formatted(kind(parser.currentToken())));
    }
    Optional<String> meetingId = Optional.empty();
    Optional<Boolean> dryRun = Optional.empty();
    Optional<String> action = Optional.empty();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals(ACTION) && value == JsonToken.VALUE_STRING) {
        action = Optional.of(parser.getText());
      }
      if (name.equals(DRY_RUN)) {
        dryRun = Optional.of(yesOrNo(value));
      }
      if (!name.equals(MEETING_ID)) {
        parser.skipChildren();
      } else if (value == JsonToken.VALUE_STRING) {
        meetingId = Optional.of(parser.getText());
      } else {
        throw new InvalidEvent(
            "has a \"meeting_id\" that is %s; it must be a string".formatted(kind(value)));
      }
    }
    if (parser.nextToken() != null) {
      throw new InvalidEvent("has something after its JSON object");
    }
    return event(action, meetingId, dryRun);
  }

  private static Event event(
      Optional<String> action, Optional<String> meetingId, Optional<Boolean> dryRun) {
    Optional<Event> known = action.map(ACTIONS::get);
    if (known.isPresent()) {
      if (dryRun.isPresent()) {
        throw new InvalidEvent(
            "has an \"action\" and a \"dry_run\"; only the launch of a meeting has a dry run");
      }
      if (meetingId.isPresent()) {
        throw new InvalidEvent(
            "has an \"action\" of \"%s\" and a \"meeting_id\"; it must be one or the other"
                .formatted(action.get()));
      }
      return known.get();
    }
    if (action.isPresent() && meetingId.isEmpty()) {
      throw new InvalidEvent(
          "has an \"action\" that is not one of %s, and no \"meeting_id\""
              .formatted(String.join(", ", new TreeSet<>(ACTIONS.keySet()))));
    }
    MeetingId meeting = meeting(meetingId);
    return dryRun.orElse(false) ? new RehearseLaunch(meeting) : new LaunchMeeting(meeting);
  }

  /** Strictly: whoever writes "true" in quotes wants no machine either. */
  private static boolean yesOrNo(JsonToken value) {
    return switch (value) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default ->
          throw new InvalidEvent(
              "has a \"dry_run\" that is %s; it must be true or false".formatted(kind(value)));
    };
  }

  private static MeetingId meeting(Optional<String> meetingId) {
    String text =
        meetingId.orElseThrow(() -> new InvalidEvent("has no \"meeting_id\"; it must be a string"));
    return MeetingId.parse(text)
        .orElseThrow(() ->
            new InvalidEvent(
                "has a \"meeting_id\" of %d characters that is not %s"
                    .formatted(text.length(), MeetingId.SHAPE)));
  }

  /** Strictly: a replacement character in an id would be another id. */
  private static String decode(byte[] event) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(event)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidEvent("is not valid UTF-8");
    }
  }

  private static String kind(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> "something else";
    };
  }

  /**
   * The parser quotes the event, which may hold what belongs into no log; its fields' names stay.
   */
  private static String withoutQuotation(String message) {
    int start = message.indexOf('\'') + 1;
    int end = message.lastIndexOf('\'');
    return end - start <= 1 || FIELDS.contains(message.substring(start, end))
        ? message
        : message.substring(0, start) + "…" + message.substring(end);
  }

  /** The parser's words without line breaks or more of the event than helps. */
  private static String detail(JsonProcessingException e) {
    String message = withoutQuotation(e.getOriginalMessage()).replaceAll("\\p{Cntrl}", " ");
    String brief =
        message.length() <= LONGEST_DETAIL ? message : message.substring(0, LONGEST_DETAIL) + "…";
    return e.getLocation() == null
        ? brief
        : brief
            + " (line %d, column %d)"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }
}
