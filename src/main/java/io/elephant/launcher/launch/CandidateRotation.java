package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Candidate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A role's way through the candidates: from the one that was refused on to the next, until all have
 * been refused. What was refused is known within one invocation only; the next one asks again.
 */
public final class CandidateRotation {

  private record Refused(Refusal why, boolean forGood) {}

  private final List<Candidate> candidates;
  private final Map<Candidate, Refused> refused = new LinkedHashMap<>();

  public CandidateRotation(List<Candidate> candidates) {
    this.candidates = candidates;
  }

  public List<Candidate> candidates() {
    return candidates;
  }

  /** There is no capacity for it now. */
  public void isFull(Candidate candidate, Refusal why) {
    refused.put(candidate, new Refused(why, false));
  }

  /** A quota is used up now, and with it for all that share it. */
  public void isOverQuota(Candidate candidate, Refusal why) {
    isFull(candidate, why);
    candidates.stream().filter(candidate::sharesQuotaWith).forEach(other -> isFull(other, why));
  }

  /** It is not to be had, however often it is asked for. */
  public void isRefused(Candidate candidate, Refusal why) {
    refused.put(candidate, new Refused(why, true));
  }

  /** The next after this one that has not been refused, if there is one. */
  public Optional<Candidate> after(Candidate candidate) {
    int start = candidates.indexOf(candidate) + 1;
    for (int i = 0; i < candidates.size(); i++) {
      Candidate next = candidates.get((start + i) % candidates.size());
      if (!refused.containsKey(next)) {
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }

  /** Whether every candidate was refused for good. */
  public boolean isAtItsEnd() {
    return candidates.stream()
        .allMatch(one -> refused.containsKey(one) && refused.get(one).forGood());
  }

  /** What lacked capacity may have some by now. */
  public void beginAgain() {
    refused.values().removeIf(one -> !one.forGood());
  }

  /** Why each candidate was refused, under the code of the last one. */
  public Refusal reasons(Refusal last) {
    return new Refusal(
        last.code(),
        refused.entrySet().stream()
            .map(entry ->
                "%s %s in %s: %s"
                    .formatted(
                        entry.getKey().market(),
                        entry.getKey().instanceType(),
                        entry.getKey().subnet().zone(),
                        entry.getValue().why()))
            .collect(Collectors.joining("; ")));
  }
}
