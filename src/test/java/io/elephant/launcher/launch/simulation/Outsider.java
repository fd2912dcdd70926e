package io.elephant.launcher.launch.simulation;

/** What others do to the row and to the instances while they are being launched. */
enum Outsider {
  DELETES_THE_ROW,
  CANCELS,
  MOVES_THE_STATUS_ON,
  REMOVES_THE_LAUNCH_RECORD,
  /** The row is as it was at some time before: from a backup, or as a stale copy of it. */
  RESTORES_THE_ROW,
  /** The meeting was launched; it is moved, so its instances are ended and their ids taken out. */
  MOVES_THE_MEETING,
  /** The row is deleted and made anew under the same id. */
  BOOKS_AGAIN,
  /** The row becomes a copy of another meeting's, launch record and ids included. */
  COPIES_ANOTHER_ROW,
  FILLS_A_POOL,
  FREES_A_POOL,
  REACHES_A_QUOTA,
  RAISES_A_QUOTA,
  TERMINATES_AN_INSTANCE,
  /** A recorded instance dies, of EC2's doing. */
  LOSES_AN_INSTANCE,
  /** Somebody ends a recorded instance on purpose. */
  ENDS_AN_INSTANCE,
  /** EC2 takes a recorded spot instance back, two minutes after it has said so. */
  INTERRUPTS_AN_INSTANCE,
  STOPS_AN_INSTANCE,
  PROTECTS_AN_INSTANCE,
  EMPTIES_THE_TABLE,
  /** The meeting is moved, launched or not; its instances are ended before, with or after that. */
  MOVES_TO_ANOTHER_TIME,
  /** Somebody has read the row, and writes all of it seconds later, with the next status. */
  WRITES_A_STALE_COPY,
  /** Every row is as it was at some time before. */
  RESTORES_THE_TABLE,
  /** The watchdog has read LAUNCHED, and writes DNS_WRITTEN on the condition that it is so yet. */
  MOVES_THE_STATUS_ON_ANYWAY,
  /** EC2 retires the host of a recorded instance, or a cost tool stops it. */
  STOPS_A_RECORDED_ONE,
  /** A tagger of the account gives every instance another {@code Project}. */
  REWRITES_A_TAG;

  /** After it a launch may be impossible, although the row wants one. */
  boolean standsInTheWay() {
    return switch (this) {
      case FILLS_A_POOL,
          REACHES_A_QUOTA,
          TERMINATES_AN_INSTANCE,
          LOSES_AN_INSTANCE,
          ENDS_AN_INSTANCE,
          INTERRUPTS_AN_INSTANCE,
          STOPS_AN_INSTANCE,
          PROTECTS_AN_INSTANCE,
          RESTORES_THE_ROW,
          MOVES_THE_MEETING,
          BOOKS_AGAIN,
          COPIES_ANOTHER_ROW,
          REMOVES_THE_LAUNCH_RECORD,
          EMPTIES_THE_TABLE,
          MOVES_TO_ANOTHER_TIME,
          WRITES_A_STALE_COPY,
          RESTORES_THE_TABLE,
          STOPS_A_RECORDED_ONE ->
          true;
      default -> false;
    };
  }
}
