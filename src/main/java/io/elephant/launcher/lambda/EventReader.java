package io.elephant.launcher.lambda;

import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.lambda.Event.DryRunLaunch;
import io.elephant.launcher.lambda.Event.LaunchMeeting;
import io.elephant.launcher.lambda.Event.RecoverInstance;
import io.elephant.launcher.lambda.Event.RunPreflight;
import io.elephant.launcher.lambda.Event.SweepStrays;
import io.elephant.launcher.lambda.EventFields.Value;
import io.elephant.launcher.launch.Notice;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads an event: a JSON object whose {@code meeting_id} is a usable string, or whose {@code
 * action} is {@code sweep} or {@code preflight}, or what EC2 tells through EventBridge of an
 * instance that ends. Unknown fields are ignored, because a scheduler's input may add its own; but
 * not one that looks like {@code dry_run}, because whoever wrote it did not want instances.
 */
final class EventReader {

  /** The values of {@code action}. */
  private static final Map<String, Event> ACTIONS =
      Map.of("preflight", new RunPreflight(), "sweep", new SweepStrays());

  /** The states in which an instance's end is certain. */
  private static final Set<String> ENDS = Set.of("shutting-down", "terminated");

  /**
   * What the event asks for.
   *
   * @throws InvalidEvent if the bytes are anything else
   */
  Event read(byte[] event) {
    EventFields fields = EventFields.of(event);
    Optional<Notice.Kind> notice = noticeOf(fields);
    if (notice.isPresent()) {
      return new RecoverInstance(new Notice(instance(fields), notice.get(), Optional.empty()));
    }
    fields
        .misspelt(EventFields.DRY_RUN)
        .ifPresent(name -> {
          throw new InvalidEvent("has a \"%s\"; it must be called \"dry_run\"".formatted(name));
        });
    Optional<String> action =
        fields.get(EventFields.ACTION).filter(Value::isString).map(Value::text);
    Optional<Boolean> dryRun = fields.get(EventFields.DRY_RUN).map(EventReader::bool);
    Optional<String> meetingId = fields.get(EventFields.MEETING_ID).map(EventReader::text);
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
    MeetingId meeting = meeting(meetingId.orElseThrow(() -> noMeeting(fields)));
    return dryRun.orElse(false) ? new DryRunLaunch(meeting) : new LaunchMeeting(meeting);
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
  private static Optional<Notice.Kind> noticeOf(EventFields fields) {
    boolean isOfEc2 =
        fields.get(EventFields.SOURCE).map(Value::text).filter("aws.ec2"::equals).isPresent()
            && fields.get(EventFields.MEETING_ID).isEmpty()
            && fields.get(EventFields.ACTION).isEmpty();
    return fields
        .get(EventFields.DETAIL_TYPE)
        .filter(_ -> isOfEc2)
        .flatMap(type ->
            switch (type.text()) {
              case "EC2 Instance State-change Notification" ->
                  Optional.of(
                      fields
                          .get(EventFields.STATE)
                          .filter(state -> ENDS.contains(state.text()))
                          .map(_ -> Notice.Kind.ENDED)
                          .orElse(Notice.Kind.OTHER_STATE));
              case "EC2 Spot Instance Interruption Warning" -> Optional.of(Notice.Kind.INTERRUPTED);
              default -> Optional.empty();
            });
  }

  private static InstanceId instance(EventFields fields) {
    String problem = "is EC2's and has no \"instance-id\" of the form i-… in its \"detail\"";
    try {
      return fields
          .get(EventFields.INSTANCE)
          .map(id -> new InstanceId(id.text()))
          .orElseThrow(() -> new InvalidEvent(problem));
    } catch (IllegalArgumentException _) {
      throw new InvalidEvent(problem);
    }
  }

  private static InvalidEvent noMeeting(EventFields fields) {
    String instead =
        Stream.of(EventFields.MEETING_ID, EventFields.ACTION)
            .flatMap(field ->
                fields.misspelt(field).stream()
                    .map(name -> "; it has a \"%s\" instead of a \"%s\"".formatted(name, field)))
            .collect(Collectors.joining());
    return new InvalidEvent("has no \"meeting_id\"; it must be a string" + instead);
  }

  private static String text(Value value) {
    if (!value.isString()) {
      throw new InvalidEvent(
          "has a \"meeting_id\" that is %s; it must be a string".formatted(value.kind()));
    }
    return value.text();
  }

  /** Takes no string: whoever writes "true" in quotes does not want an instance either. */
  private static boolean bool(Value value) {
    if (!value.isBoolean()) {
      throw new InvalidEvent(
          "has a \"dry_run\" that is %s; it must be true or false".formatted(value.kind()));
    }
    return Boolean.parseBoolean(value.text());
  }

  private static MeetingId meeting(String text) {
    return MeetingId.parse(text)
        .orElseThrow(() ->
            new InvalidEvent(
                "has a \"meeting_id\" of %d characters that is not %s"
                    .formatted(text.length(), MeetingId.SHAPE)));
  }
}
