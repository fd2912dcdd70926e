package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure.LaunchIncomplete;
import io.elephant.launcher.failure.LaunchFailure.NotTerminated;
import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.launch.Next.Do;
import io.elephant.launcher.launch.Next.Fail;
import io.elephant.launcher.launch.Next.Finish;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What follows from an instance that has ended, or does not run any more. */
record Lost(Knowledge known, Meeting row, Recovery mode, Instant now) {

  /** What follows; nothing where the launch goes on as for any other reason. */
  Optional<Next> next() {
    if (row.cancelled()) {
      return known.hasAsked()
          ? Optional.empty()
          : known.lost().map(_ -> notNeeded("its meeting is " + status()));
    }
    Optional<Role> other =
        known.lost().map(Loss::role).filter(role -> !known.plan().roles().contains(role));
    if (other.isPresent()) {
      return Optional.of(notNeeded("its role %s is not one of ROLES".formatted(other.get())));
    }
    Optional<Loss> lost =
        known.lost().filter(loss -> row.names(loss.role(), loss.instance())).or(() -> own());
    return lost.isPresent()
        ? Optional.of(named(lost.get()))
        : known.lost().flatMap(loss -> notNamed(loss));
  }

  /** What this delivery ended before the row, or an old copy of it, came to name it. */
  private Optional<Loss> own() {
    return known.plan().roles().stream()
        .flatMap(role ->
            row.instance(role).stream()
                .filter(known.endings()::hasTerminated)
                .map(one -> new Loss(one, role, Endings.BY_THIS_FUNCTION, true, false)))
        .filter(loss -> obstacle(loss).isEmpty())
        .findFirst();
  }

  private Next named(Loss loss) {
    Optional<String> obstacle = obstacle(loss);
    if (obstacle.isPresent()) {
      return leave(loss, obstacle.get());
    }
    LaunchState state = row.state(loss.role()).orElseThrow();
    if (!state.mayReplace()) {
      return notReplaced(loss, state);
    }
    if (known.candidates().isEmpty()) {
      return new Do(
          List.of(new Action.FindCandidates()),
          () -> new Fail(known.candidatesFailure().orElseGet(OutOfTime::new)));
    }
    if (!loss.isTerminated() && !known.endings().hasTerminated(loss.instance())) {
      // Two would run: a Spot instance for two minutes, a stopped one once somebody starts it.
      Refusal refusal =
          known.endings().notTerminated().getOrDefault(loss.instance(), new OutOfTime().refusal());
      Next failed =
          new Fail(
              new NotTerminated(
                  row.id().value(),
                  refusal,
                  "%s is not terminated: %s".formatted(loss.instance(), refusal)));
      return known.endings().isRefusedForGood(loss.instance())
          ? failed
          : new Do(
              List.of(new Action.Terminate(loss.role(), loss.instance(), false)), () -> failed);
    }
    List<Candidate> candidates = known.candidates().get();
    LaunchState next =
        new Attempts(known, loss.role())
            .after(loss, state.with(loss.instance(), false), candidates);
    return new Do(
        List.of(new Action.Lose(row, loss.role(), next)),
        () -> new Fail(known.row().failure().orElseGet(OutOfTime::new)));
  }

  private Next notReplaced(Loss loss, LaunchState state) {
    Refusal why = RoleDecisions.tooMany(state, loss.why());
    Next failed = new Fail(new LaunchIncomplete(row.id().value(), why, loss.role() + ": " + why));
    return state.reason().equals(Optional.of(why))
        ? failed
        : new Do(List.of(new Action.Lose(row, loss.role(), state.notReplaced(why))), () -> failed);
  }

  /** Why the instance is not replaced, although the row names it. */
  private Optional<String> obstacle(Loss loss) {
    if (loss.wasOnPurpose()) {
      return Optional.of("somebody ended it on purpose: " + loss.why());
    }
    if (row.isLate(now, known.plan().maxLateness())) {
      return Optional.of("its meeting began too long ago: " + loss.why());
    }
    if (!row.launchable()) {
      return Optional.of(
          "its meeting is %s, so others hold its address: %s".formatted(status(), loss.why()));
    }
    if (mode == Recovery.REPORT) {
      return Optional.of("RECOVERY_MODE is report: " + loss.why());
    }
    if (row.isEarly(now, known.plan().maxEarliness())) {
      return Optional.of("its meeting begins too long from now: " + loss.why());
    }
    return row.state(loss.role()).isEmpty()
        ? Optional.of("its meeting's row has no launch record of it: " + loss.why())
        : Optional.empty();
  }

  private Next leave(Loss loss, String obstacle) {
    if (loss.wasOnPurpose() && row.isLate(now, known.plan().maxLateness())) {
      return notNeeded("its meeting began too long ago");
    }
    // Whoever ends a lesson may end its instances before the row says so; nobody stops them.
    boolean counts = row.launchable() || !loss.wasOnPurpose() || !loss.isTerminated();
    Report reported = finished(Outcome.REPORTED, obstacle).losing(loss);
    return new Finish(counts ? reported.missing(obstacle) : reported);
  }

  /** The row does not name it: who is second finds that another delivery replaces it. */
  private Optional<Next> notNamed(Loss loss) {
    boolean isOpen = row.missing(List.of(loss.role())).contains(loss.role());
    Optional<LaunchState> state = row.state(loss.role());
    boolean wasRecorded = state.filter(one -> one.hasRecorded(loss.instance())).isPresent();
    if (known.hasAsked() || known.endings().hasTerminated(loss.instance())) {
      return Optional.empty();
    }
    if (loss.byTokenOnly() && !wasRecorded) {
      return Optional.of(
          new Finish(
              Report.unconcerned(
                  Outcome.NOT_OURS, Optional.empty(), "it has no tags, and no row names it")));
    }
    boolean goesOn = isOpen && row.begun(loss.role()).isPresent() && obstacle(loss).isEmpty();
    if (goesOn) {
      return Optional.empty();
    }
    boolean counts = isOpen && !row.isEarly(now, known.plan().maxEarliness());
    if (counts && (!row.launchable() || wasRecorded) && !loss.wasOnPurpose()) {
      String what = "its meeting is %s and has no instance of %s".formatted(status(), loss.role());
      return Optional.of(new Finish(finished(Outcome.REPORTED, what).losing(loss).missing(what)));
    }
    return Optional.of(notNeeded("its meeting's row does not name it"));
  }

  private Next notNeeded(String why) {
    return new Finish(finished(Outcome.NOT_NEEDED, why));
  }

  private Report finished(Outcome outcome, String why) {
    return Report.of(outcome, row, known.plan().roles()).because(outcome, why);
  }

  private String status() {
    return row.status().map(Status::value).orElse("without a status");
  }
}
