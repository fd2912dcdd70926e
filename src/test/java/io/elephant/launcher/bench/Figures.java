package io.elephant.launcher.bench;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * What a number of measurements of one thing came to: their median, and the ends of their range.
 */
record Figures(double median, double least, double most) {

  static Figures of(Collection<Double> measurements) {
    if (measurements.isEmpty()) {
      throw new IllegalArgumentException("There is no median of nothing");
    }
    List<Double> sorted = measurements.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Figures(median, sorted.getFirst(), sorted.getLast());
  }

  /** The median and the range, such as {@code 27.1 (25.0–31.4)}. */
  @Override
  public String toString() {
    return "%s (%s–%s)".formatted(number(median), number(least), number(most));
  }

  /** Three digits, or as many as there are before the point. */
  static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f", value);
  }
}
