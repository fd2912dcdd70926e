package io.elephant.launcher.aws;

import static io.elephant.launcher.aws.Attributes.text;

import io.elephant.launcher.instance.MeetingId;
import java.util.ArrayList;
import java.util.Arrays;
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
 * One conditional write to a row that exists. A path is an attribute's name, or names with full
 * stops between them where it is in a map; each is sent as a placeholder, because names such as
 * {@code status} are reserved words.
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
    conditions.add("attribute_exists(" + placeholder(Attributes.ID) + ")");
  }

  void require(String path, AttributeValue value) {
    require("%s = %s", path, value);
  }

  /**
   * @param condition with {@code %s} for the path and for the value, such as {@code begins_with(%s,
   *     %s)}
   */
  void require(String condition, String path, AttributeValue value) {
    conditions.add(condition.formatted(placeholder(path), placeholder(value)));
  }

  /**
   * There is nothing, a placeholder that another function left, or one of these. By equality,
   * because dynalite, unlike DynamoDB, finds no empty string {@code IN} a list.
   */
  void requireAbsentOr(String path, Stream<AttributeValue> values) {
    conditions.add(
        Stream.concat(Attributes.PLACEHOLDERS.stream(), values)
            .map(value -> " OR %s = %s".formatted(placeholder(path), placeholder(value)))
            .collect(
                Collectors.joining(
                    "", "(attribute_not_exists(%s)".formatted(placeholder(path)), ")")));
  }

  void requireAbsent(String path) {
    requireAbsentOr(path, Stream.empty());
  }

  void set(String path, AttributeValue value) {
    assignments.add(placeholder(path) + " = " + placeholder(value));
  }

  void remove(String path) {
    removals.add(placeholder(path));
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

  private String placeholder(String path) {
    return Arrays.stream(path.split("\\."))
        .map(name -> names.computeIfAbsent(name, _ -> "#n" + names.size()))
        .collect(Collectors.joining("."));
  }

  private String placeholder(AttributeValue value) {
    String placeholder = ":v" + values.size();
    values.put(placeholder, value);
    return placeholder;
  }
}
