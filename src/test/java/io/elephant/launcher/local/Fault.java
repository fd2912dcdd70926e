package io.elephant.launcher.local;

/** One thing that goes wrong with a call, or that a test does while the call is under way. */
@FunctionalInterface
interface Fault {

  /** The moments of a call at which a fault can strike. */
  enum Moment {
    /** The call has arrived and nothing has been done. */
    ARRIVAL,
    /** The request is valid and new, and is about to be carried out. */
    DECISION,
    /** Whatever there was to do has been done, and the answer is about to be sent. */
    ANSWER
  }

  /** Strikes, and says what is answered in place of this answer; throws where AWS refuses. */
  Answer strike(Call call, Answer answer) throws InterruptedException;
}
