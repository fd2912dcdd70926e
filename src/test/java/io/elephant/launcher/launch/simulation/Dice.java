package io.elephant.launcher.launch.simulation;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Choices by chance: one seed, one run. */
class Dice implements Choices {

  private static final int[] PATIENCE = {0, 3, 12, 50};

  private final SplittableRandom random;
  private Weather weather = new Weather(Map.of(), 0, 0);

  Dice(long seed) {
    random = new SplittableRandom(seed);
  }

  /** From here on, mishaps come as this weather has them. */
  void expect(Weather expected) {
    weather = expected;
  }

  @Override
  public int pick(int options) {
    return options == 1 ? 0 : random.nextInt(options);
  }

  @Override
  public int whichever(int options) {
    return pick(options);
  }

  @Override
  public boolean happens(int percent) {
    return random.nextInt(100) < percent;
  }

  @Override
  public int turn(int ready, int asleep) {
    if (ready == 0) {
      return pick(asleep);
    }
    return asleep > 0 && happens(weather.haste()) ? ready + pick(asleep) : pick(ready);
  }

  @Override
  public long within(long limit) {
    return random.nextLong(limit + 1);
  }

  @Override
  public int patience() {
    return pick(PATIENCE[pick(PATIENCE.length)] + 1);
  }

  @Override
  public Mishap mishap(List<Mishap> possible) {
    int thrown = random.nextInt(1000);
    for (Mishap mishap : possible) {
      thrown -= weather.rate(mishap);
      if (thrown < 0) {
        return mishap;
      }
    }
    return Mishap.NONE;
  }

  @Override
  public int stall() {
    return weather.stalls() > 0 && happens(weather.stalls()) ? patience() : 0;
  }
}
