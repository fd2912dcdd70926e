package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.Termination.Terminated;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Recording;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One delivery of a meeting's event: the loop that decides, does and learns. */
final class Delivery {

  private final Knowledge known;
  private final Recovery mode;
  private final Actions actions;
  private final Invocation invocation;
  private final Pace pace;

  Delivery(Knowledge known, Recovery mode, Actions actions, Invocation invocation) {
    this.known = known;
    this.mode = mode;
    this.actions = actions;
    this.invocation = invocation;
    this.pace = new Pace(invocation);
  }

  /**
   * Works until there is nothing left to do.
   *
   * @throws LaunchFailure if a wanted instance is not running and recorded at the end, or an
   *     unwanted one is not terminated
   */
  Report run() {
    while (true) {
      Next next = decide();
      while (next instanceof Next.Do wanted) {
        next = perform(wanted) ? decide() : wanted.otherwise().get();
      }
      if (next instanceof Next.Finish(Report report)) {
        if (report.outcome() == Outcome.LAUNCHED) {
          invocation.record(new Step.Launched(known.row().now().flatMap(Meeting::claimed)));
        }
        return report;
      }
      if (next instanceof Next.Fail(LaunchFailure failure)) {
        throw failure;
      }
    }
  }

  Next decide() {
    return new Decisions(known, mode, pace.now()).next();
  }

  /** Does what may go now, or waits for what may go first; false where there is time for none. */
  boolean perform(Next.Do wanted) {
    Map<Action, Instant> times = new LinkedHashMap<>();
    for (Action action : wanted.actions()) {
      pace.mayGo(action).ifPresent(time -> times.put(action, time));
    }
    Optional<Instant> first = times.values().stream().min(Instant::compareTo);
    if (first.isEmpty()) {
      return false;
    }
    Instant now = pace.now();
    if (first.get().isAfter(now)) {
      pace.await(first.get());
      known.learnWaited(pace.now());
      return true;
    }
    times.values().removeIf(time -> time.isAfter(now));
    performSideBySide(together(times.keySet()));
    return true;
  }

  /**
   * Those that go side by side: an instance is ended right after the row was read or written and
   * before anything else; and while EC2 refuses calls for their rate, one request finds out for
   * all.
   */
  private List<Action> together(Collection<Action> ripe) {
    boolean writes = ripe.stream().anyMatch(Action.Write.class::isInstance);
    boolean ends = !writes && ripe.stream().anyMatch(Action.Terminate.class::isInstance);
    if (ends && !known.row().isNewest()) {
      return List.of(new Action.Read());
    }
    List<Action> together = new ArrayList<>();
    boolean asks = false;
    for (Action action : ripe) {
      boolean isRun = action instanceof Action.Run;
      if (action instanceof Action.Terminate == ends && !(isRun && asks && pace.isThrottled())) {
        together.add(action);
        asks |= isRun;
      }
    }
    return together;
  }

  /** The look is learned last: what the other answers say may be newer than what it shows. */
  private void performSideBySide(List<Action> ripe) {
    Map<Action, Invocation.Pending<Answer>> pending = new LinkedHashMap<>();
    for (Action action : ripe) {
      if (ripe.size() == 1 && action instanceof Action.OnTable) {
        learn(action, actions.perform(action));
        return;
      }
      pending.put(action, invocation.async(() -> actions.perform(action)));
    }
    Map<Action, Answer> answers = new LinkedHashMap<>();
    pending.forEach((action, answer) -> answers.put(action, await(action, answer)));
    answers.entrySet().stream()
        .sorted(Comparator.comparingInt(answer -> order(answer.getKey())))
        .forEach(answer -> learn(answer.getKey(), answer.getValue()));
  }

  private static int order(Action action) {
    return switch (action) {
      case Action.OnTable _ -> 0;
      case Action.Look _ -> 2;
      default -> 1;
    };
  }

  private static Answer await(Action action, Invocation.Pending<Answer> answer) {
    try {
      return answer.get();
    } catch (OutOfTime e) {
      Refusal refusal = new Refusal("NoAnswer", String.valueOf(e.getMessage()));
      return Actions.failed(action, new CallFailed("A call", Verdict.UNCLEAR, refusal, e));
    }
  }

  private void learn(Action action, Answer answer) {
    boolean isFirstRow = !known.row().hasBeenRead();
    known.learn(action, answer, pace.now());
    pace.learn(action, answer, known);
    if (isFirstRow && answer instanceof Answer.Found) {
      known.row().now().ifPresent(row -> invocation.record(new Step.Found(row)));
    }
    record(action, answer);
  }

  private void record(Action action, Answer answer) {
    switch (action) {
      case Action.Run(Role role, var attempt) when answer instanceof Answer.Ran(var result) ->
          invocation.record(new Step.Asked(role, attempt, result));
      case Action.Put(Meeting seen, Map<Role, LaunchState> states)
          when answer instanceof Answer.Written ->
          states.forEach((role, to) ->
              seen.begun(role).ifPresent(from -> invocation.record(Step.of(role, from, to))));
      case Action.Lose(Meeting seen, Role role, LaunchState to)
          when answer instanceof Answer.Written && to.recorded().isEmpty() ->
          invocation.record(Step.of(role, seen.state(role).orElseThrow(), to));
      case Action.RecordInstances(_, Map<Role, Recording> recordings)
          when answer instanceof Answer.Written ->
          recordings.forEach((role, recording) -> {
            if (!known.isOwn(recording.instance())) {
              invocation.record(new Step.Adopted(role, recording.instance()));
            }
          });
      case Action.Terminate(Role role, InstanceId instance, boolean cancelled)
          when answer instanceof Answer.Ended(Terminated()) ->
          invocation.record(
              cancelled ? new Step.Cancelled(role, instance) : new Step.Superseded(role, instance));
      default -> {}
    }
  }
}
