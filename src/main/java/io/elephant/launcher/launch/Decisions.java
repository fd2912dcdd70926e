package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.LaunchIncomplete;
import io.elephant.launcher.failure.LaunchFailure.MeetingNotFound;
import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.launch.Next.Do;
import io.elephant.launcher.launch.Next.Fail;
import io.elephant.launcher.launch.Next.Finish;
import io.elephant.launcher.launch.RoleDecisions.RoleNext;
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
import java.util.stream.Collectors;

/**
 * The protocol's rules, in the order in which they apply: what one delivery does next, from what it
 * knows. It calls nothing, and knows neither pauses nor how much time is left.
 */
final class Decisions {

  private static final Refusal OUT_OF_TIME = new OutOfTime().refusal();

  private final LaunchPlan plan;
  private final Lost lost;

  Decisions(LaunchPlan plan, Recovery mode) {
    this.plan = plan;
    this.lost = new Lost(plan, mode);
  }

  /** What is done next. */
  Next decide(Knowledge known, Instant now) {
    if (known.expired().isPresent()) {
      return new Fail(known.expired().get());
    }
    if (!known.isRowFresh()) {
      return read(known);
    }
    Settlement settlement = new Settlement(known, plan, now);
    if (known.row().isEmpty()) {
      return settlement.then(noRow(known));
    }
    Meeting row = known.row().get();
    Next next = lost.decide(known, row, now).orElseGet(() -> launch(known, row, settlement, now));
    return withTerminations(next, settlement);
  }

  /** Candidates are looked up beside the first read; only who chooses one waits for them. */
  private static Next read(Knowledge known) {
    List<Action> actions = new ArrayList<>(List.of(new Action.Read()));
    if (!known.hasReadRow() && known.candidates().isEmpty()) {
      actions.add(new Action.FindCandidates());
    }
    return new Do(actions, () -> new Fail(known.tableFailure().orElseGet(OutOfTime::new)));
  }

  private static Next noRow(Knowledge known) {
    boolean isOther = known.lost().isPresent() && !known.hasAsked();
    return isOther
        ? new Finish(
            Report.unconcerned(
                Outcome.NOT_NEEDED, Optional.of(known.id()), "its meeting has no row"))
        : new Fail(new MeetingNotFound(known.id().value()));
  }

  /** What nobody wants is ended beside what is done for the roles that are open. */
  private static Next withTerminations(Next next, Settlement settlement) {
    if (!(next instanceof Do(List<? extends Action> actions, var otherwise))) {
      return next;
    }
    List<Action> all = new ArrayList<>(actions);
    settlement.unwanted().stream().filter(one -> !all.contains(one)).forEach(all::add);
    return new Do(all, otherwise);
  }

  private Next launch(Knowledge known, Meeting row, Settlement settlement, Instant now) {
    Set<Role> open = row.missing(plan.roles());
    if (!row.launchable()) {
      return settlement.then(notLaunchable(known, row, open, settlement));
    }
    Optional<LaunchFailure> refused = known.refusedByTable();
    if (refused.isPresent()) {
      return settlement.then(new Fail(refused.get()));
    }
    if (open.isEmpty()) {
      return row.beforeLaunched()
          ? write(known, new Action.RecordInstances(row, Map.of()))
          : settlement.then(finish(launched(known, row), row, settlement));
    }
    boolean isEarly = row.isEarly(now, plan.maxEarliness());
    if (isEarly || row.isLate(now, plan.maxLateness())) {
      return untimely(known, row, open, settlement, isEarly, now);
    }
    List<Role> unclaimed =
        open.stream()
            .filter(role -> row.state(role).map(LaunchState::isOver).orElse(true))
            .toList();
    return unclaimed.isEmpty()
        ? advance(known, row, open, settlement, now)
        : claim(known, row, unclaimed, settlement, now);
  }

  private Outcome launched(Knowledge known, Meeting row) {
    return known.hasCompleted(row) ? Outcome.LAUNCHED : Outcome.ALREADY_LAUNCHED;
  }

  private Next notLaunchable(Knowledge known, Meeting row, Set<Role> open, Settlement settlement) {
    if (row.cancelled()) {
      return finish(Outcome.CANCELLED, row, settlement);
    }
    if (open.isEmpty()) {
      return finish(launched(known, row), row, settlement);
    }
    String what = "%s has no instance".formatted(open.iterator().next());
    return new Finish(Report.of(Outcome.OTHER_STATUS, row, plan.roles()).missing(what));
  }

  private Next finish(Outcome outcome, Meeting row, Settlement settlement) {
    Report report = Report.of(outcome, row, plan.roles());
    return new Finish(settlement.missing().map(report::missing).orElse(report));
  }

  private static Next write(Knowledge known, Action write) {
    return new Do(List.of(write), () -> new Fail(known.tableFailure().orElseGet(OutOfTime::new)));
  }

