package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure.LaunchIncomplete;
import io.elephant.launcher.failure.LaunchFailure.NotTerminated;
import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchPlan;
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
final class Lost {

  private static final Refusal BY_THIS_FUNCTION =
      new Refusal("InstanceTerminated", "this function has terminated it");

  private final LaunchPlan plan;
  private final Recovery mode;

  Lost(LaunchPlan plan, Recovery mode) {
    this.plan = plan;
    this.mode = mode;
  }

  /** What follows; nothing where the launch goes on as for any other reason. */
  Optional<Next> decide(Knowledge known, Meeting row, Instant now) {
    Optional<Loss> lost =
        known
            .lost()
            .filter(loss -> row.names(loss.role(), loss.instance()))
            .or(() -> own(known, row, now));
    return lost.isPresent()
        ? Optional.of(named(known, row, lost.get(), now))
        : known.lost().flatMap(loss -> notNamed(known, row, loss, now));
  }

  /** What this delivery ended before the row, or an old copy of it, came to name it. */
  private Optional<Loss> own(Knowledge known, Meeting row, Instant now) {
    return plan.roles().stream()
        .flatMap(role ->
            Optional.ofNullable(row.instances().get(role)).stream()
                .filter(known::hasTerminated)
                .map(instance -> loss(instance, role, row)))
        .filter(loss -> obstacle(row, loss, now).isEmpty())
        .findFirst();
  }

  private static Loss loss(InstanceId instance, Role role, Meeting row) {
    Instant launched = row.state(role).map(LaunchState::claimed).orElse(Instant.MIN);
    return new Loss(instance, role, launched, BY_THIS_FUNCTION, true, false);
  }

  private Next named(Knowledge known, Meeting row, Loss loss, Instant now) {
    Optional<String> obstacle = obstacle(row, loss, now);
    if (obstacle.isPresent()) {
      return leave(row, loss, obstacle.get(), now);
    }
    LaunchState state = row.state(loss.role()).orElseThrow();
    if (!state.mayReplace() && !state.isOlderThanLaunch(loss.launched())) {
      return notReplaced(row, loss, state);
    }
    if (known.candidates().isEmpty()) {
      return new Do(
          List.of(new Action.FindCandidates()),
          () -> new Fail(known.candidatesFailure().orElseGet(OutOfTime::new)));
    }
    if (!loss.isTerminated() && !known.hasTerminated(loss.instance())) {
      // Two would run: a Spot instance for two minutes, a stopped one once somebody starts it.
      Refusal refusal =
          known.notTerminated().getOrDefault(loss.instance(), new OutOfTime().refusal());
      Next failed =
          new Fail(
              new NotTerminated(
                  row.id().value(),
                  refusal,
                  "%s is not terminated: %s".formatted(loss.instance(), refusal)));
      return known.isRefusedForGood(loss.instance())
          ? failed
          : new Do(
              List.of(new Action.Terminate(loss.role(), loss.instance(), false)), () -> failed);
    }
    List<Candidate> candidates = known.candidates().get();
    LaunchState next =
        new RoleDecisions(known, plan, loss.role(), now)
            .lose(state.with(loss.instance(), false), loss, candidates);
    return new Do(
        List.of(new Action.Lose(row, loss.role(), next)),
        () -> new Fail(known.tableFailure().orElseGet(OutOfTime::new)));
  }

  private static Next notReplaced(Meeting row, Loss loss, LaunchState state) {
    Refusal why = RoleDecisions.tooMany(state, loss.why());
    Next failed = new Fail(new LaunchIncomplete(row.id().value(), why, loss.role() + ": " + why));
    return state.reason().equals(Optional.of(why))
        ? failed
        : new Do(List.of(new Action.Lose(row, loss.role(), state.notReplaced(why))), () -> failed);
  }

  /** Why the instance is not replaced, although the row names it. */
  private Optional<String> obstacle(Meeting row, Loss loss, Instant now) {
    if (loss.wasOnPurpose()) {
      return Optional.of("somebody ended it on purpose: " + loss.why());
    }
    if (row.isLate(now, plan.maxLateness())) {
      return Optional.of("its meeting began too long ago: " + loss.why());
    }
    if (!row.launchable()) {
      return Optional.of(
          "its meeting is %s, so others hold its address: %s".formatted(status(row), loss.why()));
    }
    if (mode == Recovery.REPORT) {
      return Optional.of("RECOVERY_MODE is report: " + loss.why());
    }
    if (!plan.roles().contains(loss.role())) {
      return Optional.of("its role %s is not one of ROLES: %s".formatted(loss.role(), loss.why()));
    }
    if (row.isEarly(now, plan.maxEarliness())) {
      return Optional.of("its meeting begins too long from now: " + loss.why());
    }
    return row.state(loss.role()).isEmpty()
        ? Optional.of("its meeting's row has no launch record of it: " + loss.why())
        : Optional.empty();
  }

  private Next leave(Meeting row, Loss loss, String obstacle, Instant now) {
    Report report = Report.of(Outcome.REPORTED, row, plan.roles());
    if (loss.wasOnPurpose() && row.isLate(now, plan.maxLateness())) {
      return new Finish(report.because(Outcome.NOT_NEEDED, "its meeting began too long ago"));
    }
    Report said = report.because(Outcome.REPORTED, obstacle).losing(loss);
    // Whoever ends a lesson may end its instances before the row says so.
    boolean counts = row.launchable() || !loss.wasOnPurpose();
    return new Finish(counts ? said.missing(obstacle) : said);
  }

  /** The row does not name it: who is second finds that another delivery replaces it. */
  private Optional<Next> notNamed(Knowledge known, Meeting row, Loss loss, Instant now) {
    boolean isOpen = row.missing(List.of(loss.role())).contains(loss.role());
    Optional<LaunchState> state = row.state(loss.role());
    boolean wasRecorded = state.filter(one -> one.hasRecorded(loss.instance())).isPresent();
    if (known.hasAsked() || known.hasTerminated(loss.instance())) {
      return Optional.empty();
    }
    Report report = Report.of(Outcome.NOT_NEEDED, row, plan.roles());
    if (loss.byTokenOnly() && !wasRecorded) {
      return Optional.of(
          new Finish(
              Report.unconcerned(
                  Outcome.NOT_OURS, Optional.empty(), "it has no tags, and no row names it")));
    }
    if (row.cancelled()) {
      return Optional.of(
          new Finish(report.because(Outcome.NOT_NEEDED, "its meeting is " + status(row))));
    }
    boolean goesOn =
        isOpen && row.begun(loss.role()).isPresent() && obstacle(row, loss, now).isEmpty();
    if (goesOn) {
      return Optional.empty();
    }
    boolean counts =
        isOpen && plan.roles().contains(loss.role()) && !row.isEarly(now, plan.maxEarliness());
    if (counts && (!row.launchable() || wasRecorded) && !loss.wasOnPurpose()) {
      String what =
          "its meeting is %s and has no instance of %s".formatted(status(row), loss.role());
      return Optional.of(
          new Finish(report.because(Outcome.REPORTED, what).losing(loss).missing(what)));
    }
    return Optional.of(
        new Finish(report.because(Outcome.NOT_NEEDED, "its meeting's row does not name it")));
  }

  private static String status(Meeting row) {
    return row.status().map(Status::value).orElse("without a status");
  }
}
