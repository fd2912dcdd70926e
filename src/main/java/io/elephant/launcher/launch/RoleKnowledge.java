package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.RunResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one delivery knows of a role: what it asked for, and what EC2 has answered. */
final class RoleKnowledge {

  /** EC2's answer to an attempt. */
  record Asked(Attempt attempt, RunResult result, Instant at) {}

  /**
   * An instance that EC2 gave this delivery, and the newest attempt whose token answered with it.
   */
  record Started(Ec2Instance instance, Attempt attempt, Instant at) {}

  private record Refused(Refusal why, boolean forGood) {}

  private final Map<InstanceId, Started> started = new LinkedHashMap<>();
  private final Map<Candidate, Refused> refused = new LinkedHashMap<>();
  private final List<Attempt> toldDead = new ArrayList<>();
  private @Nullable Attempt written;
  private @Nullable Asked asked;
  private @Nullable Instant firstRefused;
  private @Nullable Instant lastUnclear;
  private @Nullable Refusal refusal;
  private @Nullable Refusal roundRefusal;
  private boolean hasRenewed;
  private int rounds;

  /** This delivery has just written the attempt, and knows that it was written. */
  void learnWritten(Attempt attempt, boolean renews) {
    written = attempt;
    hasRenewed |= renews;
  }

  void learn(Attempt attempt, RunResult result, Optional<List<Candidate>> candidates, Instant now) {
    if (asked == null || !asked.attempt().isSameAs(attempt)) {
      firstRefused = null;
      lastUnclear = null;
    }
    asked = new Asked(attempt, result, now);
    switch (result) {
      case RunResult.Answered(Ec2Instance instance) -> {
        if (!instance.runs()) {
          toldDead.add(attempt);
        }
        Started before = started.get(instance.id());
        started.put(
            instance.id(), new Started(instance, attempt, before == null ? now : before.at()));
        refusal = instance.state().reason().orElse(refusal);
        roundRefusal = null;
      }
      case RunResult.Refused(Verdict verdict, Refusal why) -> {
        refusal = why;
        if (verdict == Verdict.TERMINATED) {
          toldDead.add(attempt);
        }
        if (verdict == Verdict.UNCLEAR) {
          lastUnclear = now;
        } else if (firstRefused == null && !verdict.mayHeal()) {
          firstRefused = now;
        }
        markRefused(attempt.request().candidate(), verdict, why, candidates);
      }
    }
  }

  private void markRefused(
      Candidate candidate, Verdict verdict, Refusal why, Optional<List<Candidate>> candidates) {
    switch (verdict) {
      case NO_CAPACITY -> refused.put(candidate, new Refused(why, false));
      case OVER_QUOTA -> {
        refused.put(candidate, new Refused(why, false));
        candidates.orElse(List.of()).stream()
            .filter(candidate::sharesQuotaWith)
            .forEach(other -> refused.put(other, new Refused(why, false)));
      }
      case CANDIDATE_REFUSED -> refused.put(candidate, new Refused(why, true));
      default -> {}
    }
    candidates.ifPresent(this::endRound);
  }

  /** Once all have refused, those that lacked capacity may have some by now. */
  void endRound(List<Candidate> candidates) {
    if (refused.isEmpty() || !refused.keySet().containsAll(candidates)) {
      return;
    }
    roundRefusal = reasons();
    if (!areAllRefusedForGood(candidates)) {
      rounds++;
      refused.values().removeIf(one -> !one.forGood());
      if (asked != null && !refused.containsKey(asked.attempt().request().candidate())) {
        asked = null;
      }
    }
  }

  /** How often every candidate was refused. */
  int rounds() {
    return rounds;
  }

  boolean areAllRefusedForGood(List<Candidate> candidates) {
    return candidates.stream()
        .allMatch(one -> refused.containsKey(one) && refused.get(one).forGood());
  }

  /** The next candidate after this one that was not refused in this round. */
  Optional<Candidate> next(List<Candidate> candidates, Candidate candidate) {
    int start = candidates.indexOf(candidate) + 1;
    for (int i = 0; i < candidates.size(); i++) {
      Candidate next = candidates.get((start + i) % candidates.size());
      if (!refused.containsKey(next)) {
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }

  /** Why each candidate was refused, under the code of the last one. */
  private Refusal reasons() {
    return new Refusal(
        refusal == null ? "" : refusal.code(),
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

  /** EC2's answer to the attempt, if it was asked and not every candidate was refused since. */
  Optional<RunResult> answerTo(Attempt attempt) {
    return Optional.ofNullable(asked)
        .filter(one -> one.attempt().isSameAs(attempt))
        .map(Asked::result);
  }

  /** Whether the instance's token has said that it does not run: no look is newer. */
  boolean isToldDead(Ec2Instance instance) {
    return toldDead.stream().anyMatch(instance::isOf);
  }

  /** Whether EC2 gave the instance to this delivery as one that does not run. */
  boolean hasEnded(InstanceId instance) {
    Started one = started.get(instance);
    return one != null && !one.instance().runs();
  }

  boolean hasAsked() {
    return asked != null || !started.isEmpty() || refusal != null;
  }

  /** Whether this delivery wrote the attempt, so that hardly anybody else has asked for it. */
  boolean hasWritten(Attempt attempt) {
    return written != null && written.isSameAs(attempt);
  }

  boolean hasRenewed() {
    return hasRenewed;
  }

  /** When the last answer to the attempt was lost, if one was. */
  Optional<Instant> lastUnclear() {
    return Optional.ofNullable(lastUnclear);
  }

  /** When the attempt was refused first. */
  Optional<Instant> firstRefused() {
    return Optional.ofNullable(firstRefused);
  }

  /** Why there is no instance, in AWS's words: of each candidate, once all have refused. */
  Optional<Refusal> refusal() {
    return Optional.ofNullable(roundRefusal).or(() -> Optional.ofNullable(refusal));
  }

  /** The instances that EC2 gave this delivery. */
  Map<InstanceId, Started> started() {
    return started;
  }
}
