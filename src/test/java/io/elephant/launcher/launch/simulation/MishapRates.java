package io.elephant.launcher.launch.simulation;

import java.util.EnumMap;
import java.util.Map;

/**
 * How often each thing goes wrong in a run. No two runs have the same rates: in some, nothing ever
 * arrives late and every third answer is lost; a run in which everything goes wrong a little finds
 * less than many runs in which a few things go very wrong.
 *
 * @param perMille each mishap's rate
 * @param haste how many times in a hundred a sleeper is woken while others could go on
 * @param stalls how many times in a hundred a step is held back for long
 */
record MishapRates(Map<Mishap, Integer> perMille, int haste, int stalls) {

  private static final int[] RATES = {10, 40, 150, 400};
  private static final int[] HASTE = {0, 2, 20, 50};
  private static final int[] STALLS = {0, 2, 10};

  static MishapRates of(Choices choices) {
    EnumMap<Mishap, Integer> rates = new EnumMap<>(Mishap.class);
    int likely = choices.pick(4);
    for (Mishap mishap : Mishap.values()) {
      if (mishap != Mishap.NONE && choices.pick(4) < likely) {
        rates.put(mishap, RATES[choices.pick(RATES.length)]);
      }
    }
    return new MishapRates(
        rates, HASTE[choices.pick(HASTE.length)], STALLS[choices.pick(STALLS.length)]);
  }

  int rate(Mishap mishap) {
    return perMille.getOrDefault(mishap, 0);
  }
}
