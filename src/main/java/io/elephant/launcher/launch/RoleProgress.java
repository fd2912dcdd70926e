package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.launch.Decision.Fail;
import io.elephant.launcher.launch.Decision.NextAttempt;
import io.elephant.launcher.launch.Decision.RecordInstance;
import io.elephant.launcher.launch.Decision.Retry;
import io.elephant.launcher.meeting.LaunchState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A role's course within one delivery: the machines it got, and what was decided last. */
final class RoleProgress {

  private record Decided(LaunchState about, Decision decision) {}

  private final List<StartedInstance> machines = new ArrayList<>();
  private Optional<Decided> decided = Optional.empty();
  private Optional<Attempt> fresh = Optional.empty();
  private boolean amended;
  private boolean restores;

  /** This delivery has just written the attempt, so no call with its token can be its own yet. */
  void claimed(Attempt attempt) {
    fresh = Optional.of(attempt);
  }

  /** The row holds the new state now, and nothing is decided about that. */
  void turned(NextAttempt turn) {
    decided = Optional.empty();
    if (turn.to().attempt().number() != turn.from().attempt().number()) {
      fresh = Optional.of(turn.to().attempt());
    }
  }

  /** Whether this is the first call for an attempt of its own; asking uses it up. */
  boolean isFirstCallOf(Attempt attempt) {
    boolean first = fresh.filter(attempt::equals).isPresent();
    fresh = Optional.empty();
    return first;
  }

  /** Whether the request has given way to today's before; asking uses it up. */
  boolean mayAmend() {
    boolean may = !amended;
    amended = true;
    return may;
  }

  /** Whether to send an earlier request again; every other time. */
  boolean mayRestore() {
    restores = !restores;
    return restores;
  }

  void decide(LaunchState about, Decision move) {
    decided = Optional.of(new Decided(about, move));
    if (move instanceof RecordInstance(StartedInstance machine)) {
      machines.add(machine);
    }
  }

  /**
   * What was decided about the attempt that the row holds now, unless EC2 must be asked again. A
   * machine is its token's, whatever request the row holds for that by now.
   */
  Optional<Decision> move(LaunchState state) {
    return decided
        .filter(made ->
            made.decision() instanceof RecordInstance(StartedInstance machine)
                ? machine.attempt().number() == state.attempt().number()
                : made.about().revision() == state.revision())
        .map(Decided::decision);
  }

  /** Why there is no machine, in EC2's words. */
  Optional<Refusal> refusal() {
    return decided.flatMap(made ->
        switch (made.decision()) {
          case Retry(Refusal refusal) -> Optional.of(refusal);
          case Fail(Refusal refusal) -> Optional.of(refusal);
          case RecordInstance _, NextAttempt _ -> Optional.empty();
        });
  }

  /** The machines of this role that this delivery got and has not terminated. */
  List<StartedInstance> machines() {
    return List.copyOf(machines);
  }

  void forget(StartedInstance machine) {
    machines.remove(machine);
  }
}
