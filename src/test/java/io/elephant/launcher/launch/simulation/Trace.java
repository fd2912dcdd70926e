package io.elephant.launcher.launch.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What happened in a run, for a human reader; nothing unless somebody wants to read it. */
final class Trace {

  private final boolean wanted;
  private final List<String> lines = new ArrayList<>();
  private LongSupplier clock = () -> 0;
  private long start;

  Trace(boolean wanted) {
    this.wanted = wanted;
  }

  void follow(LongSupplier time) {
    clock = time;
    start = time.getAsLong();
  }

  void say(Supplier<String> line) {
    if (wanted) {
      Duration time = Duration.ofMillis(clock.getAsLong() - start);
      lines.add(
          "%3d:%02d.%03d  %s"
              .formatted(time.toMinutes(), time.toSecondsPart(), time.toMillisPart(), line.get()));
    }
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
