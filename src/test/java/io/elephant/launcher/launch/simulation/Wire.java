package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** What lies between one process and AWS: every call goes over it, and here it goes wrong. */
final class Wire {

  /** How long the clients wait for an answer, at most, as they are configured. */
  static final long EC2_TIME_OUT = 20_000;

  private static final long TABLE_TIME_OUT = 2_000;

  private static final long LATENCY = 20;
  private static final long SLOWEST = EC2_TIME_OUT;
  private static final long LONGEST_FREEZE = 240_000;

  private final SimulatedProcess process;
  private final Scheduler scheduler;
  private final Choices choices;
  private final Trace trace;
  private final Supplier<Boolean> calm;

  Wire(
      SimulatedProcess process,
      Scheduler scheduler,
      Choices choices,
      Trace trace,
      Supplier<Boolean> calm) {
    this.process = process;
    this.scheduler = scheduler;
    this.choices = choices;
    this.trace = trace;
    this.calm = calm;
  }

  SimulatedProcess process() {
    return process;
  }

  long now() {
    return scheduler.now();
  }

  /**
   * One call: others may act first, then it happens or does not, and the caller learns of it or
   * does not. The effect is told what goes wrong with it.
   */
  <T> T call(
      Supplier<String> what,
      List<Mishap> possible,
      Function<Mishap, T> effect,
      Function<Refusal, T> failure) {
    T answer = callThatReadsNothing(what, possible, effect, failure);
    process.reads(null);
    return answer;
  }

  /** A call of DescribeInstances, which EC2 may refuse for its rate. */
  <T> T look(
      Supplier<String> what,
      BooleanSupplier allowed,
      Function<Mishap, T> effect,
      Function<Refusal, T> failure) {
    return call(
        what,
        Mishap.OF_DESCRIBES,
        mishap -> {
          if (!allowed.getAsBoolean()) {
            trace.say(() -> line(what, Mishap.THROTTLED, ""));
            return failure.apply(THROTTLED);
          }
          return effect.apply(mishap);
        },
        failure);
  }

  /** A call after which what the process read last is still what it read last. */
  <T> T callThatReadsNothing(
      Supplier<String> what,
      List<Mishap> possible,
      Function<Mishap, T> effect,
      Function<Refusal, T> failure) {
    process
        .calls()
        .begins(possible.equals(Mishap.OF_RUNS), scheduler.isFirstTurn(), scheduler.now());
    scheduler.stop();
    scheduler.pass(choices.within(LATENCY));
    if (process.credentialsAreExpired()) {
      throw expired(what);
    }
    Mishap mishap = calm.get() ? Mishap.NONE : choices.mishap(possible);
    if (mishap == Mishap.EMPTY && !process.mayBeAnsweredOddly()) {
      mishap = Mishap.NONE;
    }
    T answer;
    try {
      answer = answer(what, possible, mishap, effect, failure);
    } finally {
      if (mishap != Mishap.NONE && (isOfTable(possible) || mishap == Mishap.FROZEN)) {
        process.calls().isExcused(scheduler.now());
      }
    }
    return answer;
  }

  /** Whether a failed condition brings the row along. */
  boolean bringsRowAlong() {
    return choices.whichever(2) == 0;
  }

  private <T> T answer(
      Supplier<String> what,
      List<Mishap> possible,
      Mishap mishap,
      Function<Mishap, T> effect,
      Function<Refusal, T> failure) {
    return switch (mishap) {
      case NONE, EMPTY, REFUSED, CANDIDATE_REFUSED ->
          succeed(what, possible, mishap, effect.apply(mishap));
      case EXPIRED -> {
        process.credentialsExpire();
        trace.say(() -> line(what, mishap, ""));
        throw expired(what);
      }
      case SLOW -> slowly(what, possible, mishap, effect, SLOWEST);
      case FROZEN -> slowly(what, possible, mishap, effect, LONGEST_FREEZE);
      case THROTTLED -> tell(what, mishap, failure.apply(THROTTLED));
      case REQUEST_LOST -> {
        trace.say(() -> line(what, mishap, ""));
        yield giveUp(possible, failure);
      }
      case ANSWER_LOST -> {
        happen(what, mishap, effect);
        yield giveUp(possible, failure);
      }
      case LATE -> {
        later(what, mishap, effect);
        yield giveUp(possible, failure);
      }
      case REPEATED -> {
        happen(what, mishap, effect);
        yield succeed(what, possible, mishap, effect.apply(mishap));
      }
      case REPEATED_LATE -> {
        T first = succeed(what, possible, mishap, effect.apply(mishap));
        later(what, mishap, effect);
        yield first;
      }
      case KILLED_BEFORE -> {
        trace.say(() -> line(what, mishap, ""));
        throw die();
      }
      case KILLED_AFTER -> {
        happen(what, mishap, effect);
        throw die();
      }
      case KILLED_LATE -> {
        later(what, mishap, effect);
        throw die();
      }
    };
  }

  static final Refusal THROTTLED = new Refusal("RequestLimitExceeded", "throttled");
  private static final Refusal NO_ANSWER = new Refusal("NoAnswer", "timed out");

  /** RunInstances is asked beside others: its answer is no chance to act on another one's. */
  private <T> T succeed(Supplier<String> what, List<Mishap> possible, Mishap mishap, T answer) {
    if (!possible.equals(Mishap.OF_RUNS)) {
      process.succeeds(scheduler.now());
    }
    return tell(what, mishap, answer);
  }

  private <T> T tell(Supplier<String> what, Mishap mishap, T answer) {
    trace.say(() -> line(what, mishap, Describe.of(answer)));
    return answer;
  }

  private <T> T slowly(
      Supplier<String> what,
      List<Mishap> possible,
      Mishap mishap,
      Function<Mishap, T> effect,
      long longest) {
    T answer = succeed(what, possible, mishap, effect.apply(mishap));
    scheduler.sleep(choices.within(longest));
    return answer;
  }

  private <T> void happen(Supplier<String> what, Mishap mishap, Function<Mishap, T> effect) {
    try {
      T answer = effect.apply(mishap);
      trace.say(() -> line(what, mishap, Describe.of(answer)));
    } catch (LaunchFailure failure) {
      trace.say(() -> line(what, mishap, failure.getMessage()));
    }
  }

  private <T> void later(Supplier<String> what, Mishap mishap, Function<Mishap, T> effect) {
    trace.say(() -> line(what, mishap, "on its way"));
    scheduler.later(() -> happen(() -> what.get() + " arrives", mishap, effect));
  }

  private static boolean isOfTable(List<Mishap> possible) {
    return possible.equals(Mishap.OF_READS) || possible.equals(Mishap.OF_WRITES);
  }

  private <T> T giveUp(List<Mishap> possible, Function<Refusal, T> failure) {
    scheduler.sleep(choices.within(isOfTable(possible) ? TABLE_TIME_OUT : EC2_TIME_OUT));
    return failure.apply(NO_ANSWER);
  }

  private static CallFailed expired(Supplier<String> what) {
    return new CallFailed(
        what.get(), Verdict.EXPIRED, new Refusal("ExpiredToken", "expired"), null);
  }

  private AssertionError die() {
    scheduler.kill(process);
    Coroutine.stop();
    return new AssertionError("a dead process went on");
  }

  private String line(Supplier<String> what, Mishap mishap, Object answer) {
    String note = mishap == Mishap.NONE ? "" : "  <- " + mishap;
    return process + ": " + what.get() + (answer.equals("") ? "" : " -> " + answer) + note;
  }
}
