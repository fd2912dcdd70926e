package io.elephant.launcher.launch.simulation;

/** What others do to the row and to the machines while they are being launched. */
enum Outsider {
  DELETES_THE_ROW,
  CALLS_OFF,
  MOVES_THE_STATUS_ON,
  REMOVES_THE_NOTEBOOK,
  FILLS_A_POOL,
  FREES_A_POOL,
  REACHES_A_QUOTA,
  RAISES_A_QUOTA,
  TERMINATES_A_MACHINE;

  /** After it a launch may be impossible, although the row wants one. */
  boolean standsInTheWay() {
    return this == FILLS_A_POOL || this == REACHES_A_QUOTA || this == TERMINATES_A_MACHINE;
  }
}
