package io.elephant.launcher.aws;

import static io.elephant.launcher.aws.Attributes.reason;
import static io.elephant.launcher.aws.Attributes.text;

import io.elephant.launcher.failure.CredentialsExpired;
import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.MeetingsRefused;
import io.elephant.launcher.failure.MeetingsUnclear;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
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
  public WriteResult claim(Meeting seen, Map<Role, LaunchState> first) {
    RowUpdate update = new RowUpdate(seen.id());
    Map<String, AttributeValue> states = new HashMap<>();
    first.forEach((role, state) -> states.put(role.value(), LaunchStateItem.write(state)));
    if (seen.copied().isPresent()) {
      update.requireCopied(seen.copied().get());
      update.set(update.path(Attributes.LAUNCH), AttributeValue.fromM(states));
      table.roles().forEach(role -> update.remove(update.path(Attributes.instanceOf(role))));
    } else {
      first.keySet().forEach(update::requireOpen);
      if (seen.launchRecord().isPresent()) {
        first.keySet().forEach(update::requireNoState);
      }
      putLaunch(update, seen, states);
    }
    return write(seen.id(), update);
  }

  @Override
  public WriteResult advance(MeetingId id, Role role, LaunchState from, LaunchState to) {
    RowUpdate update = new RowUpdate(id);
    update.requireOpen(role);
    update.requireState(role, from);
    update.set(update.path(Attributes.LAUNCH, role.value()), LaunchStateItem.write(to));
    return write(id, update);
  }

  @Override
  public WriteResult lose(
      MeetingId id, Role role, InstanceId instance, LaunchState from, LaunchState to) {
    RowUpdate update = new RowUpdate(id);
    update.requireInstance(role, instance);
    update.requireState(role, from);
    update.set(update.path(Attributes.LAUNCH, role.value()), LaunchStateItem.write(to));
    if (to.recorded().isEmpty()) {
      update.remove(update.path(Attributes.instanceOf(role)));
    }
    return write(id, update);
  }

  @Override
  public WriteResult record(MeetingId id, Map<Role, StartedInstance> started) {
    RowUpdate update = new RowUpdate(id);
    started.values().forEach(update::record);
    return write(id, update);
  }

  @Override
  public WriteResult complete(
      Meeting seen, Map<Role, StartedInstance> started, Set<Role> roles, String delivery) {
    RowUpdate update = new RowUpdate(seen.id());
    started.values().forEach(update::record);
    roles.stream().filter(role -> !started.containsKey(role)).forEach(update::requireRecorded);
    if (started.isEmpty()) {
      update.requireStatus(Status.BEFORE_LAUNCHED);
    }
    update.requireLaunchAsIn(seen);
    update.set(update.path(Attributes.STATUS), text(Status.LAUNCHED.value()));
    if (seen.launchRecord().isPresent()) {
      update.set(update.path(Attributes.LAUNCH, LaunchRecord.COMPLETED_BY), text(delivery));
      update.remove(update.path(Attributes.LAUNCH, LaunchRecord.FAILURE));
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
    AwsError error = AwsError.of(e);
    String what = action + " on " + table.name();
    if (error.credentialsExpired()) {
      return new CredentialsExpired("DynamoDB " + what, error.refusal(), e);
    }
    return error.mayHeal()
        ? new MeetingsUnclear(what, error.refusal(), e)
        : new MeetingsRefused(what, error.refusal(), e);
  }
}
