package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.LaunchState.Left;
import io.elephant.launcher.meeting.Recording;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What follows for one role that lacks its instance, from what is known now. */
record RoleDecisions(Knowledge known, Role role, Instant now) {

  /**
   * So long what is started waits for a look. With a call beside it that does not answer before and
   * after, it is recorded within half a minute and one time-out.
   */
  private static final Duration RECORDED_WITHIN = Duration.ofSeconds(10);

  private RoleKnowledge own() {
    return known.role(role);
  }

  private Attempts attempts() {
    return new Attempts(known, role);
  }

  RoleNext decide(LaunchState state) {
    Optional<Ec2Instance> running = running(state);
    Optional<Ec2Instance> older = older(state, running);
    if (older.isPresent()) {
      // A row that was restored or reset says nothing of what is in use.
      return known.looks().showTwice(older.get().id())
          ? new RoleNext.RecordInstance(new Recording(state.attempt(), older.get().id(), true))
          : act(new Action.Look(true));
    }
    return running.isPresent()
        ? record(state, running.get())
        : own()
            .answerTo(state.attempt())
            .map(result -> decide(state, result))
            .orElseGet(() -> ask(state));
  }

  private static RoleNext act(Action... actions) {
    return new RoleNext.Act(List.of(actions));
  }

  /** The row is not the only memory: it can be restored or reset while instances run. */
  private RoleNext ask(LaunchState state) {
    Action run = new Action.Run(role, state.attempt());
    return known.looks().haveLookedFor(state.attempt().claim())
        ? act(run)
        : act(run, new Action.Look(false));
  }

  /** The instance of the attempt's token that runs, by EC2's answer to it or as it was shown. */
  Optional<Ec2Instance> running(LaunchState state) {
    Attempt attempt = state.attempt();
    return own().started().values().stream()
        .filter(started -> started.attempt().sharesTokenWith(attempt))
        .map(RoleKnowledge.Started::instance)
        .filter(Ec2Instance::runs)
        .findFirst()
        .or(() ->
            known.looks().running(role).filter(instance -> instance.isOf(attempt)).findFirst())
        .filter(instance -> mayBeRecorded(instance, state));
  }

  /** The oldest instance of the role that runs since before the attempt's own, if there is one. */
  private Optional<Ec2Instance> older(LaunchState state, Optional<Ec2Instance> running) {
    return known
        .looks()
        .running(role)
        .filter(instance -> !instance.isOf(state.attempt()))
        .filter(instance -> mayBeRecorded(instance, state) && !state.hasLeft(instance))
        .filter(instance ->
            running.map(one -> instance.launched().isBefore(one.launched())).orElse(true))
        .min(Comparator.comparing(Ec2Instance::launched));
  }

  private boolean mayBeRecorded(Ec2Instance instance, LaunchState state) {
    return !known.isDead(instance.id())
        && !own().isToldDead(instance)
        && !state.hasRecorded(instance.id());
  }

  private RoleNext record(LaunchState state, Ec2Instance instance) {
    boolean looked = known.looks().haveLookedFor(state.attempt().claim());
    Optional<Instant> latest =
        Optional.ofNullable(own().started().get(instance.id()))
            .map(RoleKnowledge.Started::at)
            .or(known.looks()::refusedSince)
            .map(since -> since.plus(RECORDED_WITHIN));
    if (looked || latest.filter(time -> !now.isBefore(time)).isPresent()) {
      return new RoleNext.RecordInstance(new Recording(state.attempt(), instance.id(), !looked));
    }
    Action look = new Action.Look(false);
    return latest.map(time -> act(look, new Action.Wait(time))).orElseGet(() -> act(look));
  }

  private RoleNext decide(LaunchState state, RunResult result) {
    return switch (result) {
      case RunResult.Answered(Ec2Instance instance) ->
          dead(state, instance, instance.state().reason().orElse(Endings.BY_THIS_FUNCTION));
      case RunResult.Refused refused -> decide(state, refused.verdict(), refused.refusal());
    };
  }

  private RoleNext decide(LaunchState state, Verdict verdict, Refusal why) {
    Optional<Ec2Instance> ended = known.looks().notRunning(state.attempt());
    if (ended.isPresent() && !verdict.mayHeal()) {
      return dead(state, ended.get(), ended.get().state().reason().orElse(why));
    }
    return switch (verdict) {
      case UNCLEAR, THROTTLED, NOT_YET, UNKNOWN_ID, EXPIRED -> ask(state);
      case NO_CAPACITY, OVER_QUOTA -> fallBack(state, Left.NOTHING_STARTED, why);
      case TERMINATED -> deadAndUnshown(state, why);
      case PARAMETER_MISMATCH -> otherRequest(state, why);
      case CANDIDATE_REFUSED, REQUEST_REFUSED -> refused(state, verdict, why);
    };
  }

