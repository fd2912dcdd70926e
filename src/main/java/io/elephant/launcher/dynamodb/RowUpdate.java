package io.elephant.launcher.dynamodb;

import static io.elephant.launcher.dynamodb.Attributes.text;

import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.instance.StartedInstance;
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

  void requireAbsent(String path) {
    conditions.add("attribute_not_exists(" + path + ")");
  }

  /** No instance is recorded: no attribute, or a placeholder that a booking function left. */
  void requireOpen(Role role) {
    requireAbsentOr(
        path(Attributes.instanceOf(role)), List.of(AttributeValue.fromNul(true), text("")));
  }

  void requireRecorded(Role role) {
    conditions.add(
        "begins_with(%s, %s)".formatted(path(Attributes.instanceOf(role)), value(text("i-"))));
  }

  /** A number in the role's launch state is this one. */
  void requireState(Role role, String attribute, int number) {
    conditions.add(
        path(Attributes.LAUNCH, role.value(), attribute)
            + " = "
            + value(Attributes.number(number)));
  }

  void set(String path, AttributeValue value) {
    assignments.add(path + " = " + value(value));
  }

  void remove(String path) {
    removals.add(path);
  }

  /** Records the instance, if the role is open and its attempt still the instance's. */
  void record(StartedInstance started) {
    requireOpen(started.role());
    requireState(started.role(), LaunchStateItem.ATTEMPT, started.attempt().number());
    set(path(Attributes.instanceOf(started.role())), text(started.instance().value()));
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
        .build();
  }

  /** By equality, because dynalite, unlike DynamoDB, finds no empty string {@code IN} a list. */
  private void requireAbsentOr(String path, List<AttributeValue> options) {
    String comparisons =
        options.stream()
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
