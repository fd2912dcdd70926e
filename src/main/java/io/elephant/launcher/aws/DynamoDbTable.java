package io.elephant.launcher.aws;

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
  private final String name;

  public DynamoDbTable(DynamoDbClient dynamoDb, MeetingsTable table) {
    this.dynamoDb = dynamoDb;
    this.name = table.name();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<Description> describe() {
    return PreflightCalls.find(
            "dynamodb:DescribeTable",
            () -> dynamoDb.describeTable(request -> request.tableName(name)).table())
        .map(DynamoDbTable::description);
  }

  private static Description description(TableDescription table) {
    Map<String, String> types =
        table.attributeDefinitions().stream()
            .collect(
                Collectors.toMap(
                    AttributeDefinition::attributeName,
                    AttributeDefinition::attributeTypeAsString));
    return new Description(
        table.tableStatusAsString(),
        table.keySchema().stream()
            .map(key -> key.attributeName() + " " + types.get(key.attributeName()))
            .toList());
  }
}
