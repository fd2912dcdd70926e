package io.elephant.launcher.launch;

import io.elephant.launcher.instance.Candidate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A role's way round the candidates: from the one that was refused on to the next, until all have
 * been refused. What was refused is known within one invocation only; the next one asks again.
 */
final class CandidateRotation {

  private final List<Candidate> candidates;
  private final Set<Candidate> refused = new HashSet<>();

  CandidateRotation(List<Candidate> candidates) {
    this.candidates = candidates;
  }

  void refuse(Candidate candidate) {
    refused.add(candidate);
  }

  void refuseAllThatShareQuotaWith(Candidate candidate) {
    refused.add(candidate);
    candidates.stream().filter(candidate::sharesQuotaWith).forEach(refused::add);
  }

  /** The next after this one that has not been refused in this round, if there is one. */
  Optional<Candidate> after(Candidate candidate) {
    int start = candidates.indexOf(candidate) + 1;
    for (int i = 0; i < candidates.size(); i++) {
      Candidate next = candidates.get((start + i) % candidates.size());
      if (!refused.contains(next)) {
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }

  void beginAgain() {
    refused.clear();
  }
}
