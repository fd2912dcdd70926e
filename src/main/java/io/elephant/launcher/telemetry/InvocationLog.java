package io.elephant.launcher.telemetry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.launch.Step;
import io.elephant.launcher.meeting.Meeting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/**
 * The steps and the AWS calls of one invocation. Each is logged and counted as it is added, and the
 * last line has all of them.
 */
public final class InvocationLog {

  /** The log of the invocation that a thread works for. */
  public static final ScopedValue<InvocationLog> CURRENT = ScopedValue.newInstance();

  private static final Logger LOG = Logger.getLogger(InvocationLog.class);

  /** The most attempts and calls in a line; the latest show why it ended as it did. */
  private static final int MAX_ENTRIES = 100;

  private final long arrival = System.nanoTime();
  private final String requestId;
  private final boolean coldStart;
  private final Map<Metric, Long> counts = new EnumMap<>(Metric.class);
  private final Map<ObjectNode, Map<Metric, Long>> divided = new LinkedHashMap<>();
  private final List<ObjectNode> attempts = new ArrayList<>();
  private final List<ObjectNode> calls = new ArrayList<>();
  private Optional<String> action = Optional.empty();
  private Optional<MeetingId> meeting = Optional.empty();
  private Optional<Meeting> found = Optional.empty();
  private Optional<Instant> claimed = Optional.empty();

  InvocationLog(String requestId, boolean coldStart) {
    this.requestId = requestId;
    this.coldStart = coldStart;
    if (coldStart) {
      count(Metric.COLD_START);
    }
  }

  /** What the event asks for, and for which meeting, if for one. */
  public synchronized void begin(String asked, Optional<MeetingId> about) {
    action = Optional.of(asked);
    meeting = about;
  }

  /** Adds what a delivery did or learned. */
  public synchronized void add(Step step) {
    switch (step) {
      case Step.Found(Meeting row) -> found = found.or(() -> Optional.of(row));
      case Step.Launched(Optional<Instant> since) -> claimed = since;
      case Step.Asked(Role role, Attempt attempt, RunResult result) ->
          addAnswer(attempt(role, attempt), attempt.request().candidate(), result);
      case Step.FellBack(Role role, Candidate _, Candidate to) -> {
        count(Metric.FELL_BACK);
        ObjectNode fields = Fields.none().put("role", role.value());
        info("The role continues with another candidate", fields.setAll(Fields.of(to)));
      }
      case Step.Renewed(Role role, Attempt attempt) ->
          info(
              "The role continues with the same candidate under another client token",
              attempt(role, attempt));
      case Step.Replaced(Role role, Attempt by) ->
          warn("An instance ended before it was recorded; it is replaced", attempt(role, by));
      case Step.Adopted(Role role, InstanceId instance) -> {
        count(Metric.ADOPTED);
        warn(
            "The role takes an instance that was started before and not recorded",
            Fields.of(role, instance));
      }
      case Step.Superseded(Role role, InstanceId instance) -> {
        count(Metric.SUPERSEDED);
        warn(
            "The row names another instance or attempt; this instance is terminated",
            Fields.of(role, instance));
      }
      case Step.Cancelled(Role role, InstanceId instance) ->
          warn(
              "The meeting is cancelled or deleted; its instance is terminated",
              Fields.of(role, instance));
    }
  }

  private void addAnswer(ObjectNode fields, Candidate candidate, RunResult result) {
    attempts.add(fields);
    switch (result) {
      case RunResult.Answered(Ec2Instance instance) -> {
        fields.put("instance", instance.id().value());
        Optional<Refusal> reason = instance.state().reason();
        reason.ifPresent(why -> addError(why, fields));
        reason.ifPresentOrElse(
            why -> warn("The instance " + instance.id() + " does not run: " + why, fields),
            () -> info("EC2 started " + instance.id(), fields));
      }
      case RunResult.Refused(Verdict verdict, Refusal refusal) -> {
        addError(refusal, fields.put("result", Fields.word(verdict)));
        if (verdict == Verdict.NO_CAPACITY) {
          ObjectNode by =
              Fields.none()
                  .put("Zone", candidate.subnet().zone().name())
                  .put("InstanceType", candidate.instanceType());
          count(Metric.CAPACITY_REFUSED, by);
        }
        warn(words(verdict) + refusal, fields);
      }
    }
  }

  /** Adds a call to AWS, with the fields that its line and the last line have. */
  synchronized void addCall(ObjectNode call, boolean isThrottled) {
    calls.add(call);
    String operation = call.path("call").asText();
    if (isThrottled) {
      count(Metric.THROTTLED, Fields.none().put("Action", operation));
    }
    LogLines.log(LOG, Level.DEBUG, operation, call, null);
  }

