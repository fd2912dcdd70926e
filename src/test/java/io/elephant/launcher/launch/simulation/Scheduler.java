package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import io.elephant.launcher.launch.Invocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Owns time and order. Exactly one task runs at a time, up to its next stop; which one is next is a
 * choice, and no other clock exists than {@link #now}. A sleeper that is woken takes the clock
 * along.
 */
final class Scheduler {

  /** Something that takes turns. */
  static final class Task {

    private final @Nullable SimulatedProcess process;
    private final Coroutine code;
    private long wake;
    private long held;
    private int turns;
    private @Nullable Task awaited;

    private Task(@Nullable SimulatedProcess process, Runnable code) {
      this.process = process;
      this.code = new Coroutine(code);
    }

    /** What it waited for is done, so it goes on at once. */
    private void wakeWhereAwaited(long now) {
      if (awaited != null && awaited.code.isDone()) {
        wake = Math.min(wake, now);
      }
    }

    /** It waits for a task that goes on before its patience ends. */
    private boolean waitsForEarlier(long now) {
      return awaited != null && !awaited.code.isDone() && now < wake && awaited.wake <= wake;
    }
  }

  /** By so many milliseconds others may be late when a sleeper takes the clock along. */
  private static final long MOST_OVERSLEPT = 20_000;

  private final Choices choices;
  private final Trace trace;
  private final List<Task> tasks = new ArrayList<>();
  private final List<Task> ready = new ArrayList<>();
  private final List<Task> asleep = new ArrayList<>();
  private @Nullable Task current;
  private long now;
  private long turn;

  Scheduler(Choices choices, Trace trace, long start) {
    this.choices = choices;
    this.trace = trace;
    now = start;
  }

  /** Milliseconds since the epoch. */
  long now() {
    return now;
  }

  /** Starts code of a process that stops at its calls and pauses. */
  Task start(SimulatedProcess process, Runnable code) {
    Task task = new Task(process, code);
    task.wake = now;
    tasks.add(task);
    return task;
  }

  /** Something that nobody's process does and that happens at some time from now on. */
  void later(Runnable event) {
    Task task = new Task(null, event);
    task.held = turn + choices.patience();
    tasks.add(task);
  }

  /** As {@link #later}, but not before {@code wake}. */
  void at(long wake, Runnable event) {
    later(event);
    tasks.getLast().wake = wake;
  }

  /** Lets others go first, as many as like to. */
  void stop() {
    Task task = running();
    task.wake = now;
    task.held = turn + choices.stall();
    Coroutine.stop();
  }

  void sleep(long millis) {
    Task task = running();
    task.wake = now + millis;
    Coroutine.stop();
  }

  /** Lets others go on until {@code task} has ended, or {@code until} is reached. */
  boolean await(Task task, long until) {
    if (!task.code.isDone() && now < until) {
      Task waiting = running();
      waiting.awaited = task;
      waiting.wake = until;
      Coroutine.stop();
      waiting.awaited = null;
    }
    return task.code.isDone();
  }

  /** Time passes for everybody. */
  void pass(long millis) {
    now += millis;
  }

  boolean isFirstTurn() {
    return running().turns == 1;
  }

  private Task running() {
    return Objects.requireNonNull(current);
  }

  /** The process is gone: none of its tasks is ever resumed. */
  void kill(SimulatedProcess process) {
    if (process.isRunning()) {
      process.end(SimulatedProcess.Fate.KILLED);
    }
    forget(process);
  }

  /** Nothing that the process has begun goes on. */
  void forget(SimulatedProcess process) {
    tasks.removeIf(task -> task.process == process);
  }

  /** All that the process has begun stands still until then. */
  void freeze(SimulatedProcess process, long until) {
    tasks.stream()
        .filter(task -> task.process == process)
        .forEach(task -> {
          task.wake = Math.max(task.wake, until);
          task.awaited = null;
        });
  }

  /** Gives turns for as long as there is a task that can take one and {@code wanted} says so. */
  void run(BooleanSupplier wanted) {
    while (wanted.getAsBoolean()) {
      @Nullable Task next = next();
      if (next == null) {
        return;
      }
      give(next);
    }
  }

  private void give(Task task) {
    turn++;
    SimulatedProcess process = task.process;
    if (process != null) {
      process.heldUp += Math.max(0, now - task.wake);
    }
    now = Math.max(now, task.wake);
    if (process != null && process.isRunning() && now >= process.deadline()) {
      trace.say(() -> process + " is cut off: its time is over");
      kill(process);
      return;
    }
    current = task;
    task.turns++;
    task.code.resume();
    current = null;
    if (task.code.isDone()) {
      tasks.remove(task);
    }
  }

  private @Nullable Task next() {
    ready.clear();
    asleep.clear();
    sort(turn);
    if (ready.isEmpty() && asleep.isEmpty()) {
      sort(Long.MAX_VALUE);
    }
    if (ready.isEmpty() && asleep.isEmpty()) {
      return null;
    }
    int chosen = choices.turn(ready.size(), asleep.size());
    return chosen < ready.size() ? ready.get(chosen) : asleep.get(chosen - ready.size());
  }

  private void sort(long until) {
    for (Task task : tasks) {
      task.wakeWhereAwaited(now);
      if (task.held <= until && !task.waitsForEarlier(now)) {
        (task.wake <= now ? ready : asleep).add(task);
      }
    }
    long first = now;
    if (ready.isEmpty()) {
      first = asleep.stream().mapToLong(task -> task.wake).min().orElse(now);
    }
    long last = first + MOST_OVERSLEPT;
    asleep.removeIf(task -> task.wake > last);
  }

  /** A task of the running process beside the running task. */
  <T> Invocation.Pending<T> beside(SimulatedProcess process, Supplier<T> code, long until) {
    FutureTask<T> result = new FutureTask<>(code::get);
    Task task = start(process, result);
    return () -> {
      if (!await(task, until)) {
        throw new OutOfTime();
      }
      if (result.state() == Future.State.SUCCESS) {
        return result.resultNow();
      }
      if (result.exceptionNow() instanceof Error e) {
        throw e;
      }
      throw (RuntimeException) result.exceptionNow();
    };
  }
}
