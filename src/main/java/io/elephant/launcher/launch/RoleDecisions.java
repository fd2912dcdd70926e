package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.FoundInstance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.RunResult.CandidateRefused;
import io.elephant.launcher.instance.RunResult.Dead;
import io.elephant.launcher.instance.RunResult.NoCapacity;
import io.elephant.launcher.instance.RunResult.OtherRequest;
import io.elephant.launcher.instance.RunResult.OverQuota;
import io.elephant.launcher.instance.RunResult.RefusedBeforeToken;
import io.elephant.launcher.instance.RunResult.RequestRefused;
import io.elephant.launcher.instance.RunResult.Started;
import io.elephant.launcher.instance.RunResult.Stopped;
import io.elephant.launcher.instance.RunResult.Undecided;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.launch.Decision.Fail;
import io.elephant.launcher.launch.Decision.NextAttempt;
import io.elephant.launcher.launch.Decision.RecordInstance;
import io.elephant.launcher.launch.Decision.Retry;
import io.elephant.launcher.meeting.LaunchState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What follows from EC2's answers for one role of one meeting. It calls nothing: what was looked
 * for is handed in.
 */
public final class RoleDecisions {

  private static final Decision TOO_MANY =
      new Fail(
          new Refusal("TooManyAttempts", "attempt %d was the last".formatted(Attempt.LAST_NUMBER)));

  private final MeetingId meeting;
  private final Role role;
  private final LaunchPlan plan;
  private final Supplier<List<Candidate>> source;
  private final RoleProgress progress;
  private Optional<CandidateRotation> rotation = Optional.empty();

  public RoleDecisions(
      MeetingId meeting,
      Role role,
      LaunchPlan plan,
      Supplier<List<Candidate>> source,
      RoleProgress progress) {
    this.meeting = meeting;
    this.role = role;
    this.plan = plan;
    this.source = source;
    this.progress = progress;
  }

  /** Only where a candidate is chosen: what EC2 has started is recorded without. */
  private CandidateRotation rotation() {
    if (rotation.isEmpty()) {
      rotation = Optional.of(new CandidateRotation(source.get()));
    }
    return rotation.get();
  }

  /** The first attempt of a new launch: the preferred candidate, as it is configured today. */
  public Attempt first(ClaimId claim, int number) {
    return attempt(claim, number, rotation().candidates().getFirst());
  }

  private Attempt attempt(ClaimId claim, int number, Candidate candidate) {
    return Attempt.of(claim, meeting, role, number, request(candidate));
  }

  private LaunchRequest request(Candidate candidate) {
    return plan.template().request(meeting, role, candidate);
  }

  /** Whether to look at what the attempt's token has started before anything is decided. */
  public boolean needsLook(LaunchState state, RunResult result) {
    return switch (result) {
      case OtherRequest _ -> true;
      case Dead(Refusal _, Optional<Instant> launched) -> launched.isEmpty();
      case RefusedBeforeToken _ -> progress.mayHaveStartedUnseen(state);
      case Started _, Undecided _, NoCapacity _, OverQuota _, Stopped _ -> false;
    };
  }

  /**
   * What to do next. That the token's instance is dead is final; what EC2 shows can be older, so an
   * instance that it still shows running does not count.
   *
   * @param found what EC2 shows for the attempt's token, where it was looked for
   */
  public Decision decide(
      LaunchState state, RunResult result, Optional<FoundInstance> found, Instant now) {
    boolean isEnded = progress.hasEnded(state.attempt());
    Optional<FoundInstance> believed =
        found.filter(shown -> !(isEnded && shown instanceof FoundInstance.Alive));
    if (believed.isPresent()) {
      return decide(state, believed.get(), now);
    }
    Candidate candidate = state.attempt().request().candidate();
    return switch (result) {
      case Started(InstanceId instance) -> record(state, instance);
      case Undecided undecided -> new Retry(undecided.refusal());
      case NoCapacity(Refusal why) -> {
        rotation().isFull(candidate, why);
        yield fallBack(state, why, now);
      }
      case OverQuota(Refusal why) -> {
        rotation().isOverQuota(candidate, why);
        yield fallBack(state, why, now);
      }
      case Stopped(InstanceId _, Refusal why) -> replace(state, why, now);
      case Dead(Refusal why, Optional<Instant> launched) ->
          launched
              .map(time -> dead(state, time, why, now))
              .orElseGet(() -> deadAndUnshown(state, why, now));
      case OtherRequest(Refusal why) ->
          isEnded || progress.isUnshownForLong(now)
              ? next(state, same(state), why, now)
              : new Retry(why);
      case RefusedBeforeToken refused -> refused(state, refused, now);
    };
  }

