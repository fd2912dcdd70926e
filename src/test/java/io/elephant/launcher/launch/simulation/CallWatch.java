package io.elephant.launcher.launch.simulation;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one process asks of AWS over time, and how long it holds back what was started. How long it
 * was held up by others than itself counts for nothing.
 */
final class CallWatch {

  private static final long MINUTE = 60_000;
  private static final long WINDOW = 10_000;

  /** A whole round of candidates takes some thirty calls; its first pauses are short. */
  private static final int MOST_IN_WINDOW = 300;

  /** By minute of the process's life; the last counts for every later one. */
  private static final int[] MOST_CALLS = {450, 150, 70};

  private static final int[] MOST_RUNS = {200, 75, 30};

  /** Half a minute, and a round that another role's time-out held up. */
  private static final long RECORDED_WITHIN = 30_000 + Network.EC2_TIME_OUT;

  private final SimulatedProcess process;
  private final Rules rules;

  /** What is neither on its way into the row nor to its end, and since when. */
  final Map<SimulatedInstance, Long> held = new LinkedHashMap<>();

  /** So many calls stand still, and with them the process. */
  int frozen;

  private long last;
  private long stoodStill;
  private long minute;
  private int calls;
  private int runs;
  private long window;
  private int inWindow;

  CallWatch(SimulatedProcess process, Rules rules) {
    this.process = process;
    this.rules = rules;
  }

  /**
   * A call begins.
   *
   * @param isFirst whether it is the first of its task, which was begun earlier
   */
  void begins(boolean isRun, boolean isFirst, long now) {
    boolean mayBegin = isFirst || process.isRunning();
    rules.require(mayBegin, "rule 8: %s begins a call after its end", process);
    count(isRun, now);
    checkHeld(now);
  }

  private void count(boolean isRun, long now) {
    // No pause is so long: the process stood still, and what it missed it does later.
    long pause = now - Math.max(last, process.start);
    stoodStill += pause > MINUTE ? pause : 0;
    last = now;
    long age = now - process.start - stoodStill;
    if (age / MINUTE != minute) {
      minute = age / MINUTE;
      calls = 0;
      runs = 0;
    }
    if (age / WINDOW != window) {
      window = age / WINDOW;
      inWindow = 0;
    }
    calls++;
    runs += isRun ? 1 : 0;
    inWindow++;
    rules.require(
        inWindow <= MOST_IN_WINDOW, "rule 8: %s makes %d calls in ten seconds", process, inWindow);
    if (rules.disturbed < now - 2 * MINUTE) {
      int part = (int) Math.min(minute, MOST_CALLS.length - 1);
      rules.require(
          calls <= MOST_CALLS[part] && runs <= MOST_RUNS[part],
          "rule 8: %s makes %d calls, %d of them RunInstances, in its minute %d",
          process,
          calls,
          runs,
          minute + 1);
    }
  }

  /** RunInstances has answered with an instance that runs. */
  void started(SimulatedInstance instance, long now) {
    held.putIfAbsent(instance, now - process.heldUp);
  }

  /** The table does not answer, or the process stood still: its time begins anew. */
  void isExcused(long now) {
    held.replaceAll((_, _) -> now - process.heldUp);
  }

  private void checkHeld(long now) {
    held.forEach((instance, since) ->
        rules.require(
            frozen > 0
                || now - process.heldUp - since <= RECORDED_WITHIN
                || !rules.isAwaited(instance, now),
            "rule 8: %s has held back %s since %d",
            process,
            instance,
            since));
  }
}
