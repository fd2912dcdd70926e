package io.elephant.launcher.aws;

import static io.elephant.launcher.aws.Attributes.LAUNCH;
import static io.elephant.launcher.aws.Attributes.STATUS;
import static io.elephant.launcher.aws.Attributes.instanceOf;
import static io.elephant.launcher.aws.Attributes.number;
import static io.elephant.launcher.aws.Attributes.reason;
import static io.elephant.launcher.aws.Attributes.text;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Recording;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.meeting.WriteResult;
import java.util.HashMap;
import java.util.List;
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
 * @param roles those whose instances the rows name
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html">UpdateItem:
 *     ReturnValuesOnConditionCheckFailure</a>
 */
public record DynamoDbMeetings(DynamoDbClient dynamoDb, String table, List<Role> roles)
    implements Meetings {

  @Override
  public Optional<Meeting> find(MeetingId id) {
    try {
      GetItemResponse response =
          dynamoDb.getItem(request ->
              request
                  .tableName(table)
                  .key(Map.of(Attributes.ID, text(id.value())))
                  .consistentRead(true));
      return response.hasItem() ? Optional.of(meeting(id, response.item())) : Optional.empty();
    } catch (SdkException e) {
      throw failed("GetItem", e);
    }
  }

  @Override
  public WriteResult put(Meeting seen, Map<Role, LaunchState> states) {
    RowUpdate row = new RowUpdate(seen.id());
    Map<String, AttributeValue> items = new HashMap<>();
    states.forEach((role, state) -> items.put(role.value(), LaunchStateItem.write(state)));
    requireStatus(row, Status.LAUNCHABLE);
    if (seen.copied().isPresent()) {
      requireCopied(row, seen.copied().get());
      row.set(LAUNCH, AttributeValue.fromM(items));
      roles.forEach(role -> row.remove(instanceOf(role)));
    } else {
      states.keySet().forEach(role -> row.requireAbsent(instanceOf(role)));
      if (seen.launchRecord().isPresent()) {
        states.keySet().forEach(role -> requireState(row, role, seen.state(role)));
      }
      putLaunch(row, seen, items);
    }
    return write(seen.id(), row);
  }

  @Override
  public WriteResult lose(Meeting seen, Role role, LaunchState next) {
    RowUpdate row = new RowUpdate(seen.id());
    row.require(instanceOf(role), text(seen.instance(role).orElseThrow().value()));
    requireState(row, role, seen.state(role));
    row.set(stateOf(role), LaunchStateItem.write(next));
    if (next.recorded().isPresent()) {
      requireStatus(row, Status.LAUNCHABLE);
    } else if (seen.beforeLaunched()) {
      requireStatus(row, Status.BEFORE_LAUNCHED);
      row.remove(instanceOf(role));
    } else {
      row.require(STATUS, text(Status.LAUNCHED.value()));
      row.set(STATUS, text(Status.SCHEDULED.value()));
      row.remove(instanceOf(role));
    }
    return write(seen.id(), row);
  }

  /** A role whose id somebody took out is another launch, so that no attempt records two. */
  @Override
  public WriteResult record(
      Meeting seen, Map<Role, Recording> recordings, Set<Role> roles, String delivery) {
    RowUpdate row = new RowUpdate(seen.id());
    recordings.forEach((role, recording) -> {
      row.requireAbsent(instanceOf(role));
      requireState(row, role, recording.attempt(), Optional.empty());
      AttributeValue instance = text(recording.instance().value());
      row.set(instanceOf(role), instance);
      row.set(stateOf(role, LaunchStateItem.RECORDED), instance);
      if (recording.unlooked()) {
        row.set(stateOf(role, LaunchStateItem.UNLOOKED), AttributeValue.fromBool(true));
      }
    });
    requireStatus(row, recordings.isEmpty() ? Status.BEFORE_LAUNCHED : Status.LAUNCHABLE);
    if (recordings.keySet().containsAll(seen.missing(roles))) {
      roles.stream()
          .filter(role -> !recordings.containsKey(role))
          .forEach(role -> row.require("begins_with(%s, %s)", instanceOf(role), text("i-")));
      requireLaunchAsIn(row, seen);
      row.set(STATUS, text(Status.LAUNCHED.value()));
      if (seen.launchRecord().isPresent()) {
        row.set(LAUNCH + "." + LaunchRecord.COMPLETED_BY, text(delivery));
        row.remove(LAUNCH + "." + LaunchRecord.FAILURE);
      }
    }
    return write(seen.id(), row);
  }

  @Override
  public WriteResult fail(Meeting seen, Set<Role> open, String why) {
    RowUpdate row = new RowUpdate(seen.id());
    requireStatus(row, Status.BEFORE_LAUNCHED);
    seen.copied()
        .ifPresentOrElse(
            copied -> requireCopied(row, copied),
            () -> open.forEach(role -> row.requireAbsent(instanceOf(role))));
    putLaunch(row, seen, Map.of(LaunchRecord.FAILURE, reason(why)));
    row.set(STATUS, text(Status.LAUNCH_FAILED.value()));
    return write(seen.id(), row);
  }

  /** DynamoDB writes into a map only where there is one, so the first entries come with the map. */
  private static void putLaunch(RowUpdate row, Meeting seen, Map<String, AttributeValue> entries) {
    requireLaunchAsIn(row, seen);
    if (hasLaunch(seen)) {
      entries.forEach((key, value) -> row.set(LAUNCH + "." + key, value));
    } else {
      row.set(LAUNCH, AttributeValue.fromM(entries));
    }
  }

  /** The status is one of these, or there is none. */
  private static void requireStatus(RowUpdate row, Set<Status> statuses) {
    row.requireAbsentOr(STATUS, statuses.stream().map(status -> text(status.value())));
  }

  /**
   * There is a launch record, whosever it is, where there was one, and none where there was none.
   */
  private static void requireLaunchAsIn(RowUpdate row, Meeting seen) {
    if (hasLaunch(seen)) {
      row.require("attribute_type(%s, %s)", LAUNCH, text("M"));
    } else {
      row.requireAbsent(LAUNCH);
    }
  }

  private static boolean hasLaunch(Meeting seen) {
    return seen.launchRecord().isPresent() || seen.copied().isPresent();
  }

  /** The launch record is still the other meeting's that was seen. */
  private static void requireCopied(RowUpdate row, LaunchRecord copied) {
    copied
        .states()
        .forEach((role, state) ->
            row.require(
                stateOf(role, LaunchStateItem.TOKEN), text(state.attempt().token().value())));
  }

  /** The role's state is as it was seen. */
  private static void requireState(RowUpdate row, Role role, Optional<LaunchState> seen) {
    seen.ifPresentOrElse(
        state -> requireState(row, role, state.attempt(), state.recorded()),
        () -> row.requireAbsent(stateOf(role)));
  }

  /** The attempt is this one of this claim, and this is what was recorded under it. */
  private static void requireState(
      RowUpdate row, Role role, Attempt attempt, Optional<InstanceId> recorded) {
    row.require(stateOf(role, LaunchStateItem.ATTEMPT), number(attempt.number()));
    row.require(stateOf(role, LaunchStateItem.CLAIM), text(attempt.claim().value()));
    String path = stateOf(role, LaunchStateItem.RECORDED);
    recorded.ifPresentOrElse(
        instance -> row.require(path, text(instance.value())), () -> row.requireAbsent(path));
  }

  private static String stateOf(Role role) {
    return LAUNCH + "." + role;
  }

  private static String stateOf(Role role, String attribute) {
    return stateOf(role) + "." + attribute;
  }

  private WriteResult write(MeetingId id, RowUpdate row) {
    try {
      return new WriteResult.Written(
          meeting(id, dynamoDb.updateItem(row.request(table)).attributes()));
    } catch (ConditionalCheckFailedException e) {
      return new WriteResult.NotWritten(
          e.hasItem() ? Optional.of(meeting(id, e.item())) : Optional.empty());
    } catch (SdkException e) {
      throw failed("UpdateItem", e);
    }
  }

  private Meeting meeting(MeetingId id, Map<String, AttributeValue> attributes) {
    return MeetingItem.read(id, roles, attributes);
  }

  private LaunchFailure failed(String action, SdkException e) {
    return AwsError.of(e).failed("DynamoDB " + action + " on " + table, e);
  }
}
