package io.elephant.launcher.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.waiters.DynamoDbWaiter;

/**
 * DynamoDB on this machine: dynalite on Node.js, in a process of its own.
 *
 * <p>The process holds everything in memory, listens on the loopback address, and ends with {@link
 * #close()} or with the process that started it, even if that was killed. Maven installs it into
 * {@code src/test/dynalite}.
 *
 * @see <a href="https://github.com/architect/dynalite">dynalite</a>
 */
public final class LocalDynamoDb implements AutoCloseable {

  /** The region that its tables live in; in another one, there are none. */
  public static final String REGION = "us-west-2";

  /** The access key that its tables belong to; with another one, there are none. */
  public static final String ACCESS_KEY = "elephant";

  /** The secret that goes with the access key; dynalite accepts any. */
  public static final String SECRET_KEY = "elephant";

  private static final Path SERVER = Path.of("src", "test", "dynalite", "server.mjs");
  private static final Path LOG = Path.of("target", "dynalite.log");
  private static final String KEY = "id";
  private static final Duration SHORTEST_POLL = Duration.ofMillis(5);
  private static final Duration LONGEST_POLL = Duration.ofSeconds(2);
  private static final Duration MOST_FOR_A_TABLE = Duration.ofMinutes(2);

  private final Process process;
  private final URI endpoint;
  private final DynamoDbClient client;

  private LocalDynamoDb(Process process, int port) {
    this.process = process;
    this.endpoint = URI.create("http://127.0.0.1:" + port);
    this.client = clientOf(endpoint, REGION);
  }

  public static LocalDynamoDb start() {
    try {
      Process process =
          new ProcessBuilder("node", SERVER.toString())
              .redirectError(ProcessBuilder.Redirect.appendTo(LOG.toFile()))
              .start();
      String port = process.inputReader().readLine();
      if (port == null) {
        throw new IllegalStateException("dynalite did not start; " + LOG + " says why");
      }
      return new LocalDynamoDb(process, Integer.parseInt(port));
    } catch (IOException e) {
      throw new UncheckedIOException("make tools says what it needs", e);
    }
  }

  /** A client for a DynamoDB on this machine, or a proxy in front of it; it never tries again. */
  public static DynamoDbClient clientOf(URI endpoint, String region) {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint)
        .region(Region.of(region))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
        .httpClient(UrlConnectionHttpClient.create())
        .overrideConfiguration(override -> override.retryStrategy(retry -> retry.maxAttempts(1)))
        .build();
  }

  /** Where it listens: the value for {@code AWS_ENDPOINT_URL_DYNAMODB}. */
  public URI endpoint() {
    return endpoint;
  }

  /** A client of one's own, to look at what the function did. */
  public DynamoDbClient client() {
    return client;
  }

  /** Creates a table for meetings: key {@code id}, a string, billed on demand. */
  public void createMeetings(String table) {
    createMeetings(client, table);
  }

  public static void createMeetings(DynamoDbClient client, String table) {
    createTable(client, table, List.of(KEY + " S"));
  }

  /**
   * Creates a table that is billed on demand.
   *
   * @param key the attributes of its key: name and type, such as {@code id S}; the sort key second
   */
  public static void createTable(DynamoDbClient client, String table, List<String> key) {
    List<KeySchemaElement> schema = new ArrayList<>();
    List<AttributeDefinition> attributes = new ArrayList<>();
    for (String attribute : key) {
      String name = attribute.split(" ")[0];
      String type = attribute.split(" ")[1];
      KeyType place = schema.isEmpty() ? KeyType.HASH : KeyType.RANGE;
      schema.add(KeySchemaElement.builder().attributeName(name).keyType(place).build());
      attributes.add(AttributeDefinition.builder().attributeName(name).attributeType(type).build());
    }
    client.createTable(request ->
        request
            .tableName(table)
            .billingMode(BillingMode.PAY_PER_REQUEST)
            .attributeDefinitions(attributes)
            .keySchema(schema));
    try (DynamoDbWaiter waiter = waiter(client)) {
      waiter.waitUntilTableExists(request -> request.tableName(table));
    }
  }

  public void deleteTable(String table) {
    client.deleteTable(request -> request.tableName(table));
    try (DynamoDbWaiter waiter = waiter(client)) {
      waiter.waitUntilTableNotExists(request -> request.tableName(table));
    }
  }

  /** A table is created and deleted some time after the answer; at once by dynalite. */
  private static DynamoDbWaiter waiter(DynamoDbClient client) {
    return DynamoDbWaiter.builder()
        .client(client)
        .overrideConfiguration(override ->
            override
                .backoffStrategyV2(BackoffStrategy.exponentialDelay(SHORTEST_POLL, LONGEST_POLL))
                .maxAttempts(Integer.MAX_VALUE)
                .waitTimeout(MOST_FOR_A_TABLE))
        .build();
  }

  public void put(String table, Map<String, AttributeValue> row) {
    client.putItem(request -> request.tableName(table).item(row));
  }

  /** Reads a row; an empty map if there is none. */
  public Map<String, AttributeValue> row(String table, String id) {
    return client
        .getItem(request -> request.tableName(table).key(key(id)).consistentRead(true))
        .item();
  }

  public void delete(String table, String id) {
    client.deleteItem(request -> request.tableName(table).key(key(id)));
  }

  private static Map<String, AttributeValue> key(String id) {
    return Map.of(KEY, AttributeValue.fromS(id));
  }

  /** Ends the process by ending its input. */
  @Override
  public void close() {
    client.close();
    try {
      process.getOutputStream().close();
    } catch (IOException _) {
      process.destroyForcibly();
    }
    process.onExit().join();
  }
}
