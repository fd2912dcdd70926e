package io.elephant.launcher.aws;

import static io.elephant.launcher.aws.Attributes.reason;
import static io.elephant.launcher.aws.Attributes.text;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Recording;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.meeting.WriteResult;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;

/**
 * The meetings in a DynamoDB table. A condition that does not hold brings the row along, so that it
 * need not be read again.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html">UpdateItem:
 *     ReturnValuesOnConditionCheckFailure</a>
 */
@Singleton
public final class DynamoDbMeetings implements Meetings {

  private final DynamoDbClient dynamoDb;
  private final MeetingsTable table;

  public DynamoDbMeetings(DynamoDbClient dynamoDb, MeetingsTable table) {
    this.dynamoDb = dynamoDb;
    this.table = table;
  }

  @Override
  public Optional<Meeting> find(MeetingId id) {
    try {
      GetItemResponse response =
          dynamoDb.getItem(request ->
              request
                  .tableName(table.name())
                  .key(Map.of(Attributes.ID, text(id.value())))
                  .consistentRead(true));
      return response.hasItem() ? Optional.of(meeting(id, response.item())) : Optional.empty();
    } catch (SdkException e) {
      throw failed("GetItem", e);
    }
  }

  @Override
  public WriteResult put(Meeting seen, Map<Role, LaunchState> states) {
    RowUpdate update = new RowUpdate(seen.id());
    Map<String, AttributeValue> items = new HashMap<>();
    states.forEach((role, state) -> items.put(role.value(), LaunchStateItem.write(state)));
    if (seen.copied().isPresent()) {
      update.requireCopied(seen.copied().get());
      update.set(update.path(Attributes.LAUNCH), AttributeValue.fromM(items));
      table.roles().forEach(role -> update.remove(update.path(Attributes.instanceOf(role))));
    } else {
      states
          .keySet()
          .forEach(role -> {
            update.requireOpen(role);
            requireStateAsIn(update, seen, role);
          });
      putLaunch(update, seen, items);
    }
    return write(seen.id(), update);
  }

  private static void requireStateAsIn(RowUpdate update, Meeting seen, Role role) {
    if (seen.launchRecord().isPresent()) {
      seen.state(role)
          .ifPresentOrElse(
              state -> update.requireState(role, state), () -> update.requireNoState(role));
    }
  }

  @Override
  public WriteResult lose(Meeting seen, Role role, LaunchState next) {
    RowUpdate update = new RowUpdate(seen.id());
    update.requireInstance(role, seen.instance(role).orElseThrow());
    update.requireState(role, seen.state(role).orElseThrow());
    update.set(update.path(Attributes.LAUNCH, role.value()), LaunchStateItem.write(next));
    if (next.recorded().isEmpty()) {
      update.remove(update.path(Attributes.instanceOf(role)));
      update.requireStatusAsIn(seen);
      if (!seen.beforeLaunched()) {
        update.set(update.path(Attributes.STATUS), text(Status.SCHEDULED.value()));
      }
    }
    return write(seen.id(), update);
  }

  @Override
  public WriteResult record(
      Meeting seen, Map<Role, Recording> recordings, Set<Role> roles, String delivery) {
    RowUpdate update = new RowUpdate(seen.id());
    recordings.forEach(update::record);
    if (recordings.keySet().containsAll(seen.missing(roles))) {
      roles.stream().filter(role -> !recordings.containsKey(role)).forEach(update::requireRecorded);
      if (recordings.isEmpty()) {
        update.requireStatus(Status.BEFORE_LAUNCHED);
      }
      update.requireLaunchAsIn(seen);
      update.set(update.path(Attributes.STATUS), text(Status.LAUNCHED.value()));
      if (seen.launchRecord().isPresent()) {
        update.set(update.path(Attributes.LAUNCH, LaunchRecord.COMPLETED_BY), text(delivery));
        update.remove(update.path(Attributes.LAUNCH, LaunchRecord.FAILURE));
      }
    }
    return write(seen.id(), update);
  }

  @Override
  public WriteResult fail(Meeting seen, Set<Role> open, String why) {
    RowUpdate update = new RowUpdate(seen.id());
    update.requireStatus(Status.BEFORE_LAUNCHED);
    seen.copied().ifPresentOrElse(update::requireCopied, () -> open.forEach(update::requireOpen));
    putLaunch(update, seen, Map.of(LaunchRecord.FAILURE, reason(why)));
    update.set(update.path(Attributes.STATUS), text(Status.LAUNCH_FAILED.value()));
    return write(seen.id(), update);
  }

  /** DynamoDB writes into a map only where there is one, so the first entries come with the map. */
  private static void putLaunch(
      RowUpdate update, Meeting seen, Map<String, AttributeValue> entries) {
    update.requireLaunchAsIn(seen);
    if (seen.launchRecord().isEmpty() && seen.copied().isEmpty()) {
      update.set(update.path(Attributes.LAUNCH), AttributeValue.fromM(entries));
    } else {
      entries.forEach((key, value) -> update.set(update.path(Attributes.LAUNCH, key), value));
    }
  }

  private WriteResult write(MeetingId id, RowUpdate update) {
    try {
      return new WriteResult.Written(
          meeting(id, dynamoDb.updateItem(update.request(table.name())).attributes()));
    } catch (ConditionalCheckFailedException e) {
      return new WriteResult.NotWritten(
          e.hasItem() ? Optional.of(meeting(id, e.item())) : Optional.empty());
    } catch (SdkException e) {
      throw failed("UpdateItem", e);
    }
  }

  private Meeting meeting(MeetingId id, Map<String, AttributeValue> attributes) {
    return MeetingItem.read(id, table.roles(), attributes);
  }

  private LaunchFailure failed(String action, SdkException e) {
    return AwsError.of(e).failed("DynamoDB " + action + " on " + table.name(), e);
  }
}
