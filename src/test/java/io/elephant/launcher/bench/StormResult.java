package io.elephant.launcher.bench;

import static io.elephant.launcher.bench.Figures.number;

import io.elephant.launcher.local.RequestBuckets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * What became of the meetings whose events came in the same moment.
 *
 * @param plan what was measured
 * @param launched when each meeting was recorded as launched, in order, from when the events came
 * @param calls of EC2's, by action
 * @param redelivered how often an event was delivered again
 * @param unnamed live instances that no row names, such as a meeting's second one for a role
 */
record StormResult(
    Plan plan,
    List<Duration> launched,
    SortedMap<String, Calls> calls,
    int redelivered,
    int unnamed) {

  static final String LAUNCH = "RunInstances";

  private static final int ROLES = 2;
  private static final double NANOS = 1e9;
  private static final double MOST_OF_LIMIT = 1.1;
  private static final double MOST_THROTTLED = 12;

  /** The row, the claim, the instances side by side, the record. */
  private static final Duration PATH =
      Profile.RUN_INSTANCES.plus(Profile.DYNAMO_DB.multipliedBy(3));

  /**
   * What to measure.
   *
   * @param concurrency how many deliveries Lambda has under way at a time at most
   */
  record Plan(String who, int meetings, int concurrency) {

    /** Every account's quota but a new one's, and more than any storm here takes. */
    static final int UNLIMITED = 1000;

    static final String OURS = "ours";

    private boolean isLimited() {
      return concurrency < UNLIMITED;
    }

    @Override
    public String toString() {
      String limited = isLimited() ? ", concurrency " + concurrency : "";
      return who + ", " + meetings + " meetings" + limited;
    }
  }

  /** How many calls of an action EC2 has taken, and how many it has throttled. */
  record Calls(long allowed, long throttled) {
    double ratio() {
      return (double) throttled / Math.max(1, allowed);
    }
  }

  /** When the last of so many meetings can be recorded: EC2's tokens and the path's delays. */
  static Duration limit(int meetings) {
    return RequestBuckets.until(LAUNCH, ROLES * meetings).plus(PATH);
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / NANOS;
  }

  int lost() {
    return plan.meetings() - launched.size();
  }

  private double last() {
    return launched.isEmpty() ? Double.NaN : seconds(launched.getLast());
  }

  private double ofLimit() {
    return last() / seconds(limit(plan.meetings()));
  }

  private double throttled() {
    return calls.getOrDefault(LAUNCH, new Calls(0, 0)).ratio();
  }

  private String othersThrottled() {
    String others =
        calls.entrySet().stream()
            .filter(action -> !action.getKey().equals(LAUNCH) && action.getValue().throttled() > 0)
            .map(action -> action.getKey() + " " + action.getValue().throttled())
            .collect(Collectors.joining(", "));
    return others.isEmpty() ? "none" : others;
  }

  /** What the goals ask for and this is not, in words; of a comparison nothing is asked. */
  List<String> misses() {
    List<String> misses = new ArrayList<>();
    if (!plan.who().equals(Plan.OURS)) {
      return misses;
    }
    if (lost() > 0) {
      misses.add(lost() + " lost");
    }
    if (unnamed > 0) {
      misses.add(unnamed + " doubled");
    }
    if (plan.isLimited()) {
      return misses;
    }
    if (!(ofLimit() <= MOST_OF_LIMIT)) {
      misses.add("the last at %s of the limit, not %s".formatted(number(ofLimit()), MOST_OF_LIMIT));
    }
    if (throttled() > MOST_THROTTLED) {
      misses.add(
          "%s throttled per allowed, not %s"
              .formatted(number(throttled()), number(MOST_THROTTLED)));
    }
    if (redelivered > 0) {
      misses.add(redelivered + " delivered again");
    }
    return misses;
  }

  private String verdict() {
    if (!plan.who().equals(Plan.OURS)) {
      return "";
    }
    return misses().isEmpty() ? "met" : "**missed**: " + String.join("; ", misses());
  }

  /** The table's columns, each with what it says of this. */
  SequencedMap<String, String> row() {
    SequencedMap<String, String> row = new LinkedHashMap<>();
    row.put("", plan.toString());
    row.put("launched", lost() == 0 ? "all" : "%d (%d lost)".formatted(launched.size(), lost()));
    row.put("the last one, s", launched.isEmpty() ? "" : number(last()));
    row.put("against the limit", launched.isEmpty() ? "" : number(ofLimit()));
    row.put("throttled per allowed", number(throttled()));
    row.put("others throttled", othersThrottled());
    row.put("delivered again", Integer.toString(redelivered));
    row.put("doubled", Integer.toString(unnamed));
    row.put("goals", verdict());
    return row;
  }
}
