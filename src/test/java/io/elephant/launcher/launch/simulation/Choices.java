package io.elephant.launcher.launch.simulation;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Every decision of a run, by chance: one seed, one run. */
final class Choices {

  private static final int[] PATIENCE = {0, 3, 12, 50};

  private final SplittableRandom random;
  private MishapRates rates = new MishapRates(Map.of(), 0, 0);

  Choices(long seed) {
    random = new SplittableRandom(seed);
  }

  /** From here on, mishaps come as often as these say. */
  void expect(MishapRates expected) {
    rates = expected;
  }

  /** One of {@code options} possibilities: 0 to {@code options} - 1. */
  int pick(int options) {
    return options == 1 ? 0 : random.nextInt(options);
  }

  /** Whether something happens that happens {@code percent} times in a hundred. */
  boolean happens(int percent) {
    return random.nextInt(100) < percent;
  }

  /** Who goes on: one of {@code ready}, or one of {@code asleep}, which come after them. */
  int turn(int ready, int asleep) {
    if (ready == 0) {
      return pick(asleep);
    }
    return asleep > 0 && happens(rates.haste()) ? ready + pick(asleep) : pick(ready);
  }

  /** A time from 0 to {@code limit} milliseconds. */
  long within(long limit) {
    return random.nextLong(limit + 1);
  }

  /** For how many turns of others something that can happen now is held back. */
  int patience() {
    return pick(PATIENCE[pick(PATIENCE.length)] + 1);
  }

  /** What goes wrong with a call, out of what can. */
  Mishap mishap(List<Mishap> possible) {
    int thrown = random.nextInt(1000);
    for (Mishap mishap : possible) {
      thrown -= rates.rate(mishap);
      if (thrown < 0) {
        return mishap;
      }
    }
    return Mishap.NONE;
  }

  /** For how many turns of others a process stalls here: mostly for none. */
  int stall() {
    return rates.stalls() > 0 && happens(rates.stalls()) ? patience() : 0;
  }
}
