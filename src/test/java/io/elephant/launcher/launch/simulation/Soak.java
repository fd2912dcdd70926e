package io.elephant.launcher.launch.simulation;

import java.time.Duration;
import java.util.Optional;

/** Runs as many seeds as wanted and says how far it is: {@code Soak <seeds> [<first seed>]}. */
final class Soak {

  private static final long BATCH = 20_000;

  private Soak() {}

  public static void main(String[] arguments) {
    long count = Long.parseLong(arguments[0]);
    long first = arguments.length > 1 ? Long.parseLong(arguments[1]) : 0;
    Seeds seeds = new Seeds(Mistake.NONE);
    Duration time = Duration.ZERO;
    for (long done = 0; done < count; done += BATCH) {
      Seeds.Result result = seeds.run(first + done, Math.min(BATCH, count - done));
      time = time.plus(result.time());
      System.out.printf("%,d of %,d: %s%n", done + result.runs(), count, result);
      if (result.broken().isPresent()) {
        System.exit(1);
      }
    }
    System.out.println(new Seeds.Result(count, time, Optional.empty()));
  }
}