  /** How long after the event's arrival a moment was, which {@link System#nanoTime()} gave. */
  long millisAt(long nanoTime) {
    return Duration.ofNanos(nanoTime - arrival).toMillis();
  }

  String requestId() {
    return requestId;
  }

  synchronized Optional<MeetingId> meeting() {
    return meeting;
  }

  /** Whether the event asks for a launch, as far as anybody knows what it asks for. */
  public synchronized boolean isOfLaunch() {
    return action.map(asked -> asked.equals("launch") || asked.equals("recovery")).orElse(true);
  }

  /** The lines of the metrics. */
  synchronized List<ObjectNode> metrics(String stack, long millis, InvocationOutcome outcome) {
    Map<Metric, Long> all = new EnumMap<>(counts);
    all.putAll(outcome.counts());
    if (all.containsKey(Metric.LAUNCHED)) {
      // Not less than this delivery took: it had read the row before it claimed.
      long sinceClaim = claimed.map(since -> millis - since.toEpochMilli()).orElse(0L);
      all.put(Metric.LAUNCH_LATENCY, Math.max(sinceClaim, millisAt(System.nanoTime())));
      found
          .flatMap(Meeting::meetTime)
          .filter(begin -> begin.toEpochMilli() < millis)
          .ifPresent(_ -> all.put(Metric.LAUNCHED_LATE, 1L));
    }
    List<ObjectNode> lines = new ArrayList<>();
    if (!all.isEmpty()) {
      ObjectNode reason = Fields.none().put("Reason", outcome.reason());
      lines.add(EmbeddedMetrics.line(stack, millis, all, reason));
    }
    divided.forEach((by, values) -> lines.add(EmbeddedMetrics.line(stack, millis, values, by)));
    return lines;
  }

  /** The message of the last line. */
  synchronized String message(InvocationOutcome outcome) {
    return meeting.map(MeetingId::value).or(() -> action).orElse("An event")
        + ": "
        + outcome.sentence();
  }

  /** The last line: what was asked, found, answered and called, and what came of it. */
  synchronized ObjectNode summary(InvocationOutcome outcome) {
    ObjectNode fields =
        Fields.none()
            .put("event", action.orElse(null))
            .put("coldStart", coldStart)
            .put("outcome", outcome.word())
            .put("reason", outcome.reason());
    found.ifPresent(row -> fields.set("found", Fields.of(row)));
    fields.setAll(outcome.fields());
    addLatest("attempts", attempts, fields);
    calls.sort(Comparator.comparingLong(call -> call.path("afterMs").asLong()));
    addLatest("calls", calls, fields);
    return fields.put("durationMs", millisAt(System.nanoTime()));
  }

  private static void addLatest(String name, List<ObjectNode> all, ObjectNode fields) {
    fields.putArray(name).addAll(all.subList(Math.max(0, all.size() - MAX_ENTRIES), all.size()));
    fields.put(name + "InAll", all.size());
  }

  /** An attempt, and the last call under its token. */
  private ObjectNode attempt(Role role, Attempt attempt) {
    ObjectNode fields = Fields.of(role, attempt);
    calls.stream()
        .filter(call -> call.path("clientToken").asText().equals(attempt.token().value()))
        .reduce((_, last) -> last)
        .map(call -> call.deepCopy().retain("clientToken", "awsRequestId", "ms"))
        .ifPresent(fields::setAll);
    return fields;
  }

  private static void addError(Refusal why, ObjectNode fields) {
    fields.put("errorCode", why.code()).put("errorMessage", why.message());
  }

  private static String words(Verdict verdict) {
    return switch (verdict) {
      case TERMINATED -> "The instance that EC2 started is terminated: ";
      case THROTTLED -> "EC2 allows no more calls for now: ";
      case UNCLEAR, PARAMETER_MISMATCH, UNKNOWN_ID ->
          "It is unknown whether EC2 started an instance: ";
      case NOT_YET, NO_CAPACITY, OVER_QUOTA, CANDIDATE_REFUSED, REQUEST_REFUSED, EXPIRED ->
          "EC2 started no instance: ";
    };
  }

  private void count(Metric metric) {
    counts.merge(metric, 1L, Long::sum);
  }

  private void count(Metric metric, ObjectNode by) {
    divided.computeIfAbsent(by, _ -> new EnumMap<>(Metric.class)).merge(metric, 1L, Long::sum);
  }

  private static void info(String message, ObjectNode fields) {
    LogLines.log(LOG, Level.INFO, message, fields, null);
  }

  private static void warn(String message, ObjectNode fields) {
    LogLines.log(LOG, Level.WARN, message, fields, null);
  }
}
