package io.elephant.launcher.launch.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Choices that follow a given path and take the first way from its end on. What matters is chosen;
 * what does not (how long a pause lasts, in which order subnets are listed) is always the same.
 */
final class Path implements Choices {

  private final List<Integer> path;
  private final Set<Long> states;
  private final List<Integer> taken = new ArrayList<>();
  private final List<Integer> options = new ArrayList<>();
  private int mishaps;

  /**
   * @param mishaps how many may happen
   * @param states the states whose future is known, which grow
   */
  Path(List<Integer> path, int mishaps, Set<Long> states) {
    this.path = path;
    this.mishaps = mishaps;
    this.states = states;
  }

  @Override
  public int pick(int count) {
    if (count == 1) {
      return 0;
    }
    int place = taken.size();
    int choice = place < path.size() ? path.get(place) : 0;
    taken.add(choice);
    options.add(count);
    return choice;
  }

  @Override
  public int whichever(int count) {
    return 0;
  }

  @Override
  public boolean happens(int percent) {
    return pick(2) == 1;
  }

  @Override
  public int turn(int ready, int asleep) {
    return pick(ready + asleep);
  }

  /** Time stands still: any order is possible anyway, and a deadline is far away. */
  @Override
  public long within(long limit) {
    return 0;
  }

  @Override
  public int patience() {
    return 0;
  }

  @Override
  public int stall() {
    return 0;
  }

  @Override
  public Mishap mishap(List<Mishap> possible) {
    if (mishaps == 0) {
      return Mishap.NONE;
    }
    List<Mishap> effective = possible.stream().filter(mishap -> !mishap.onlyTakesTime()).toList();
    int choice = pick(effective.size() + 1);
    if (choice == 0) {
      return Mishap.NONE;
    }
    mishaps--;
    return effective.get(choice - 1);
  }

  @Override
  public boolean comparesStates() {
    return true;
  }

  /** The states along the given path were met when the path was found. */
  @Override
  public boolean known(LongSupplier state) {
    return taken.size() >= path.size() && !states.add(Fingerprint.mix(state.getAsLong(), mishaps));
  }

  List<Integer> taken() {
    return List.copyOf(taken);
  }

  /** The next path in order, or an empty one after the last. */
  List<Integer> next() {
    for (int place = taken.size() - 1; place >= 0; place--) {
      if (taken.get(place) + 1 < options.get(place)) {
        List<Integer> next = new ArrayList<>(taken.subList(0, place));
        next.add(taken.get(place) + 1);
        return next;
      }
    }
    return List.of();
  }
}