  /** On to the next candidate; when all have refused, the same again after a pause. */
  private RoleNext fallBack(LaunchState state, Left left, Refusal why) {
    return withCandidates(candidates ->
        own()
            .next(candidates, state.attempt().request().candidate())
            .map(candidate -> move(state, candidate, left, why))
            .orElseGet(() ->
                own().areAllRefusedForGood(candidates)
                    ? new RoleNext.Nothing(own().refusal().orElse(why))
                    : ask(state)));
  }

  /** The token was used for another request, which may have started something. */
  private RoleNext otherRequest(LaunchState state, Refusal why) {
    return isUnshown()
        ? withCandidates(
            candidates -> move(state, attempts().same(state, candidates), Left.UNSEEN, why))
        : act(new Action.Look(true));
  }

  /**
   * EC2 judged the request before it looked at the token. Before the attempt is left, what an
   * earlier call may have started must have had the time to be shown. Then a request of yesterday's
   * configuration gives way to today's, as the next attempt; a request is never changed under its
   * token, which EC2 may have bound to it.
   */
  private RoleNext refused(LaunchState state, Verdict verdict, Refusal why) {
    return withCandidates(candidates -> {
      Candidate today = attempts().same(state, candidates);
      boolean isTodays = attempts().request(today).equals(state.attempt().request());
      boolean isUnclear = own().lastUnclear().isPresent();
      if (verdict == Verdict.REQUEST_REFUSED && isTodays && !isUnclear) {
        return new RoleNext.Nothing(why);
      }
      boolean mayBeUnseen = isUnclear || !own().hasWritten(state.attempt());
      if (mayBeUnseen && !isUnshown()) {
        return act(new Action.Look(true));
      }
      Left left = mayBeUnseen ? Left.UNSEEN : Left.NOTHING_STARTED;
      if (!isTodays && !own().hasRenewed()) {
        return move(state, today, left, why);
      }
      return verdict == Verdict.CANDIDATE_REFUSED
          ? fallBack(state, left, why)
          : new RoleNext.Nothing(why);
    });
  }

  /** Whether EC2 would by now show what anybody's call for the attempt has started. */
  private boolean isUnshown() {
    Optional<Instant> clear = own().lastUnclear().map(lost -> lost.plus(Looks.SHOWN_WITHIN));
    return clear.map(known.looks()::haveLookedSince).orElse(true)
        && own().firstRefused().filter(known.looks()::haveLookedTwiceSince).isPresent();
  }

  /** An instance from before this launch was not bought by it, and does not count. */
  private RoleNext dead(LaunchState state, Ec2Instance instance, Refusal why) {
    return state.isOlderThanLaunch(instance.launched())
        ? withCandidates(candidates ->
            move(state, attempts().same(state, candidates), Left.NOTHING_STARTED, why))
        : replace(state, why);
  }

  /** Nobody can tell whether this launch bought it, so it counts. */
  private RoleNext deadAndUnshown(LaunchState state, Refusal why) {
    return own().firstRefused().filter(known.looks()::haveLookedSince).isPresent()
        ? replace(state, why)
        : act(new Action.Look(false));
  }

  private RoleNext replace(LaunchState state, Refusal why) {
    return state.mayReplace()
        ? withCandidates(
            candidates -> move(state, attempts().following(state, candidates), Left.REPLACED, why))
        : new RoleNext.Nothing(tooMany(state, why));
  }

  static Refusal tooMany(LaunchState state, Refusal why) {
    return new Refusal(
        why.code(),
        "%d instances ended, the last one: %s".formatted(state.replaced() + 1, why.message()));
  }

  private RoleNext move(LaunchState state, Candidate candidate, Left left, Refusal why) {
    int last = state.attempt().number();
    if (last == Attempt.LAST_NUMBER) {
      return new RoleNext.Nothing(
          new Refusal("TooManyAttempts", "attempt %d was the last".formatted(last)));
    }
    return left == Left.UNSEEN && !state.mayLeaveUnseen()
        ? new RoleNext.Nothing(why)
        : new RoleNext.Move(attempts().next(state, candidate, left, why));
  }

  private RoleNext withCandidates(Function<List<Candidate>, RoleNext> next) {
    return known.candidates().map(next).orElseGet(() -> act(new Action.FindCandidates()));
  }
}
