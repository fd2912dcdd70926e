package io.elephant.launcher.meeting;

import java.util.Optional;

/** What came of a conditional write to a meeting's row. */
public sealed interface WriteResult {

  /** It was written, and this is the row as the write left it. */
  record Written(Meeting row) implements WriteResult {}

  /**
   * The condition did not hold.
   *
   * @param row the row that it did not hold for, where DynamoDB brought it along; absent where it
   *     did not, or where there is no row
   */
  record NotWritten(Optional<Meeting> row) implements WriteResult {}
}
