package io.elephant.launcher.launch.simulation;

import java.util.function.Consumer;

/** What others do to the row and to the instances while they are being launched. */
enum OutsideChange {
  DELETES_THE_ROW(changes -> changes.table().delete()),
  CANCELS(OutsideChanges::cancel),
  MOVES_THE_STATUS_ON(2, OutsideChanges::moveStatusOn),
  /** The watchdog has read LAUNCHED, and writes DNS_WRITTEN on the condition that it is so yet. */
  MOVES_THE_STATUS_ON_ANYWAY(2, OutsideChanges::moveStatusOnLater),
  REMOVES_THE_LAUNCH_RECORD(OutsideChanges::removeLaunchRecord),
  /** The row is as it was at some time before: from a backup, or as a stale copy of it. */
  RESTORES_THE_ROW(changes -> changes.restore(false)),
  /** Every row is as it was at some time before. */
  RESTORES_THE_TABLE(changes -> changes.restore(true)),
  /** The meeting was launched; it is moved, so its instances are ended and their ids taken out. */
  MOVES_THE_MEETING(2, OutsideChanges::moveMeeting),
  /** The meeting is moved, launched or not; its instances are ended before, with or after that. */
  MOVES_TO_ANOTHER_TIME(2, OutsideChanges::moveToAnotherTime),
  /** Somebody has read the row, and writes all of it seconds later, with the next status. */
  WRITES_A_STALE_COPY(2, OutsideChanges::writeStaleCopy),
  /** The row is deleted and made anew under the same id. */
  BOOKS_AGAIN(OutsideChanges::bookAgain),
  /** The row becomes a copy of another meeting's, launch record and ids included. */
  COPIES_ANOTHER_ROW(OutsideChanges::copyAnotherRow),
  EMPTIES_THE_TABLE(OutsideChanges::emptyTable),
  FILLS_A_POOL(2, changes -> changes.setFull(true)),
  FREES_A_POOL(changes -> changes.setFull(false)),
  REACHES_A_QUOTA(changes -> changes.setOverQuota(true)),
  RAISES_A_QUOTA(changes -> changes.setOverQuota(false)),
  TERMINATES_AN_INSTANCE(2, changes -> changes.unrecorded().ifPresent(changes::lose)),
  /** A recorded instance dies, of EC2's doing. */
  LOSES_AN_INSTANCE(3, changes -> changes.recorded().ifPresent(changes::lose)),
  /** Somebody ends a recorded instance on purpose. */
  ENDS_AN_INSTANCE(changes -> changes.recorded().ifPresent(changes::end)),
  /** EC2 takes a recorded spot instance back, two minutes after it has said so. */
  INTERRUPTS_AN_INSTANCE(changes -> changes.recorded().ifPresent(changes::interrupt)),
  STOPS_AN_INSTANCE(changes -> changes.unrecorded().ifPresent(changes::stop)),
  /** EC2 retires the host of a recorded instance, or a cost tool stops it. */
  STOPS_A_RECORDED_ONE(2, changes -> changes.recorded().ifPresent(changes::stop)),
  PROTECTS_AN_INSTANCE(changes -> changes.unrecorded().ifPresent(one -> one.protect(true))),
  /** A tagger of the account gives every instance another {@code Project}. */
  REWRITES_A_TAG(OutsideChanges::rewriteTag);

  /** How often it may happen in a run. */
  final int most;

  @SuppressWarnings("ImmutableEnumChecker") // A lambda that keeps nothing.
  final Consumer<OutsideChanges> change;

  OutsideChange(Consumer<OutsideChanges> change) {
    this(1, change);
  }

  OutsideChange(int most, Consumer<OutsideChanges> change) {
    this.most = most;
    this.change = change;
  }

  /** After it a launch may be impossible, although the row wants one. */
  boolean standsInTheWay() {
    return switch (this) {
      case DELETES_THE_ROW,
          CANCELS,
          MOVES_THE_STATUS_ON,
          MOVES_THE_STATUS_ON_ANYWAY,
          FREES_A_POOL,
          RAISES_A_QUOTA,
          REWRITES_A_TAG ->
          false;
      default -> true;
    };
  }
}
