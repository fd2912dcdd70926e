package io.elephant.launcher.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** What was measured under one profile; times are in milliseconds. */
record Measurements(Map<String, List<ColdStart>> byContender) {

  /**
   * One start of a process and what came after it.
   *
   * @param init from the start of the process to its first poll
   * @param cold from the start of the process to its first answer
   * @param warm an invocation after that
   * @param peakMemory in megabytes; zero where it cannot be read
   */
  record ColdStart(double init, double cold, double warm, double peakMemory) {}

  /** The median of some figures, and the ends of their range. */
  record Figures(double median, double least, double most) {

    static Figures of(DoubleStream figures) {
      double[] sorted = figures.sorted().toArray();
      int middle = sorted.length / 2;
      double median =
          sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
      return new Figures(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** The median and the range, such as {@code 27.1 (25.0–31.4)}. */
    @Override
    public String toString() {
      return "%s (%s–%s)".formatted(number(median), number(least), number(most));
    }
  }

  /** Three digits, or as many as there are before the point. */
  static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }

  boolean has(String contender) {
    return byContender.containsKey(contender);
  }

  Figures of(String contender, ToDoubleFunction<ColdStart> figure) {
    return Figures.of(byContender.get(contender).stream().mapToDouble(figure));
  }

  double median(String contender, ToDoubleFunction<ColdStart> figure) {
    return of(contender, figure).median();
  }
}
