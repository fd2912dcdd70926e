package io.elephant.launcher.bench;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What was measured under one profile. */
record Measurements(Map<Contender, List<ColdStart>> coldStarts, List<Duration> floors) {

  private static final double NANOS = 1e6;
  private static final double MEGABYTE = 1e6;

  Optional<List<ColdStart>> of(String contender) {
    return coldStarts.entrySet().stream()
        .filter(entry -> entry.getKey().name().equals(contender))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /** A figure in milliseconds. */
  Optional<Figures> millis(String contender, Function<ColdStart, Duration> figure) {
    return of(contender).map(starts -> millis(starts.stream().map(figure).toList()));
  }

  /** In megabytes; nothing where the machine does not count it. */
  Optional<Figures> peakMemory(String contender) {
    return of(contender)
        .filter(starts -> starts.stream().allMatch(start -> start.peakMemory().isPresent()))
        .map(starts ->
            Figures.of(
                starts.stream()
                    .map(start -> start.peakMemory().orElseThrow() / MEGABYTE)
                    .toList()));
  }

  /** How many calls a launch made, and how many one after another. */
  Optional<String> calls(String contender) {
    return of(contender)
        .map(List::getFirst)
        .map(start -> "%d, %d deep".formatted(start.calls(), start.depth()));
  }

  /** In milliseconds. The floor has whole processors under Lambda's share too. */
  Figures floor() {
    return millis(floors);
  }

  /** In milliseconds, less what no implementation can avoid. */
  Figures floorOver(Duration delays) {
    return millis(floors.stream().map(floor -> floor.minus(delays)).toList());
  }

  private static Figures millis(Collection<Duration> durations) {
    return Figures.of(durations.stream().map(duration -> duration.toNanos() / NANOS).toList());
  }
}
