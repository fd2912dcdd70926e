package io.elephant.launcher.dynamodb;

import io.elephant.launcher.aws.JsonAnswer;
import io.elephant.launcher.aws.Question;
import io.elephant.launcher.aws.SignedPost;
import io.elephant.launcher.preflight.Table;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;

/**
 * The meetings' table on DynamoDB, looked at from outside.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html">DescribeTable</a>
 */
public final class DynamoDbTable implements Table {

  private final SignedPost dynamoDb;
  private final String name;

  public DynamoDbTable(
      SdkHttpClient http, AwsCredentialsProvider credentials, Region region, MeetingsTable table) {
    this.dynamoDb =
        new SignedPost(
            http,
            credentials,
            new SignedPost.Service(
                "dynamodb",
                region,
                Optional.empty(),
                "AWS_ENDPOINT_URL_DYNAMODB",
                "aws.endpointUrlDynamoDb"));
    this.name = table.name();
  }

  @Override
  public String name() {
    return name;
  }

  /** A table's name needs no escaping in JSON. */
  @Override
  public Optional<Description> describe() {
    return Question.find(
        "dynamodb:DescribeTable",
        () ->
            dynamoDb
                .json(
                    "1.0",
                    "DynamoDB_20120810.DescribeTable",
                    "{\"TableName\":\"%s\"}".formatted(name))
                .part("Table")
                .map(DynamoDbTable::description)
                .orElseThrow(() -> SdkClientException.create("the answer has no table")));
  }

  private static Description description(JsonAnswer table) {
    Map<String, String> types =
        table
            .all("AttributeDefinitions")
            .collect(
                Collectors.toMap(
                    attribute -> attribute.text("AttributeName"),
                    attribute -> attribute.text("AttributeType")));
    return new Description(
        table.text("TableStatus"),
        table
            .all("KeySchema")
            .map(key -> key.text("AttributeName"))
            .map(attribute -> attribute + " " + types.get(attribute))
            .toList());
  }
}
