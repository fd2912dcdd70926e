package io.elephant.launcher.sweep;

/** What the meeting's row says of an instance of this stack. */
sealed interface Finding {

  /** The row names it, or may yet. */
  record Named() implements Finding {}

  /** The row will not name it. */
  record Unwanted(String why) implements Finding {}

  /** There is no row, which may be the table's fault. */
  record Rowless(String why) implements Finding {}

  /** It cannot be judged, and is too old to be left unsaid. */
  record Reported(String why) implements Finding {}
}
