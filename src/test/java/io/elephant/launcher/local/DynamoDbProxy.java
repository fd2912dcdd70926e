package io.elephant.launcher.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A proxy in front of {@link LocalDynamoDb}: passes calls on as they are, and lets a script delay,
 * lose and refuse them. It keeps a list of what passed. To a condition that failed it adds the row,
 * as DynamoDB does.
 */
public final class DynamoDbProxy extends StandIn {

  private static final String TARGET = "X-Amz-Target";
  private static final List<String> PASSED_ON =
      List.of(TARGET, "Authorization", "Content-Type", "X-Amz-Date");
  private static final List<String> PASSED_BACK =
      List.of("Content-Type", "x-amz-crc32", "x-amzn-RequestId");

  private static final JsonMapper JSON = new JsonMapper();
  private static final int CLIENT_ERROR = 400;

  private final URI behind;
  private final HttpClient http = HttpClient.newHttpClient();

  /** Opens a proxy in front of this DynamoDB, over HTTP. */
  public DynamoDbProxy(LocalDynamoDb dynamoDb) {
    this(dynamoDb, 0, null);
  }

  DynamoDbProxy(LocalDynamoDb dynamoDb, int port, @Nullable SSLContext tls) {
    super(port, tls);
    this.behind = dynamoDb.endpoint();
  }

  /** A client that goes through the proxy. */
  public DynamoDbClient client() {
    return LocalDynamoDb.clientOf(endpoint(), LocalDynamoDb.REGION);
  }

  @Override
  List<Permission> permissions() {
    return calls().stream().map(DynamoDbProxy::permission).toList();
  }

  private static Permission permission(Call call) {
    String table = call.json().required("TableName").asText();
    return new Permission(
        "dynamodb:" + call.action(),
        "arn:aws:dynamodb:%s:%s:table/%s"
            .formatted(LocalDynamoDb.REGION, Permission.ACCOUNT, table),
        new TreeMap<>());
  }

  @Override
  public void close() {
    super.close();
    http.close();
  }

  @Override
  Answer answer(Call call, Headers headers, Consumer<Call> decision) {
    decision.accept(call);
    HttpResponse<byte[]> response = send(call.body(), headers, UnaryOperator.identity());
    try {
      return wantsRow(call, response)
          ? withRow(call, headers, response)
          : new Answer(response.statusCode(), passedBack(response), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<byte[]> send(String body, Headers headers, UnaryOperator<String> target) {
    var request = HttpRequest.newBuilder(behind).POST(BodyPublishers.ofString(body));
    PASSED_ON.stream()
        .filter(headers::containsKey)
        .forEach(name -> {
          String value = headers.getFirst(name);
          request.header(name, name.equals(TARGET) ? target.apply(value) : value);
        });
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The proxy was closed", e);
    }
  }

  private static boolean wantsRow(Call call, HttpResponse<byte[]> response) throws IOException {
    return response.statusCode() == CLIENT_ERROR
        && JSON.readTree(call.body())
            .path("ReturnValuesOnConditionCheckFailure")
            .asText()
            .equals("ALL_OLD")
        && JSON.readTree(response.body())
            .path("__type")
            .asText()
            .endsWith("#ConditionalCheckFailedException");
  }

  /** Dynalite does not bring along the row that a condition did not hold for; DynamoDB does. */
  private Answer withRow(Call call, Headers headers, HttpResponse<byte[]> response)
      throws IOException {
    ObjectNode read = JSON.createObjectNode().put("ConsistentRead", true);
    JsonNode write = JSON.readTree(call.body());
    List.of("TableName", "Key").forEach(name -> read.set(name, write.get(name)));
    HttpResponse<byte[]> row =
        send(read.toString(), headers, target -> target.replace(call.action(), "GetItem"));
    ObjectNode answer = (ObjectNode) JSON.readTree(response.body());
    JsonNode item = JSON.readTree(row.body()).path("Item");
    if (item.isObject()) {
      answer.set("Item", item);
    }
    return Answer.of(CLIENT_ERROR, "application/x-amz-json-1.0", answer.toString());
  }

  private static Map<String, String> passedBack(HttpResponse<?> response) {
    return PASSED_BACK.stream()
        .filter(name -> response.headers().firstValue(name).isPresent())
        .collect(
            Collectors.toMap(
                UnaryOperator.identity(), name -> response.headers().firstValue(name).get()));
  }

  /** DynamoDB names its own errors and those of AWS's common layer by different name spaces. */
  @Override
  Answer answer(Refusal refusal) {
    String type =
        switch (refusal.code()) {
          case "AccessDeniedException",
              "ExpiredTokenException",
              "IncompleteSignatureException",
              "MissingAuthenticationTokenException",
              "ThrottlingException",
              "UnrecognizedClientException",
              "ValidationException" ->
              "com.amazon.coral.service#";
          default -> "com.amazonaws.dynamodb.v20120810#";
        };
    return Answer.json(refusal, type + refusal.code());
  }
}
