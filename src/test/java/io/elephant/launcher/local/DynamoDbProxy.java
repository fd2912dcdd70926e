package io.elephant.launcher.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A proxy in front of {@link LocalDynamoDb}: passes calls on as they are, and lets a script delay,
 * lose and refuse them. It keeps a list of what passed. To a condition that failed it adds the row,
 * as DynamoDB does.
 */
public final class DynamoDbProxy extends StandIn {

  private static final List<String> PASSED_ON =
      List.of("Authorization", "Content-Type", "X-Amz-Date");
  private static final List<String> PASSED_BACK =
      List.of("Content-Type", "x-amz-crc32", "x-amzn-RequestId");
  private static final String WITH_ROW = "ReturnValuesOnConditionCheckFailure";
  private static final int CLIENT_ERROR = 400;

  private final URI behind;
  private final HttpClient http = HttpClient.newHttpClient();

  public DynamoDbProxy(LocalDynamoDb dynamoDb) {
    this(dynamoDb, 0, null);
  }

  DynamoDbProxy(LocalDynamoDb dynamoDb, int port, @Nullable SSLContext tls) {
    super(port, tls);
    this.behind = dynamoDb.endpoint();
  }

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
    HttpResponse<String> response = send(call.body(), headers, call.action());
    JsonNode write = call.json();
    if (response.statusCode() != CLIENT_ERROR || !write.has(WITH_ROW)) {
      var passedBack = new HashMap<String, String>();
      for (String name : PASSED_BACK) {
        response.headers().firstValue(name).ifPresent(value -> passedBack.put(name, value));
      }
      return new Answer(response.statusCode(), passedBack, response.body().getBytes(UTF_8));
    }
    ObjectNode answer = (ObjectNode) Call.json(response.body());
    if (answer.path("__type").asText().endsWith("#ConditionalCheckFailedException")) {
      // Dynalite does not bring along the row that a condition did not hold for; DynamoDB does.
      ObjectNode read = JsonNodeFactory.instance.objectNode().put("ConsistentRead", true);
      List.of("TableName", "Key").forEach(name -> read.set(name, write.get(name)));
      JsonNode row = Call.json(send(read.toString(), headers, "GetItem").body());
      row.optional("Item").ifPresent(item -> answer.set("Item", item));
    }
    return Answer.of(CLIENT_ERROR, "application/x-amz-json-1.0", answer.toString());
  }

  private HttpResponse<String> send(String body, Headers headers, String action) {
    var request = HttpRequest.newBuilder(behind).POST(BodyPublishers.ofString(body));
    request.header("X-Amz-Target", "DynamoDB_20120810." + action);
    PASSED_ON.stream()
        .filter(headers::containsKey)
        .forEach(name -> request.header(name, headers.getFirst(name)));
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("The proxy was closed", e);
    }
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
