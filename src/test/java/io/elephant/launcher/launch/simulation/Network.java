package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/** What lies between one process and AWS: every call goes over it, and here it goes wrong. */
record Network(
    SimulatedProcess process,
    Scheduler scheduler,
    Choices choices,
    Trace trace,
    BooleanSupplier calm) {

  static final Refusal THROTTLED = new Refusal("RequestLimitExceeded", "throttled");

  /** How long the clients wait for an answer, at most, as they are configured. */
  static final long EC2_TIME_OUT = 20_000;

  private static final Refusal NO_ANSWER = new Refusal("NoAnswer", "timed out");
  private static final long TABLE_TIME_OUT = 2_000;
  private static final long LATENCY = 20;
  private static final long LONGEST_FREEZE = 240_000;

  /**
   * One call.
   *
   * @param what what it asks for, in words
   * @param kind says what can go wrong with it
   * @param effect what AWS does and answers; it is told what goes wrong
   * @param failure what the caller gets instead of an answer
   */
  record Call<T>(
      Supplier<String> what,
      Mishap.Call kind,
      Function<Mishap, T> effect,
      Function<Refusal, T> failure) {

    private boolean isRun() {
      return kind == Mishap.Call.RUN;
    }

    private boolean isOfTable() {
      return kind == Mishap.Call.READ || kind == Mishap.Call.WRITE;
    }
  }

  /** Others may act first; then it happens or does not, and the caller learns of it or does not. */
  <T> T call(Call<T> call) {
    process.calls.begins(call.isRun(), scheduler.isFirstTurn(), scheduler.now());
    scheduler.stop();
    scheduler.pass(choices.within(LATENCY));
    if (process.isExpired) {
      throw expired(call);
    }
    Mishap drawn = calm.getAsBoolean() ? Mishap.NONE : choices.mishap(call.kind);
    Mishap mishap = drawn == Mishap.EMPTY && !process.mayBeShownNothing() ? Mishap.NONE : drawn;
    boolean freezes = mishap == Mishap.FROZEN;
    process.calls.frozen += freezes ? 1 : 0;
    try {
      return answer(call, mishap);
    } finally {
      process.calls.frozen -= freezes ? 1 : 0;
      if (mishap != Mishap.NONE && (call.isOfTable() || freezes)) {
        process.calls.isExcused(scheduler.now());
      }
    }
  }

  private <T> T answer(Call<T> call, Mishap mishap) {
    switch (mishap) {
      case EXPIRED, REQUEST_LOST, KILLED_BEFORE -> say(call, mishap, "");
      case ANSWER_LOST, REPEATED, KILLED_AFTER -> happen(call, mishap);
      case LATE, KILLED_LATE -> happenLater(call, mishap);
      default -> {}
    }
    return switch (mishap) {
      case KILLED_BEFORE, KILLED_AFTER, KILLED_LATE -> throw die();
      case EXPIRED -> {
        process.isExpired = true;
        throw expired(call);
      }
      case REQUEST_LOST, ANSWER_LOST, LATE -> {
        scheduler.sleep(choices.within(call.isOfTable() ? TABLE_TIME_OUT : EC2_TIME_OUT));
        yield call.failure.apply(NO_ANSWER);
      }
      case THROTTLED -> {
        T answer = call.failure.apply(THROTTLED);
        say(call, mishap, answer);
        yield answer;
      }
      case NONE, EMPTY, REFUSED, CANDIDATE_REFUSED, REPEATED -> succeed(call, mishap);
      case REPEATED_LATE -> {
        T answer = succeed(call, mishap);
        happenLater(call, mishap);
        yield answer;
      }
      case SLOW, FROZEN -> {
        T answer = succeed(call, mishap);
        scheduler.sleep(choices.within(mishap == Mishap.SLOW ? EC2_TIME_OUT : LONGEST_FREEZE));
        yield answer;
      }
    };
  }

  /** RunInstances is asked beside others: its answer is no chance to act on another one's. */
  private <T> T succeed(Call<T> call, Mishap mishap) {
    T answer = effect(call, mishap);
    if (!call.isRun()) {
      process.succeeds(scheduler.now());
    }
    return answer;
  }

  private <T> T effect(Call<T> call, Mishap mishap) {
    try {
      T answer = call.effect.apply(mishap);
      say(call, mishap, answer);
      return answer;
    } catch (LaunchFailure failure) {
      say(call, mishap, String.valueOf(failure.getMessage()));
      throw failure;
    }
  }

  /** It happens, and nobody learns of it. */
  private <T> void happen(Call<T> call, Mishap mishap) {
    try {
      effect(call, mishap);
    } catch (LaunchFailure _) {
      // Nobody learns of that either.
    }
  }

  private <T> void happenLater(Call<T> call, Mishap mishap) {
    say(call, mishap, "on its way");
    Supplier<String> arrives = () -> call.what.get() + " arrives";
    scheduler.later(
        () -> happen(new Call<>(arrives, call.kind, call.effect, call.failure), mishap));
  }

  private static CallFailed expired(Call<?> call) {
    return new CallFailed(
        call.what.get(), Verdict.EXPIRED, new Refusal("ExpiredToken", "expired"), null);
  }

  private AssertionError die() {
    scheduler.kill(process);
    Coroutine.stop();
    return new AssertionError("a dead process went on");
  }

  private void say(Call<?> call, Mishap mishap, Object answer) {
    trace.say(() -> {
      String words = Describe.of(answer);
      String note = mishap == Mishap.NONE ? "" : "  <- " + mishap;
      return process + ": " + call.what.get() + (words.isEmpty() ? "" : " -> " + words) + note;
    });
  }
}
