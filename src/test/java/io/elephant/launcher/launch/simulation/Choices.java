package io.elephant.launcher.launch.simulation;

import java.util.List;

/** Every decision of a run: the same choices make the same run. */
interface Choices {

  /** One of {@code options} possibilities: 0 to {@code options} - 1. */
  int pick(int options);

  /** Whether something happens that happens {@code percent} times in a hundred. */
  boolean happens(int percent);

  /** Who goes on: one of {@code ready}, or one of {@code asleep}, which come after them. */
  int turn(int ready, int asleep);

  /** A time from 0 to {@code limit} milliseconds. */
  long within(long limit);

  /** For how many turns of others something that can happen now is held back. */
  int patience();

  /** For how many turns of others a process stalls here: mostly for none. */
  int stall();

  /** What goes wrong with a call, out of what can. */
  Mishap mishap(List<Mishap> possible);

  /** One of {@code options} possibilities that should make no difference. */
  int whichever(int options);
}
