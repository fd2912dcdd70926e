package io.elephant.launcher.dynamodb;

import static io.elephant.launcher.dynamodb.Attributes.text;

import io.elephant.launcher.launch.Attempt;
import io.elephant.launcher.launch.Machine;
import io.elephant.launcher.launch.Meeting;
import io.elephant.launcher.launch.MeetingId;
import io.elephant.launcher.launch.Meetings;
import io.elephant.launcher.launch.MeetingsFailed;
import io.elephant.launcher.launch.Refusal;
import io.elephant.launcher.launch.Role;
import io.elephant.launcher.launch.Status;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The meetings in a DynamoDB table. The client repeats a call whose answer was lost, so a write may
 * find that its condition fails because of itself; {@link Meetings} has the row read then.
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
    GetItemRequest request =
        GetItemRequest.builder()
            .tableName(table.name())
            .key(Map.of(Attributes.ID, text(id.value())))
            .consistentRead(true)
            .build();
    try {
      GetItemResponse response = dynamoDb.getItem(request);
      return response.hasItem() ? Optional.of(meeting(id, response.item())) : Optional.empty();
    } catch (SdkException e) {
      throw new MeetingsFailed("GetItem on " + table.name(), refusal(e), e);
    }
  }

  @Override
  public Optional<Meeting> claim(Meeting seen, Map<Role, Attempt> first) {
    RowUpdate update = new RowUpdate(seen.id());
    first.keySet().forEach(update::requireOpen);
    String launch = update.path(Attributes.LAUNCH);
    if (seen.notebook().isEmpty()) {
      Map<String, AttributeValue> pages = new HashMap<>();
      first.forEach((role, attempt) -> pages.put(role.value(), AttemptItem.write(attempt)));
      update.requireAbsent(launch).set(launch, AttributeValue.fromM(pages));
    } else {
      first.forEach((role, attempt) -> {
        String page = update.path(Attributes.LAUNCH, role.value());
        update.requireAbsent(page).set(page, AttemptItem.write(attempt));
      });
    }
    return write(seen.id(), update);
  }

  @Override
  public Optional<Meeting> record(MeetingId id, Map<Role, Machine> started) {
    RowUpdate update = new RowUpdate(id);
    started.values().forEach(update::record);
    return write(id, update);
  }

  @Override
  public Optional<Meeting> complete(MeetingId id, Map<Role, Machine> started, Set<Role> roles) {
    RowUpdate update = new RowUpdate(id);
    started.values().forEach(update::record);
    roles.stream().filter(role -> !started.containsKey(role)).forEach(update::requireRecorded);
    update.set(update.path(Attributes.STATUS), text(Status.LAUNCHED.value()));
    return write(id, update);
  }

  private Optional<Meeting> write(MeetingId id, RowUpdate update) {
    UpdateItemRequest request = update.request(table.name());
    try {
      return Optional.of(meeting(id, dynamoDb.updateItem(request).attributes()));
    } catch (ConditionalCheckFailedException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw new MeetingsFailed("UpdateItem on " + table.name(), refusal(e), e);
    }
  }

  private Meeting meeting(MeetingId id, Map<String, AttributeValue> item) {
    return Row.read(id, table.roles(), item);
  }

  private static Refusal refusal(SdkException e) {
    if (e instanceof DynamoDbException answer) {
      Optional<AwsErrorDetails> details = Optional.ofNullable(answer.awsErrorDetails());
      return new Refusal(
          details.map(AwsErrorDetails::errorCode).orElse("HTTP " + answer.statusCode()),
          details.map(AwsErrorDetails::errorMessage).orElse("no message"));
    }
    return new Refusal("NoAnswer", String.valueOf(e.getMessage()));
  }
}
