package io.elephant.launcher.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.local.DynamoDbProxy;
import io.elephant.launcher.local.LocalDynamoDb;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.WriteResult.NotWritten;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** How often DynamoDB is called, and what is said where it refuses. */
class DynamoDbCallsTest {

  private static final String TABLE = "meetings";
  private static final Set<Role> ROLES = Set.of(new Role("teacher"));
  private static final Meeting UNKNOWN =
      new Meeting(
          new MeetingId("m-1"), Optional.empty(), Optional.empty(), Map.of(), Optional.empty());

  @Test
  void callsOnceWhetherAConditionFailsOrDynamoDbRefuses() {
    try (LocalDynamoDb dynalite = LocalDynamoDb.start();
        DynamoDbProxy proxy = new DynamoDbProxy(dynalite);
        DynamoDbClient client = proxy.client()) {
      dynalite.createMeetings(TABLE);
      Meetings meetings = new DynamoDbMeetings(client, TABLE, List.copyOf(ROLES));

      assertThat(meetings.fail(UNKNOWN, ROLES, "x")).isEqualTo(new NotWritten(Optional.empty()));
      assertThat(proxy.calls()).hasSize(1);

      Map.<String, Runnable>of(
              "GetItem", () -> meetings.find(UNKNOWN.id()),
              "UpdateItem", () -> meetings.fail(UNKNOWN, ROLES, "x"))
          .forEach((action, call) -> {
            proxy.reset();
            proxy.on(action).next().refuse("ThrottlingException");
            assertThatExceptionOfType(CallFailed.class)
                .as(action)
                .isThrownBy(call::run)
                .withMessageContainingAll("DynamoDB", action, TABLE, "ThrottlingException")
                .returns(Optional.of("ThrottlingException"), CallFailed::errorCode)
                .returns(Verdict.THROTTLED, CallFailed::verdict);
            assertThat(proxy.calls()).hasSize(1);
          });
    }
  }
}
