package io.elephant.launcher.local;

import java.time.Duration;
import java.util.function.Consumer;

/** One thing that goes wrong with a call, or that a test does while the call is under way. */
sealed interface Fault {

  /** The moments of a call at which a fault can strike. */
  enum Moment {
    /** The call has arrived and nothing has been done. */
    ARRIVAL,
    /** The request is valid and new, and is about to be carried out. */
    DECISION,
    /** Whatever there was to do has been done, and the answer is about to be sent. */
    ANSWER
  }

  /** When the fault strikes. */
  Moment moment();

  /** A test's own code, before anything was done or after everything was. */
  record Hook(Moment moment, Consumer<Call> action) implements Fault {}

  /** The call stands still. */
  record Delay(Moment moment, Duration duration) implements Fault {}

  /** The connection breaks without an answer, before or after the work. */
  record Loss(Moment moment) implements Fault {}

  /** AWS refuses, and does nothing. */
  record Refused(Moment moment, Refusal refusal) implements Fault {}

  /** The work is done, but the answer is something else. */
  record Replaced(Answer answer) implements Fault {
    @Override
    public Moment moment() {
      return Moment.ANSWER;
    }
  }

  /** The work is done, and the answer ends in its middle. */
  record Cut() implements Fault {
    @Override
    public Moment moment() {
      return Moment.ANSWER;
    }
  }
}
