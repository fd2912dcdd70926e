package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.LaunchIncomplete;
import io.elephant.launcher.failure.LaunchFailure.MeetingNotFound;
import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.launch.Action.Terminate;
import io.elephant.launcher.launch.Next.Do;
import io.elephant.launcher.launch.Next.Fail;
import io.elephant.launcher.launch.Next.Finish;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Recording;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The protocol's rules, in the order in which they apply: what one delivery does next, from what it
 * knows now. It calls nothing, and knows neither pauses nor how much time is left.
 */
record Decisions(Knowledge known, Recovery mode, Instant now) {

  private static final Refusal OUT_OF_TIME = new OutOfTime().refusal();

  /** What is done next. */
  Next next() {
    Settlement settlement = new Settlement(known, now);
    if (known.expired().isPresent()) {
      return new Fail(known.expired().get());
    }
    if (!known.row().isFresh()) {
      return read();
    }
    if (known.row().now().isEmpty()) {
      return settlement.then(noRow());
    }
    Meeting row = known.row().now().get();
    Next next = new Lost(known, row, mode, now).next().orElseGet(() -> launch(row));
    return next instanceof Do(List<? extends Action> actions, Supplier<Next> otherwise)
        ? new Do(with(settlement.unwanted(), actions), () -> settlement.then(otherwise.get()))
        : settlement.then(next);
  }

  /** Candidates are looked up beside the first read; only who chooses one waits for them. */
  private Next read() {
    return known.row().hasBeenRead() || known.candidates().isPresent()
        ? onTable(new Action.Read())
        : new Do(List.of(new Action.Read(), new Action.FindCandidates()), this::tableFailed);
  }

  private Next onTable(Action action) {
    return new Do(List.of(action), this::tableFailed);
  }

  private Next tableFailed() {
    return new Fail(known.row().failure().orElseGet(OutOfTime::new));
  }

  private Next noRow() {
    return known.lost().isPresent() && !known.hasAsked()
        ? new Finish(
            Report.unconcerned(
                Outcome.NOT_NEEDED, Optional.of(known.id()), "its meeting has no row"))
        : new Fail(new MeetingNotFound(known.id().value()));
  }

  /** What nobody wants is ended beside what is done for the roles that are open. */
  private static List<Action> with(List<Terminate> unwanted, List<? extends Action> actions) {
    Set<Action> all = new LinkedHashSet<>(actions);
    all.addAll(unwanted);
    return List.copyOf(all);
  }

  private Next launch(Meeting row) {
    Set<Role> open = row.missing(known.plan().roles());
    if (!row.launchable()) {
      return notLaunchable(row, open);
    }
    if (known.row().refusal().isPresent()) {
      return new Fail(known.row().refusal().get());
    }
    if (open.isEmpty()) {
      return row.beforeLaunched()
          ? onTable(new Action.RecordInstances(row, Map.of()))
          : finish(launched(row), row);
    }
    boolean isEarly = row.isEarly(now, known.plan().maxEarliness());
    if (isEarly || row.isLate(now, known.plan().maxLateness())) {
      return untimely(row, open, isEarly);
    }
    List<Role> unclaimed =
        open.stream()
            .filter(role -> row.state(role).map(LaunchState::isOver).orElse(true))
            .toList();
    return unclaimed.isEmpty() ? advance(row, open) : claim(row, unclaimed);
  }

  private Outcome launched(Meeting row) {
    return known.hasCompleted(row) ? Outcome.LAUNCHED : Outcome.ALREADY_LAUNCHED;
  }

  private Next notLaunchable(Meeting row, Set<Role> open) {
    if (row.cancelled()) {
      return finish(Outcome.CANCELLED, row);
    }
    return open.isEmpty()
        ? finish(launched(row), row)
        : new Finish(
            Report.of(Outcome.OTHER_STATUS, row, known.plan().roles())
                .missing(open.iterator().next() + " has no instance"));
  }

  private Next finish(Outcome outcome, Meeting row) {
    Report report = Report.of(outcome, row, known.plan().roles());
    return new Finish(new Settlement(known, now).missing().map(report::missing).orElse(report));
  }