  private Decision decide(LaunchState state, FoundInstance found, Instant now) {
    return switch (found) {
      case FoundInstance.Alive(InstanceId instance) -> record(state, instance);
      case FoundInstance.Stopped(InstanceId instance) ->
          replace(state, new Refusal("InstanceStopped", instance + " does not run"), now);
      case FoundInstance.Dead(InstanceId _, Instant launched, Refusal why) ->
          dead(state, launched, why, now);
    };
  }

  private Decision record(LaunchState state, InstanceId instance) {
    return new RecordInstance(new StartedInstance(role, state.attempt(), instance));
  }

  /** On to the next candidate; when all have been refused, begin again after a pause. */
  private Decision fallBack(LaunchState state, Refusal why, Instant now) {
    Optional<Candidate> candidate = rotation().after(state.attempt().request().candidate());
    if (candidate.isPresent()) {
      return next(state, candidate.get(), why, now);
    }
    if (rotation().isAtItsEnd()) {
      return new Fail(rotation().reasons(why));
    }
    Refusal reasons = rotation().reasons(why);
    rotation().beginAgain();
    return new Retry(reasons);
  }

  /**
   * EC2 judged the request before it looked at the token. Before the attempt is left, what an
   * earlier call may have started must have had the time to be shown. Then a request of yesterday's
   * configuration gives way to today's, as the next attempt; a request is never changed under its
   * token, which EC2 may have bound to it.
   */
  private Decision refused(LaunchState state, RefusedBeforeToken refused, Instant now) {
    Refusal why = refused.refusal();
    Candidate today = same(state);
    boolean isTodays = request(today).equals(state.attempt().request());
    if (refused instanceof RequestRefused && isTodays && !progress.lacksAnswer(state.attempt())) {
      return new Fail(why);
    }
    if (progress.mayHaveStartedUnseen(state) && !progress.wouldBeShown(state, now)) {
      return new Retry(why);
    }
    if (!isTodays && progress.mayRenewRequest()) {
      return next(state, today, why, now);
    }
    return switch (refused) {
      case CandidateRefused _ -> {
        rotation().isRefused(state.attempt().request().candidate(), why);
        yield fallBack(state, why, now);
      }
      case RequestRefused _ -> new Fail(why);
    };
  }

  /** A dead instance from before this launch was not bought by it, and does not count. */
  private Decision dead(LaunchState state, Instant launched, Refusal why, Instant now) {
    return state.isOlderThanLaunch(launched)
        ? next(state, same(state), why, now)
        : replace(state, why, now);
  }

  /**
   * The token's instance is dead, and EC2 does not show it: it died more than an hour ago, in
   * another launch, or a moment ago in this one.
   */
  private Decision deadAndUnshown(LaunchState state, Refusal why, Instant now) {
    if (state.mayReplace() || state.claimed().isEmpty()) {
      return replace(state, why, now);
    }
    return progress.isUnshownForLong(now) ? next(state, same(state), why, now) : new Retry(why);
  }

  private Decision replace(LaunchState state, Refusal why, Instant now) {
    if (!state.mayReplace()) {
      return new Fail(
          new Refusal(
              why.code(),
              "%d instances died, the last one: %s"
                  .formatted(state.replaced() + 1, why.message())));
    }
    return numbered(state)
        .<Decision>map(number ->
            new NextAttempt(
                state,
                state.replacedBy(
                    attempt(state.attempt().claim(), number, following(state)), now, why)))
        .orElse(TOO_MANY);
  }

  private Decision next(LaunchState state, Candidate candidate, Refusal why, Instant now) {
    return numbered(state)
        .<Decision>map(number ->
            new NextAttempt(
                state,
                state.movedTo(attempt(state.attempt().claim(), number, candidate), now, why)))
        .orElse(TOO_MANY);
  }

  /** The next candidate that was not refused, or else the same again. */
  private Candidate following(LaunchState state) {
    return rotation().after(state.attempt().request().candidate()).orElseGet(() -> same(state));
  }

  /** The attempt's candidate, or the preferred one where it is no longer one of today's. */
  private Candidate same(LaunchState state) {
    Candidate candidate = state.attempt().request().candidate();
    return rotation().candidates().contains(candidate)
        ? candidate
        : rotation().candidates().getFirst();
  }

  private static Optional<Integer> numbered(LaunchState state) {
    return Optional.of(state.attempt().number() + 1).filter(next -> next <= Attempt.LAST_NUMBER);
  }
}
