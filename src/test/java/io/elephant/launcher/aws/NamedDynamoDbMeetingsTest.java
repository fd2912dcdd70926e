package io.elephant.launcher.aws;

import io.elephant.launcher.local.LocalDynamoDb;
import java.net.URI;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The port on the DynamoDB that {@code make verify DYNAMODB=http://…} names, in a table of its own
 * that is deleted at the end. One on this machine is given the local access key; any other one what
 * the SDK finds: credentials, and the region in {@code AWS_REGION}.
 */
@EnabledIfSystemProperty(named = NamedDynamoDbMeetingsTest.ENDPOINT, matches = ".+")
class NamedDynamoDbMeetingsTest extends DynamoDbMeetingsTest {

  static final String ENDPOINT = "dynamodb.endpoint";

  @Override
  DynamoDbClient open() {
    URI endpoint = URI.create(System.getProperty(ENDPOINT));
    return endpoint.getScheme().equals("http")
        ? LocalDynamoDb.clientOf(endpoint, LocalDynamoDb.REGION)
        : DynamoDbClient.builder()
            .endpointOverride(endpoint)
            .httpClient(UrlConnectionHttpClient.create())
            .build();
  }
}
