package io.elephant.launcher.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** dynalite, and the proxy in front of it, as the real SDK sees them. */
class LocalDynamoDbTest {

  private static final String TABLE = "elephant-meetings";
  private static final Map<String, AttributeValue> KEY = Map.of("id", AttributeValue.fromS("m1"));

  private static LocalDynamoDb dynamoDb;
  private static DynamoDbProxy proxy;
  private static DynamoDbClient client;

  @BeforeAll
  static void start() {
    dynamoDb = LocalDynamoDb.start();
    dynamoDb.createMeetings(TABLE);
    proxy = new DynamoDbProxy(dynamoDb);
    client = proxy.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    proxy.close();
    dynamoDb.close();
  }

  @BeforeEach
  void forget() {
    proxy.reset();
    dynamoDb.delete(TABLE, "m1");
  }

  @Test
  void It_listens_on_the_loopback_address_only() throws Exception {
    for (URI endpoint : new URI[] {dynamoDb.endpoint(), proxy.endpoint()}) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.getPort())) {
        assertThat(socket.isConnected()).isTrue();
      }
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress())
          .forEach(address ->
              assertThatThrownBy(() -> new Socket(address, endpoint.getPort()).close())
                  .isInstanceOf(IOException.class));
    }
  }

  @Test
  void A_client_in_another_region_finds_no_table() {
    try (DynamoDbClient elsewhere = LocalDynamoDb.clientOf(dynamoDb.endpoint(), "eu-west-1")) {
      assertThatThrownBy(() -> elsewhere.getItem(get -> get.tableName(TABLE).key(KEY)))
          .isInstanceOf(ResourceNotFoundException.class);
    }
  }

  @Test
  void The_proxy_passes_everything_on_and_keeps_count() {
    setStatus("Größe ✓", "attribute_not_exists(id)");

    assertThat(status()).isEqualTo("Größe ✓");
    assertThat(proxy.calls()).extracting(Call::action).containsExactly("UpdateItem", "GetItem");
    assertThat(proxy.calls("UpdateItem").getFirst().body()).contains("attribute_not_exists(id)");
  }

  @Test
  void A_lost_answer_leaves_the_write_and_trying_again_finds_the_condition_failed() {
    proxy.on("UpdateItem").next().loseAnswer();

    assertThatThrownBy(() -> setStatus("LAUNCHED", "attribute_not_exists(id)"))
        .isInstanceOf(SdkClientException.class);
    assertThat(status()).isEqualTo("LAUNCHED");
    assertThatThrownBy(() -> setStatus("LAUNCHED", "attribute_not_exists(id)"))
        .isInstanceOf(ConditionalCheckFailedException.class);
  }

  @Test
  void The_proxy_refuses_as_DynamoDB_refuses() {
    proxy.on("GetItem").next().refuse("AccessDeniedException");
    assertThatThrownBy(LocalDynamoDbTest::status)
        .isInstanceOfSatisfying(
            DynamoDbException.class,
            refusal ->
                assertThat(refusal.awsErrorDetails().errorCode())
                    .isEqualTo("AccessDeniedException"));

    proxy.on("GetItem").refuse("ProvisionedThroughputExceededException");
    assertThatThrownBy(LocalDynamoDbTest::status)
        .isInstanceOf(ProvisionedThroughputExceededException.class);
  }

  private static void setStatus(String status, String condition) {
    client.updateItem(update ->
        update
            .tableName(TABLE)
            .key(KEY)
            .updateExpression("SET #status = :status")
            .conditionExpression(condition)
            .expressionAttributeNames(Map.of("#status", "status"))
            .expressionAttributeValues(Map.of(":status", AttributeValue.fromS(status))));
  }

  private static String status() {
    return client.getItem(get -> get.tableName(TABLE).key(KEY)).item().get("status").s();
  }
}
