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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/**
 * The steps and the AWS calls of one invocation. Each is logged as it is added, and all of them are
 * in the summary at the end.
 */
public final class InvocationLog {

  /** The log of the invocation that a thread works for. */
  public static final ScopedValue<InvocationLog> CURRENT = ScopedValue.newInstance();

  private static final Logger LOG = Logger.getLogger(InvocationLog.class);

  private final long arrival = System.nanoTime();
  private final String requestId;
  private final boolean coldStart;
  private final List<Step> steps = new ArrayList<>();
  private final List<ObjectNode> attempts = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();
  private Optional<String> action = Optional.empty();
  private Optional<MeetingId> meeting = Optional.empty();
  private Optional<InstanceId> notice = Optional.empty();

  InvocationLog(String requestId, boolean coldStart) {
    this.requestId = requestId;
    this.coldStart = coldStart;
  }

  /** What the event asks for, and for which meeting, if for one. */
  public synchronized void begin(String asked, Optional<MeetingId> about) {
    action = Optional.of(asked);
    meeting = about;
  }

  /** The event tells of this instance. */
  public synchronized void beginRecovery(InstanceId instance) {
    action = Optional.of("recovery");
    notice = Optional.of(instance);
  }

  synchronized Optional<InstanceId> notice() {
    return notice;
  }

  /** Adds what a delivery did or learned. */
  public synchronized void add(Step step) {
    steps.add(step);
    switch (step) {
      case Step.Found _, Step.Launched _ -> {}
      case Step.Asked(Role role, Attempt attempt, RunResult.Answered(Ec2Instance instance)) -> {
        ObjectNode fields = attempt(role, attempt).put("instance", instance.id().value());
        instance
            .state()
            .reason()
            .ifPresentOrElse(
                why -> {
                  fields.put("errorCode", why.code()).put("errorMessage", why.message());
                  log(
                      Level.WARN,
                      "The instance " + instance.id() + " does not run: " + why,
                      fields);
                },
                () -> log(Level.INFO, "EC2 has started " + instance.id(), fields));
        attempts.add(fields);
      }
      case Step.Asked(
              Role role,
              Attempt attempt,
              RunResult.Refused(Verdict verdict, Refusal refusal)) -> {
        ObjectNode fields =
            attempt(role, attempt)
                .put("result", word(verdict))
                .put("errorCode", refusal.code())
                .put("errorMessage", refusal.message());
        attempts.add(fields);
        log(Level.WARN, said(verdict) + refusal, fields);
      }
      case Step.FellBack(Role role, Candidate _, Candidate to) ->
          log(
              Level.INFO,
              "The role continues with another candidate",
              on(role).setAll(candidate(to)));
      case Step.Replaced(Role role, Attempt by) ->
          log(
              Level.WARN,
              "The instance was terminated before it was recorded; it is replaced",
              attempt(role, by));
      case Step.Renewed(Role role, Attempt attempt) ->
          log(
              Level.INFO,
              "The role continues with the same candidate under another client token",
              attempt(role, attempt));
      case Step.Adopted(Role role, InstanceId instance) ->
          log(
              Level.WARN,
              "An instance that was started before and not recorded is the role's",
              on(role, instance));
      case Step.Superseded(Role role, InstanceId instance) ->
          log(
              Level.WARN,
              "The row names another instance or attempt; this instance is terminated",
              on(role, instance));
      case Step.Cancelled(Role role, InstanceId instance) ->
          log(
              Level.WARN,
              "The meeting is cancelled or deleted; its instance is terminated",
              on(role, instance));
    }
  }

  /** Adds a call to AWS. */
  synchronized void add(Call call) {
    calls.add(call);
    log(Level.DEBUG, call.operation(), call.fields());
  }

  /** How long after the event's arrival a moment was, which {@link System#nanoTime()} gave. */
  Duration at(long nanoTime) {
    return Duration.ofNanos(nanoTime - arrival);
  }

  Duration age() {
    return at(System.nanoTime());
  }

  String requestId() {
    return requestId;
  }

  boolean coldStart() {
    return coldStart;
  }

  synchronized Optional<String> action() {
    return action;
  }

  /** Whether the event asks for a launch, as far as anybody knows what it asks for. */
  public synchronized boolean isOfLaunch() {
    return action.map(asked -> asked.equals("launch") || asked.equals("recovery")).orElse(true);
  }

  synchronized Optional<MeetingId> meeting() {
    return meeting;
  }

  synchronized List<Step> steps() {
    return List.copyOf(steps);
  }

  /** The row, as it was first read, if it was. */
  Optional<Meeting> found() {
    return steps().stream()
        .filter(Step.Found.class::isInstance)
        .map(Step.Found.class::cast)
        .map(Step.Found::meeting)
        .findFirst();
  }

  synchronized List<ObjectNode> attempts() {
    return List.copyOf(attempts);
  }

  synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Such as {@code NoCapacity}. */
  private static String word(Verdict verdict) {
    StringBuilder word = new StringBuilder();
    for (String part : verdict.name().split("_", -1)) {
      word.append(part.charAt(0)).append(part.substring(1).toLowerCase(Locale.ROOT));
    }
    return word.toString();
  }

  private static String said(Verdict verdict) {
    return switch (verdict) {
      case TERMINATED -> "The instance that EC2 started is terminated: ";
      case THROTTLED -> "EC2 allows no more calls for now: ";
      case UNCLEAR, PARAMETER_MISMATCH, UNKNOWN_ID ->
          "Nobody knows whether EC2 has started an instance: ";
      case NOT_YET, NO_CAPACITY, OVER_QUOTA, CANDIDATE_REFUSED, REQUEST_REFUSED, EXPIRED ->
          "EC2 has started nothing: ";
    };
  }

  private static void log(Level level, String message, ObjectNode fields) {
    LogLines.log(LOG, level, message, fields, null);
  }

  private ObjectNode attempt(Role role, Attempt attempt) {
    Optional<Call> call =
        calls.stream()
            .filter(made -> made.token().filter(attempt.token().value()::equals).isPresent())
            .reduce((_, last) -> last);
    return on(role)
        .put("attempt", attempt.number())
        .<ObjectNode>setAll(candidate(attempt.request().candidate()))
        .setAll(call.map(Call::answer).orElseGet(LogLines::fields));
  }

  static ObjectNode candidate(Candidate candidate) {
    return LogLines.fields()
        .put("zone", candidate.subnet().zone().name())
        .put("instanceType", candidate.instanceType())
        .put("market", candidate.market().toString());
  }

  private static ObjectNode on(Role role) {
    return LogLines.fields().put("role", role.value());
  }

  private static ObjectNode on(Role role, InstanceId instance) {
    return on(role).put("instance", instance.value());
  }
}
