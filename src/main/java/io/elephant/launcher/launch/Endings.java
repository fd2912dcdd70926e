package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Termination;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What EC2 has said of the instances that a delivery has asked it to terminate. */
final class Endings {

  /** So long EC2 may not know an id that it gave. */
  private static final Duration KNOWN_WITHIN = Duration.ofMinutes(1);

  /** Why an instance does not run that a delivery has terminated itself. */
  static final Refusal BY_THIS_FUNCTION =
      new Refusal("InstanceTerminated", "this function has terminated it");

  private final Set<InstanceId> terminated = new HashSet<>();
  private final Map<InstanceId, Refusal> notTerminated = new LinkedHashMap<>();
  private final Map<InstanceId, Instant> firstUnknown = new LinkedHashMap<>();
  private final Set<InstanceId> refusedForGood = new HashSet<>();

  void learn(InstanceId instance, Termination termination, Instant now) {
    switch (termination) {
      case Termination.Terminated() -> {
        terminated.add(instance);
        notTerminated.remove(instance);
      }
      case Termination.NotTerminated(Verdict verdict, Refusal refusal) -> {
        notTerminated.put(instance, refusal);
        boolean isUnknown = verdict == Verdict.UNKNOWN_ID;
        Instant since = isUnknown ? firstUnknown.computeIfAbsent(instance, _ -> now) : now;
        if (!verdict.mayHeal() || !now.isBefore(since.plus(KNOWN_WITHIN))) {
          refusedForGood.add(instance);
        }
      }
    }
  }

  /** Whether EC2 has said that it is terminated. */
  boolean hasTerminated(InstanceId instance) {
    return terminated.contains(instance);
  }

  /** What EC2 will not terminate, or has not yet, and what it said of each. */
  Map<InstanceId, Refusal> notTerminated() {
    return notTerminated;
  }

  /** Whether it is of no use to ask again. */
  boolean isRefusedForGood(InstanceId instance) {
    return refusedForGood.contains(instance);
  }
}
