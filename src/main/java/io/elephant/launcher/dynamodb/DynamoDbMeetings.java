package io.elephant.launcher.dynamodb;

import static io.elephant.launcher.dynamodb.Attributes.text;

import io.elephant.launcher.aws.AwsError;
import io.elephant.launcher.aws.Meaning;
import io.elephant.launcher.failure.MeetingsFailed;
import io.elephant.launcher.failure.MeetingsRefused;
import io.elephant.launcher.failure.MeetingsUnclear;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Status;
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
 * The meetings in a DynamoDB table. The client repeats a call whose answer was lost, so a write's
 * condition may fail because of the write itself; {@link Meetings} has the row read then.
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
  public Optional<Meeting> claim(Meeting seen, Map<Role, LaunchState> first) {
    RowUpdate update = new RowUpdate(seen.id());
    Map<String, AttributeValue> states = new HashMap<>();
    first.forEach((role, state) -> {
      update.requireOpen(role);
      states.put(role.value(), LaunchStateItem.write(state));
    });
    if (seen.launchRecord().isPresent()) {
      states.keySet().forEach(role -> update.requireAbsent(update.path(Attributes.LAUNCH, role)));
    }
    putLaunch(update, seen, states);
    return write(seen.id(), update);
  }

  @Override
  public Optional<Meeting> advance(MeetingId id, Role role, LaunchState from, LaunchState to) {
    RowUpdate update = new RowUpdate(id);
    update.requireOpen(role);
    update.requireState(role, LaunchStateItem.REVISION, from.revision());
    update.set(update.path(Attributes.LAUNCH, role.value()), LaunchStateItem.write(to));
    return write(id, update);
  }

  @Override
  public Optional<Meeting> record(MeetingId id, Map<Role, StartedInstance> started) {
    RowUpdate update = new RowUpdate(id);
    started.values().forEach(update::record);
    return write(id, update);
  }

  @Override
  public Optional<Meeting> complete(
      MeetingId id, Map<Role, StartedInstance> started, Set<Role> roles) {
    RowUpdate update = new RowUpdate(id);
    started.values().forEach(update::record);
    roles.stream().filter(role -> !started.containsKey(role)).forEach(update::requireRecorded);
    update.set(update.path(Attributes.STATUS), text(Status.LAUNCHED.value()));
    if (!started.isEmpty()) {
      update.remove(update.path(Attributes.LAUNCH, LaunchRecord.FAILURE));
    }
    return write(id, update);
  }

  @Override
  public Optional<Meeting> fail(Meeting seen, Set<Role> open, String why) {
    RowUpdate update = new RowUpdate(seen.id());
    update.requireStatus(Status.BEFORE_LAUNCHED);
    open.forEach(update::requireOpen);
    putLaunch(update, seen, Map.of(LaunchRecord.FAILURE, text(why)));
    update.set(update.path(Attributes.STATUS), text(Status.LAUNCH_FAILED.value()));
    return write(seen.id(), update);
  }

  /** DynamoDB writes into a map only where there is one, so the first entries come with the map. */
  private static void putLaunch(
      RowUpdate update, Meeting seen, Map<String, AttributeValue> entries) {
    if (seen.launchRecord().isEmpty()) {
      String launch = update.path(Attributes.LAUNCH);
      update.requireAbsent(launch);
      update.set(launch, AttributeValue.fromM(entries));
    } else {
      entries.forEach((key, value) -> update.set(update.path(Attributes.LAUNCH, key), value));
    }
  }

  private Optional<Meeting> write(MeetingId id, RowUpdate update) {
    try {
      return Optional.of(
          meeting(id, dynamoDb.updateItem(update.request(table.name())).attributes()));
    } catch (ConditionalCheckFailedException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw failed("UpdateItem", e);
    }
  }

  private Meeting meeting(MeetingId id, Map<String, AttributeValue> attributes) {
    return MeetingItem.read(id, table.roles(), attributes);
  }

  private MeetingsFailed failed(String action, SdkException e) {
    AwsError error = AwsError.of(e);
    String what = action + " on " + table.name();
    return error.meaning() == Meaning.UNCLEAR
        ? new MeetingsUnclear(what, error.refusal(), e)
        : new MeetingsRefused(what, error.refusal(), e);
  }
}
