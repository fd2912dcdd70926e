package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.LaunchState.Left;
import java.util.List;
import java.util.Optional;

/** Makes a role's attempts: the first of a launch, and the one after another. */
record Attempts(Knowledge known, Role role) {

  /**
   * The first attempt of a new launch: the preferred candidate, as it is configured today.
   *
   * @param before the state of the launch before, whose tokens are used
   */
  Attempt first(ClaimId claim, Optional<LaunchState> before, List<Candidate> candidates) {
    int number =
        before.map(state -> Math.min(state.attempt().number() + 1, Attempt.LAST_NUMBER)).orElse(0);
    return attempt(claim, number, candidates.getFirst());
  }

  private Attempt attempt(ClaimId claim, int number, Candidate candidate) {
    return Attempt.of(claim, known.id(), role, number, request(candidate));
  }

  /** Today's request for the candidate. */
  LaunchRequest request(Candidate candidate) {
    return known.plan().request(known.id(), role, candidate);
  }

  /** The launch goes on with another attempt. */
  LaunchState next(LaunchState state, Candidate candidate, Left left, Refusal why) {
    int number = state.attempt().number() + 1;
    return state.movedTo(attempt(state.attempt().claim(), number, candidate), left, why);
  }

  /**
   * The launch goes on after an instance that was recorded and has ended. One from before the
   * launch counts too: the attempt that recorded it may have bought another.
   */
  LaunchState after(Loss loss, LaunchState state, List<Candidate> candidates) {
    return next(state, following(state, candidates), Left.REPLACED, loss.why());
  }

  /** The next candidate that was not refused, or else the same again. */
  Candidate following(LaunchState state, List<Candidate> candidates) {
    return known
        .role(role)
        .next(candidates, state.attempt().request().candidate())
        .orElseGet(() -> same(state, candidates));
  }

  /** The attempt's candidate, or the preferred one where it is no longer one of today's. */
  Candidate same(LaunchState state, List<Candidate> candidates) {
    Candidate candidate = state.attempt().request().candidate();
    return candidates.contains(candidate) ? candidate : candidates.getFirst();
  }
}
