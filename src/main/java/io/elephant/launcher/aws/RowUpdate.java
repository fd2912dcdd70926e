package io.elephant.launcher.aws;

import static io.elephant.launcher.aws.Attributes.text;

import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Recording;
import io.elephant.launcher.meeting.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * One conditional write to a meeting's row. It never makes a row, and never writes to one whose
 * status nothing may be launched from.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html">Condition
 *     and filter expressions</a>
 */
final class RowUpdate {

  private final MeetingId id;
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, AttributeValue> values = new HashMap<>();
  private final List<String> assignments = new ArrayList<>();
  private final List<String> removals = new ArrayList<>();
  private final List<String> conditions = new ArrayList<>();

  RowUpdate(MeetingId id) {
    this.id = id;
    conditions.add("attribute_exists(" + path(Attributes.ID) + ")");
    requireStatus(Status.LAUNCHABLE);
  }

  /** The status is one of these, or there is none. */
  void requireStatus(Collection<Status> statuses) {
    requireAbsentOr(
        path(Attributes.STATUS), statuses.stream().map(status -> text(status.value())).toList());
  }

  /** The status is LAUNCHED, where it was, and one from before that where it was not. */
  void requireStatusAsIn(Meeting seen) {
    if (seen.beforeLaunched()) {
      requireStatus(Status.BEFORE_LAUNCHED);
    } else {
      conditions.add(path(Attributes.STATUS) + " = " + value(text(Status.LAUNCHED.value())));
    }
  }

  /**
   * There is a launch record, whosever it is, where there was one, and none where there was none.
   */
  void requireLaunchAsIn(Meeting seen) {
    String launch = path(Attributes.LAUNCH);
    if (seen.launchRecord().isPresent() || seen.copied().isPresent()) {
      conditions.add("attribute_type(" + launch + ", " + value(text("M")) + ")");
    } else {
      requireAbsent(launch);
    }
  }

  /** The launch record is still the other meeting's that was seen. */
  void requireCopied(LaunchRecord copied) {
    copied
        .states()
        .forEach((role, state) ->
            require(role, LaunchStateItem.TOKEN, text(state.attempt().token().value())));
  }

  void requireNoState(Role role) {
    requireAbsent(path(Attributes.LAUNCH, role.value()));
  }

  /** No instance is recorded. */
  void requireOpen(Role role) {
    requireAbsent(path(Attributes.instanceOf(role)));
  }

  /** This instance is recorded. */
  void requireInstance(Role role, InstanceId instance) {
    conditions.add(path(Attributes.instanceOf(role)) + " = " + value(text(instance.value())));
  }

  void requireRecorded(Role role) {
    conditions.add(
        "begins_with(%s, %s)".formatted(path(Attributes.instanceOf(role)), value(text("i-"))));
  }

  /** The role's launch state is as it was seen; no two states of a claim have the same attempt. */
  void requireState(Role role, LaunchState state) {
    requireAttempt(role, state.attempt());
    String recorded = path(Attributes.LAUNCH, role.value(), LaunchStateItem.RECORDED);
    state
        .recorded()
        .ifPresentOrElse(
            instance -> conditions.add(recorded + " = " + value(text(instance.value()))),
            () -> requireAbsent(recorded));
  }

  private void requireAttempt(Role role, Attempt attempt) {
    require(role, LaunchStateItem.ATTEMPT, Attributes.number(attempt.number()));
    require(role, LaunchStateItem.CLAIM, text(attempt.claim().value()));
  }

  /** An attribute of the role's launch state is this one. */
  private void require(Role role, String attribute, AttributeValue value) {
    conditions.add(path(Attributes.LAUNCH, role.value(), attribute) + " = " + value(value));
  }

  void set(String path, AttributeValue value) {
    assignments.add(path + " = " + value(value));
  }

  void remove(String path) {
    removals.add(path);
  }

  /**
   * Records the instance, if the role is open, its attempt still the instance's, and none was ever
   * recorded under that: a role that somebody opened again is another launch.
   */
  void record(Role role, Recording recording) {
    requireOpen(role);
    requireAttempt(role, recording.attempt());
    String recorded = path(Attributes.LAUNCH, role.value(), LaunchStateItem.RECORDED);
    requireAbsent(recorded);
    AttributeValue instance = text(recording.instance().value());
    set(path(Attributes.instanceOf(role)), instance);
    set(recorded, instance);
    if (recording.unlooked()) {
      set(
          path(Attributes.LAUNCH, role.value(), LaunchStateItem.UNLOOKED),
          AttributeValue.fromBool(true));
    }
  }

  /** A document path with placeholders, because names such as {@code status} are reserved words. */
  String path(String... attributes) {
    return Stream.of(attributes)
        .map(name -> names.computeIfAbsent(name, _ -> "#n" + names.size()))
        .collect(Collectors.joining("."));
  }

  UpdateItemRequest request(String table) {
    return UpdateItemRequest.builder()
        .tableName(table)
        .key(Map.of(Attributes.ID, text(id.value())))
        .updateExpression(
            "SET "
                + String.join(", ", assignments)
                + (removals.isEmpty() ? "" : " REMOVE " + String.join(", ", removals)))
        .conditionExpression(String.join(" AND ", conditions))
        .expressionAttributeNames(
            names.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey)))
        .expressionAttributeValues(values)
        .returnValues(ReturnValue.ALL_NEW)
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
        .build();
  }

  /** There is nothing, or a placeholder that another function left. */
  private void requireAbsent(String path) {
    requireAbsentOr(path, List.of());
  }

  /** By equality, because dynalite, unlike DynamoDB, finds no empty string {@code IN} a list. */
  private void requireAbsentOr(String path, List<AttributeValue> options) {
    String comparisons =
        Stream.concat(Attributes.PLACEHOLDERS.stream(), options.stream())
            .map(option -> " OR " + path + " = " + value(option))
            .collect(Collectors.joining());
    conditions.add("(attribute_not_exists(" + path + ")" + comparisons + ")");
  }

  private String value(AttributeValue value) {
    String placeholder = ":v" + values.size();
    values.put(placeholder, value);
    return placeholder;
  }
}