  /** What was started before is recorded all the same: nobody else would end it. */
  private Next untimely(Meeting row, Set<Role> open, boolean isEarly) {
    if (known.looks().areOwed()) {
      return new Fail(new OutOfTime());
    }
    Map<Role, Recording> running = new LinkedHashMap<>();
    for (Role role : open) {
      row.begun(role)
          .ifPresent(state ->
              decisions(role)
                  .running(state)
                  .map(instance -> new Recording(state.attempt(), instance.id(), false))
                  .ifPresent(recording -> running.put(role, recording)));
    }
    if (!running.isEmpty()) {
      return onTable(new Action.RecordInstances(row, running));
    }
    boolean isGivenUp = !isEarly && row.hasBegun(open) && row.beforeLaunched();
    Outcome late = isGivenUp ? Outcome.GIVEN_UP : Outcome.TOO_LATE;
    Next then = finish(isEarly ? Outcome.TOO_EARLY : late, row);
    return isGivenUp
        ? sayFailed(row, "the meeting began more than " + known.plan().maxLateness() + " ago", then)
        : then;
  }

  private RoleDecisions decisions(Role role) {
    return new RoleDecisions(known, role, now);
  }

  /** Whoever opened a role that was launched before wants a launch of its own. */
  private Next claim(Meeting row, List<Role> unclaimed) {
    if (known.candidates().isEmpty()) {
      return new Do(
          List.of(new Action.FindCandidates()),
          () -> {
            LaunchFailure why = known.candidatesFailure().orElseGet(OutOfTime::new);
            return fail(row, String.valueOf(why.getMessage()), why);
          });
    }
    List<Candidate> candidates = known.candidates().get();
    Map<Role, LaunchState> states = new LinkedHashMap<>();
    for (Role role : unclaimed) {
      Optional<LaunchState> over = row.state(role);
      Attempt first = new Attempts(known, role).first(known.nextClaim(), over, candidates);
      states.put(
          role,
          over.map(state -> state.claimedAgain(first, now))
              .orElseGet(() -> LaunchState.claim(first, now)));
    }
    return onTable(new Action.Put(row, states));
  }

  /** Does what was decided for each role; of the writes, one. */
  private Next advance(Meeting row, Set<Role> open) {
    Map<Role, Recording> recordings = new LinkedHashMap<>();
    Map<Role, LaunchState> moves = new LinkedHashMap<>();
    Set<Action> actions = new LinkedHashSet<>();
    Map<Role, Refusal> reasons = new LinkedHashMap<>();
    for (Role role : open) {
      reasons.put(role, known.role(role).refusal().orElse(OUT_OF_TIME));
      switch (decisions(role).decide(row.state(role).orElseThrow())) {
        case RoleNext.RecordInstance(Recording recording) -> recordings.put(role, recording);
        case RoleNext.Move(LaunchState to) -> moves.put(role, to);
        case RoleNext.Act(List<Action> wanted) -> actions.addAll(wanted);
        case RoleNext.Nothing(Refusal why) -> reasons.put(role, why);
      }
    }
    if (!recordings.isEmpty()) {
      actions.add(new Action.RecordInstances(row, recordings));
    } else if (!moves.isEmpty()) {
      actions.add(new Action.Put(row, moves));
    }
    Refusal first = reasons.values().iterator().next();
    String words =
        reasons.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining("; "));
    Next failed = fail(row, words, new LaunchIncomplete(known.id().value(), first, words));
    return actions.isEmpty() ? failed : new Do(new ArrayList<>(actions), () -> failed);
  }

  private Next fail(Meeting row, String words, LaunchFailure why) {
    Next then = new Fail(why);
    return row.beforeLaunched() ? sayFailed(row, words, then) : then;
  }

  /** Says the failure in the row once. */
  private Next sayFailed(Meeting row, String why, Next then) {
    return known.hasSaidFailure()
        ? then
        : new Do(
            List.of(new Action.SayFailed(row, row.missing(known.plan().roles()), why)), () -> then);
  }
}
