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
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * One conditional write to a meeting's row. It never makes a row and never writes to one that is
 * past launching.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html">Condition
 *     and filter expressions</a>
 */
final class RowUpdate {

  private static final AttributeValue NULL = AttributeValue.fromNul(true);

  private final MeetingId id;
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, AttributeValue> values = new HashMap<>();
  private final List<String> assignments = new ArrayList<>();
  private final List<String> removals = new ArrayList<>();
  private final List<String> conditions = new ArrayList<>();

  RowUpdate(MeetingId id) {
    this.id = id;
    require("attribute_exists(" + path(Attributes.ID) + ")");
    requireStatus(Status.LAUNCHABLE);
  }

  RowUpdate set(String path, AttributeValue value) {
    assignments.add(path + " = " + value(value));
    return this;
  }

  RowUpdate require(String condition) {
    conditions.add(condition);
    return this;
  }

  RowUpdate requireAbsent(String path) {
    return require("attribute_not_exists(" + path + ")");
  }

  /** The role has no machine: no attribute, or a placeholder that a booking function left. */
  RowUpdate requireOpen(Role role) {
    String instance = path(Attributes.instanceOf(role));
    return require(
        "(attribute_not_exists(%1$s) OR %1$s = %2$s OR %1$s = %3$s)"
            .formatted(instance, value(NULL), value(text(""))));
  }

  RowUpdate requireRecorded(Role role) {
    return require(
        "begins_with(%s, %s)".formatted(path(Attributes.instanceOf(role)), value(text("i-"))));
  }

  /** The role is open, and its page is this revision. */
  RowUpdate requireRevision(Role role, int revision) {
    requireOpen(role);
    return requirePage(role, LaunchStateItem.REVISION, revision);
  }

  private RowUpdate requirePage(Role role, String attribute, int number) {
    String path = path(Attributes.LAUNCH, role.value(), attribute);
    return require(path + " = " + value(Attributes.number(number)));
  }

  RowUpdate remove(String path) {
    removals.add(path);
    return this;
  }

  RowUpdate requireBeforeLaunched() {
    return requireStatus(Status.BEFORE_LAUNCHED);
  }

  /** Names the role's machine, if the role is open and its attempt still the machine's. */
  RowUpdate record(StartedInstance machine) {
    Role role = machine.role();
    requireOpen(role);
    requirePage(role, LaunchStateItem.ATTEMPT, machine.attempt().number());
    return set(path(Attributes.instanceOf(role)), text(machine.instance().value()));
  }

  /** A document path with placeholders, because names such as {@code status} are reserved words. */
  String path(String... attributes) {
    return List.of(attributes).stream()
        .map(name -> names.computeIfAbsent(name, _ -> "#n" + names.size()))
        .collect(Collectors.joining("."));
  }

  UpdateItemRequest request(String table) {
    Map<String, String> placeholders =
        names.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));
    return UpdateItemRequest.builder()
        .tableName(table)
        .key(Map.of(Attributes.ID, text(id.value())))
        .updateExpression(
            "SET "
                + String.join(", ", assignments)
                + (removals.isEmpty() ? "" : " REMOVE " + String.join(", ", removals)))
        .conditionExpression(String.join(" AND ", conditions))
        .expressionAttributeNames(placeholders)
        .expressionAttributeValues(values)
        .returnValues(ReturnValue.ALL_NEW)
        .build();
  }

  private RowUpdate requireStatus(Collection<Status> statuses) {
    String status = path(Attributes.STATUS);
    String listed =
        statuses.stream().map(one -> value(text(one.value()))).collect(Collectors.joining(", "));
    return require("(attribute_not_exists(%1$s) OR %1$s IN (%2$s))".formatted(status, listed));
  }

  private String value(AttributeValue value) {
    String placeholder = ":v" + values.size();
    values.put(placeholder, value);
    return placeholder;
  }
}
