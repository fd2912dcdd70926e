package io.elephant.launcher.lambda;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.lambda.Event.DryRunLaunch;
import io.elephant.launcher.lambda.Event.LaunchMeeting;
import io.elephant.launcher.lambda.Event.RunPreflight;
import io.elephant.launcher.lambda.Event.SweepStrays;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads an event: a JSON object whose {@code meeting_id} is a usable string, or whose {@code
 * action} is {@code sweep} or {@code preflight}. Unknown fields are ignored, because a scheduler's
 * input may add its own. A name that comes twice is refused, because it is unclear which was meant.
 */
final class EventReader {

  private static final String MEETING_ID = "meeting_id";
  private static final String ACTION = "action";
  private static final String DRY_RUN = "dry_run";
  private static final Set<String> FIELDS = Set.of(MEETING_ID, ACTION, DRY_RUN);

  /** The values of {@code action}. */
  private static final Map<String, Event> ACTIONS =
      Map.of("preflight", new RunPreflight(), "sweep", new SweepStrays());

  /**
   * A token takes a byte at least, so that every event of 1 MB, the most that Lambda takes from a
   * scheduler, stays below it; a tree of so many takes up to 130 MB of memory.
   *
   * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html">Lambda
   *     quotas</a>
   */
  private static final long MAX_TOKENS = 1 << 20;

  private static final int MAX_DETAIL = 200;

  private static final ObjectReader JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxTokenCount(MAX_TOKENS).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  /**
   * What the event asks for.
   *
   * @throws InvalidEvent if the bytes are anything else
   */
  Event read(byte[] event) {
    JsonNode root = parse(decode(event));
    if (!root.isObject()) {
      throw new InvalidEvent(
          "is %s; it must be a JSON object with a string \"meeting_id\"".formatted(kind(root)));
    }
    return event(
        Optional.ofNullable(root.get(ACTION)).map(JsonNode::textValue),
        Optional.ofNullable(root.get(MEETING_ID)).map(EventReader::text),
        Optional.ofNullable(root.get(DRY_RUN)).map(EventReader::bool));
  }

  private static JsonNode parse(String text) {
    if (text.isBlank()) {
      throw new InvalidEvent("is empty; it must be a JSON object with a string \"meeting_id\"");
    }
    try {
      return JSON.readTree(text);
    } catch (MismatchedInputException _) {
      // A tree takes any value, so only FAIL_ON_TRAILING_TOKENS is left as a reason.
      throw new InvalidEvent("has something after its JSON object");
    } catch (JsonProcessingException e) {
      throw new InvalidEvent("is not valid JSON: " + detail(e));
    }
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
    return dryRun.orElse(false) ? new DryRunLaunch(meeting) : new LaunchMeeting(meeting);
  }

  private static String text(JsonNode value) {
    if (!value.isTextual()) {
      throw new InvalidEvent(
          "has a \"meeting_id\" that is %s; it must be a string".formatted(kind(value)));
    }
    return value.textValue();
  }

  /** Takes no string: whoever writes "true" in quotes does not want an instance either. */
  private static boolean bool(JsonNode value) {
    if (!value.isBoolean()) {
      throw new InvalidEvent(
          "has a \"dry_run\" that is %s; it must be true or false".formatted(kind(value)));
    }
    return value.booleanValue();
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

  /** Replaces nothing: a replacement character in an id would be another id. */
  private static String decode(byte[] event) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(event)).toString();
    } catch (CharacterCodingException _) {
      throw new InvalidEvent("is not valid UTF-8");
    }
  }

  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      case NULL -> "null";
      default -> "a " + value.getNodeType().name().toLowerCase(Locale.ROOT);
    };
  }

  /** Jackson quotes the event, which may hold secrets; only the names of known fields stay. */
  private static String withoutQuotation(String message) {
    int start = message.indexOf('\'') + 1;
    int end = message.lastIndexOf('\'');
    return end - start <= 1 || FIELDS.contains(message.substring(start, end))
        ? message
        : message.substring(0, start) + "…" + message.substring(end);
  }

  /** Jackson's message on one line and cut to a length that helps. */
  private static String detail(JsonProcessingException e) {
    String message = withoutQuotation(e.getOriginalMessage()).replaceAll("\\p{Cntrl}", " ");
    String brief =
        message.length() <= MAX_DETAIL ? message : message.substring(0, MAX_DETAIL) + "…";
    return e.getLocation() == null
        ? brief
        : brief
            + " (line %d, column %d)"
                .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }
}
