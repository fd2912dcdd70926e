package io.elephant.launcher.dynamodb;

import io.elephant.launcher.aws.Question;
import io.elephant.launcher.preflight.Table;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/** The meetings' table on DynamoDB, looked at from outside. */
@Singleton
public final class DynamoDbTable implements Table {

  private final DynamoDbClient dynamoDb;
  private final MeetingsTable table;

  public DynamoDbTable(DynamoDbClient dynamoDb, MeetingsTable table) {
    this.dynamoDb = dynamoDb;
    this.table = table;
  }

  @Override
  public String name() {
    return table.name();
  }

  @Override
  public Optional<Description> describe() {
    return Question.find(
            "dynamodb:DescribeTable",
            () -> dynamoDb.describeTable(request -> request.tableName(table.name())).table())
        .map(DynamoDbTable::description);
  }

  private static Description description(TableDescription found) {
    Map<String, String> types =
        found.attributeDefinitions().stream()
            .collect(
                Collectors.toMap(
                    AttributeDefinition::attributeName,
                    AttributeDefinition::attributeTypeAsString));
    return new Description(
        found.tableStatusAsString(),
        found.keySchema().stream()
            .map(key -> key.attributeName() + " " + types.get(key.attributeName()))
            .toList());
  }
}
