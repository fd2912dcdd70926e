package io.elephant.launcher.meeting;

import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.LaunchRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A role's state in the launch record.
 *
 * @param revision how often it was turned; who turns it says which revision he read
 * @param attempt the attempt that counts; only its instance can be recorded
 * @param replaced how many instances of this role died before they were recorded and were replaced,
 *     over all deliveries
 * @param earlier the other requests that the attempt's token went out with, if it was amended: EC2
 *     may have bound it to one of them
 */
public record LaunchState(
    int revision, Attempt attempt, int replaced, List<LaunchRequest> earlier) {

  /** An instance that dies again and again says that something is wrong with it. */
  private static final int MOST_REPLACED = 2;

  public LaunchState {
    earlier = List.copyOf(earlier);
  }

  public static LaunchState first(Attempt attempt) {
    return new LaunchState(0, attempt, 0, List.of());
  }

  public LaunchState movedTo(Attempt next) {
    return new LaunchState(revision + 1, next, replaced, List.of());
  }

  /** For a machine that died. */
  public LaunchState replacedBy(Attempt next) {
    return new LaunchState(revision + 1, next, replaced + 1, List.of());
  }

  public boolean mayReplace() {
    return replaced < MOST_REPLACED;
  }

  /** The same attempt with another request under the same token. */
  public LaunchState amended(LaunchRequest request) {
    List<LaunchRequest> others = new ArrayList<>(earlier);
    others.add(attempt.request());
    others.remove(request);
    return new LaunchState(revision + 1, attempt.with(request), replaced, others);
  }

  /** The same attempt with the request that has not been sent for the longest time, if any. */
  public Optional<LaunchState> restored() {
    return earlier.stream().findFirst().map(this::amended);
  }
}
