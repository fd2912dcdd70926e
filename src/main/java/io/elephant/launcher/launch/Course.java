package io.elephant.launcher.launch;

import io.elephant.launcher.launch.Move.GiveUp;
import io.elephant.launcher.launch.Move.Take;
import io.elephant.launcher.launch.Move.Turn;
import io.elephant.launcher.launch.Move.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A role's course within one delivery: the machines it got, and what was decided last. */
final class Course {

  private record Decision(Page about, Move move) {}

  private final List<Machine> machines = new ArrayList<>();
  private Optional<Decision> decision = Optional.empty();
  private Optional<Attempt> fresh = Optional.empty();
  private boolean amended;
  private boolean restores;

  /** This delivery has just written the attempt, so no call with its token can be its own yet. */
  void claimed(Attempt attempt) {
    fresh = Optional.of(attempt);
  }

  /** The row holds the new page now, and nothing is decided about that. */
  void turned(Turn turn) {
    decision = Optional.empty();
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

  void decide(Page about, Move move) {
    decision = Optional.of(new Decision(about, move));
    if (move instanceof Take(Machine machine)) {
      machines.add(machine);
    }
  }

  /**
   * What was decided about the attempt that the row holds now, unless EC2 must be asked again. A
   * machine is its token's, whatever request the row holds for that by now.
   */
  Optional<Move> move(Page page) {
    return decision
        .filter(made ->
            made.move() instanceof Take(Machine machine)
                ? machine.attempt().number() == page.attempt().number()
                : made.about().revision() == page.revision())
        .map(Decision::move);
  }

  /** Why there is no machine, in EC2's words. */
  Optional<Refusal> refusal() {
    return decision.flatMap(made ->
        switch (made.move()) {
          case Wait(Refusal refusal) -> Optional.of(refusal);
          case GiveUp(Refusal refusal) -> Optional.of(refusal);
          case Take _, Turn _ -> Optional.empty();
        });
  }

  /** The machines of this role that this delivery got and has not terminated. */
  List<Machine> machines() {
    return List.copyOf(machines);
  }

  void forget(Machine machine) {
    machines.remove(machine);
  }
}
