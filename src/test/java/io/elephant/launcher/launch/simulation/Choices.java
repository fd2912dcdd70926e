package io.elephant.launcher.launch.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Every decision of a run, by chance: one seed, one run. */
final class Choices {

  private static final int[] PATIENCE = {0, 3, 12, 50};
  private static final int[] RATES = {10, 40, 150, 400};
  private static final int[] HASTE = {0, 2, 20, 50};
  private static final int[] STALLS = {0, 2, 10};

  private final SplittableRandom random;

  /** How many times in a thousand each mishap happens to a call to which it can happen. */
  private final Map<Mishap, Integer> rates = new EnumMap<>(Mishap.class);

  /** How many times in a hundred a sleeper is woken while others could go on. */
  private int haste;

  /** How many times in a hundred a step is held back for long. */
  private int stalls;

  Choices(long seed) {
    random = new SplittableRandom(seed);
  }

  /**
   * Decides how often each thing goes wrong in the run. In some runs nothing ever arrives late and
   * every third answer is lost; a run in which everything goes wrong a little finds less than many
   * runs in which a few things go very wrong.
   */
  void drawRates() {
    int likely = pick(4);
    for (Mishap mishap : Mishap.values()) {
      if (pick(4) < likely) {
        rates.put(mishap, RATES[pick(RATES.length)]);
      }
    }
    haste = HASTE[pick(HASTE.length)];
    stalls = STALLS[pick(STALLS.length)];
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
    return asleep > 0 && happens(haste) ? ready + pick(asleep) : pick(ready);
  }

  /** A time from 0 to {@code limit} milliseconds. */
  long within(long limit) {
    return random.nextLong(limit + 1);
  }

  /** For how many turns of others something that can happen now is held back. */
  int patience() {
    return pick(PATIENCE[pick(PATIENCE.length)] + 1);
  }

  /** What goes wrong with a call. */
  Mishap mishap(Mishap.Call call) {
    int thrown = random.nextInt(1000);
    for (Map.Entry<Mishap, Integer> rate : rates.entrySet()) {
      thrown -= rate.getKey().canHappenTo(call) ? rate.getValue() : 0;
      if (thrown < 0) {
        return rate.getKey();
      }
    }
    return Mishap.NONE;
  }

  /** For how many turns of others a process stalls here: mostly for none. */
  int stall() {
    return stalls > 0 && happens(stalls) ? patience() : 0;
  }
}
