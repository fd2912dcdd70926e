package io.elephant.launcher.telemetry;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.RunResult.NotStarted;
import io.elephant.launcher.instance.RunResult.Started;
import io.elephant.launcher.launch.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/**
 * What happens in one invocation, step by step and call by call. Each entry is a line of the log as
 * it is made, and all of them are the story that is told at the end.
 */
public final class InvocationLog {

  /** The journal of the invocation that a thread works for. */
  public static final ScopedValue<InvocationLog> CURRENT = ScopedValue.newInstance();

  private static final Logger LOG = Logger.getLogger(InvocationLog.class);

  private final long arrival = System.nanoTime();
  private final String requestId;
  private final boolean coldStart;
  private final List<Step> steps = new ArrayList<>();
  private final List<Fields> attempts = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();
  private Optional<String> action = Optional.empty();
  private Optional<MeetingId> meeting = Optional.empty();

  InvocationLog(String requestId, boolean coldStart) {
    this.requestId = requestId;
    this.coldStart = coldStart;
  }

  /** What the event asks for, and for which meeting, if for one. */
  public synchronized void begin(String asked, Optional<MeetingId> about) {
    action = Optional.of(asked);
    meeting = about;
  }

  /** Enters what a delivery did or learned. */
  public synchronized void enter(Step step) {
    steps.add(step);
    switch (step) {
      case Step.Found _ -> {}
      case Step.Asked(Role role, Attempt attempt, Started(InstanceId instance)) -> {
        Fields fields = attempt(role, attempt).with("instance", instance.value());
        attempts.add(fields);
        log(Level.INFO, "EC2 has started " + instance, fields);
      }
      case Step.Asked(Role role, Attempt attempt, NotStarted result) -> {
        Refusal refusal = result.refusal();
        Fields fields =
            attempt(role, attempt)
                .with("result", result.getClass().getSimpleName())
                .with("errorCode", refusal.code())
                .with("errorMessage", refusal.message());
        attempts.add(fields);
        log(Level.WARN, "EC2 has started nothing: " + refusal, fields);
      }
      case Step.FellBack(Role role, Candidate _, Candidate to) ->
          log(Level.INFO, "The role goes on to another candidate", on(role).with(candidate(to)));
      case Step.Replaced(Role role, Attempt by) ->
          log(Level.WARN, "The machine died unrecorded and is replaced", attempt(role, by));
      case Step.Amended(Role role, Attempt to) ->
          log(Level.INFO, "The token goes out with another request", attempt(role, to));
      case Step.Adopted(Role role, InstanceId instance) ->
          log(Level.WARN, "The machine of another request is taken over", on(role, instance));
      case Step.Superseded(Role role, InstanceId instance) ->
          log(Level.WARN, "The row no longer wants this machine; it dies", on(role, instance));
      case Step.Cancelled(Role role, InstanceId instance) ->
          log(
              Level.WARN,
              "The meeting is called off or gone; its machine dies",
              on(role, instance));
    }
  }

  /** Enters a call of AWS's. */
  synchronized void enter(Call call) {
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

  synchronized Optional<MeetingId> meeting() {
    return meeting;
  }

  synchronized List<Step> steps() {
    return List.copyOf(steps);
  }

  synchronized List<Fields> attempts() {
    return List.copyOf(attempts);
  }

  synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  private static void log(Level level, String message, Fields fields) {
    fields.log(LOG, level, message);
  }

  private Fields attempt(Role role, Attempt attempt) {
    Optional<Call> call =
        calls.stream()
            .filter(made -> made.token().filter(attempt.token().value()::equals).isPresent())
            .reduce((_, last) -> last);
    return on(role)
        .with("attempt", attempt.number())
        .with(candidate(attempt.request().candidate()))
        .with(call.map(Call::answer).orElseGet(Fields::new));
  }

  static Fields candidate(Candidate candidate) {
    return new Fields()
        .with("zone", candidate.subnet().zone().name())
        .with("instanceType", candidate.instanceType())
        .with("market", candidate.market().toString());
  }

  private static Fields on(Role role) {
    return new Fields().with("role", role.value());
  }

  private static Fields on(Role role, InstanceId instance) {
    return on(role).with("instance", instance.value());
  }
}
