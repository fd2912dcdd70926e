package io.elephant.launcher.local;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The meeting's row as it was when all was well: what DynamoDB's point-in-time recovery keeps for
 * 35 days after a table with it was deleted.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html#howitworks-pitr-deleting-table">Deleting
 *     a table with point-in-time recovery enabled</a>
 */
record MeetingsBackup(Map<String, AttributeValue> row) {

  static MeetingsBackup of(LocalAws aws, String meeting) {
    return new MeetingsBackup(aws.row(meeting));
  }

  /** Makes the table again, with what was in it. */
  void restore(LocalAws aws) {
    aws.dynamoDb().createMeetings(LocalAws.TABLE);
    aws.dynamoDb().put(LocalAws.TABLE, row);
  }
}