  /** What was started before is recorded all the same: nobody else would end it. */
  private Next untimely(
      Knowledge known,
      Meeting row,
      Set<Role> open,
      Settlement settlement,
      boolean isEarly,
      Instant now) {
    if (known.looks().areOwed()) {
      return settlement.then(new Fail(new OutOfTime()));
    }
    Map<Role, Recording> running = new LinkedHashMap<>();
    for (Role role : open) {
      row.begun(role)
          .ifPresent(state ->
              new RoleDecisions(known, plan, role, now)
                  .running(state)
                  .ifPresent(instance ->
                      running.put(role, new Recording(state.attempt(), instance.id(), false))));
    }
    if (!running.isEmpty()) {
      return write(known, new Action.RecordInstances(row, running));
    }
    boolean isGivenUp = !isEarly && row.hasBegun(open) && row.beforeLaunched();
    Outcome outcome = isEarly ? Outcome.TOO_EARLY : isGivenUp ? Outcome.GIVEN_UP : Outcome.TOO_LATE;
    Next then = settlement.then(finish(outcome, row, settlement));
    String why = "the meeting began more than " + plan.maxLateness() + " ago";
    return isGivenUp && !known.hasSaidFailure()
        ? new Do(List.of(new Action.SayFailed(row, open, why)), () -> then)
        : then;
  }

  /** Whoever opened a role that was launched before wants a launch of its own. */
  private Next claim(
      Knowledge known, Meeting row, List<Role> unclaimed, Settlement settlement, Instant now) {
    if (known.candidates().isEmpty()) {
      return new Do(
          List.of(new Action.FindCandidates()),
          () -> fail(known, row, settlement, known.candidatesFailure().orElseGet(OutOfTime::new)));
    }
    List<Candidate> candidates = known.candidates().get();
    Map<Role, LaunchState> states = new LinkedHashMap<>();
    for (Role role : unclaimed) {
      RoleDecisions decisions = new RoleDecisions(known, plan, role, now);
      Optional<LaunchState> over = row.state(role);
      int number =
          over.map(state -> Math.min(state.attempt().number() + 1, Attempt.LAST_NUMBER)).orElse(0);
      Attempt first = decisions.first(known.nextClaim(), number, candidates);
      states.put(
          role,
          over.map(state -> state.claimedAgain(first, now))
              .orElseGet(() -> LaunchState.claim(first, now)));
    }
    return write(known, new Action.Put(row, states));
  }

  /** Does what was decided for each role; of the writes, one. */
  private Next advance(
      Knowledge known, Meeting row, Set<Role> open, Settlement settlement, Instant now) {
    Map<Role, Recording> recordings = new LinkedHashMap<>();
    Map<Role, LaunchState> moves = new LinkedHashMap<>();
    Set<Action> actions = new LinkedHashSet<>();
    Map<Role, Refusal> reasons = new LinkedHashMap<>();
    for (Role role : open) {
      LaunchState state = row.state(role).orElseThrow();
      reasons.put(role, known.role(role).refusal().orElse(OUT_OF_TIME));
      switch (new RoleDecisions(known, plan, role, now).decide(state)) {
        case RoleNext.RecordInstance(Recording recording) -> recordings.put(role, recording);
        case RoleNext.Move(LaunchState to) -> moves.put(role, to);
        case RoleNext.Act(List<Action> wanted) -> {
          actions.addAll(wanted);
          if (!known.looks().haveLookedFor(state.attempt().claim())
              && wanted.stream().anyMatch(Action.Run.class::isInstance)) {
            // The row is not the only memory: it can be restored or reset while instances run.
            actions.add(new Action.Look(false));
          }
        }
        case RoleNext.Nothing(Refusal why) -> reasons.put(role, why);
      }
    }
    if (!recordings.isEmpty()) {
      actions.add(new Action.RecordInstances(row, recordings));
    } else if (!moves.isEmpty()) {
      actions.add(new Action.Put(row, moves));
    }
    Next failed = fail(known, row, settlement, incomplete(known, reasons));
    return actions.isEmpty() ? failed : new Do(List.copyOf(actions), () -> failed);
  }

  private static LaunchFailure incomplete(Knowledge known, Map<Role, Refusal> reasons) {
    return new LaunchIncomplete(
        known.id().value(),
        reasons.values().iterator().next(),
        reasons.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining("; ")));
  }

  /** Says the failure in the row once, settles, and fails. */
  private Next fail(Knowledge known, Meeting row, Settlement settlement, LaunchFailure why) {
    Next then = settlement.then(new Fail(why));
    Set<Role> open = row.missing(plan.roles());
    return known.hasSaidFailure() || !row.beforeLaunched()
        ? then
        : new Do(
            List.of(new Action.SayFailed(row, open, String.valueOf(why.getMessage()))), () -> then);
  }
}
