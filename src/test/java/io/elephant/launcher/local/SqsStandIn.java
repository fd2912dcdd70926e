package io.elephant.launcher.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * SQS on this machine, as far as an operator empties a queue: receiving hides a message for a time,
 * and the handle that it was last received under deletes it or shows it again.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html">Amazon
 *     SQS visibility timeout</a>
 */
public final class SqsStandIn extends StandIn {

  /** SQS may return fewer messages than it is asked for, and often does. */
  private static final int RETURNED_AT_ONCE = 3;

  private static final JsonMapper JSON = new JsonMapper();

  private final List<Message> messages = new ArrayList<>();

  private static final class Message {
    final String queue;
    final String id = UUID.randomUUID().toString();
    final String body;
    final Map<String, String> attributes;
    final Instant sent = Instant.now();
    Instant visible = sent;
    String receipt = "";

    Message(String queue, String body, Map<String, String> attributes) {
      this.queue = queue;
      this.body = body;
      this.attributes = Map.copyOf(attributes);
    }

    boolean isVisible() {
      return !visible.isAfter(Instant.now());
    }
  }

  /** Starts it, without a message. */
  public SqsStandIn() {
    super(0, null);
  }

  /** A queue's URL. There is every queue that somebody asks for. */
  public String url(String queue) {
    return endpoint() + "/" + Permission.ACCOUNT + "/" + queue;
  }

  /** Puts a message with these attributes into a queue. */
  public void send(String queue, String body, Map<String, String> attributes) {
    synchronized (messages) {
      messages.add(new Message(queue, body, attributes));
    }
  }

  /** The bodies of all messages that are in a queue, the hidden ones too. */
  public List<String> bodies(String queue) {
    synchronized (messages) {
      return messages.stream()
          .filter(message -> message.queue.equals(queue))
          .map(message -> message.body)
          .toList();
    }
  }

  /** How many messages, of all queues, nobody can receive at the moment. */
  public long hidden() {
    synchronized (messages) {
      return messages.stream().filter(message -> !message.isVisible()).count();
    }
  }

  /** There is no message, and no call has been made. */
  @Override
  public void reset() {
    super.reset();
    synchronized (messages) {
      messages.clear();
    }
  }

  @Override
  Answer answer(Call call, Headers headers, Consumer<Call> decision) {
    decision.accept(call);
    JsonNode request;
    try {
      request = JSON.readTree(call.body());
    } catch (JsonProcessingException e) {
      throw Refusal.invalid("The body is no JSON");
    }
    String url = request.path("QueueUrl").asText();
    String queue = url.substring(url.lastIndexOf('/') + 1);
    synchronized (messages) {
      ObjectNode reply =
          switch (call.action()) {
            case "ReceiveMessage" -> receive(queue, request);
            case "DeleteMessageBatch" -> entries(queue, request, (message, _) -> delete(message));
            case "ChangeMessageVisibilityBatch" -> entries(queue, request, SqsStandIn::change);
            default -> throw new Refusal("UnsupportedOperation", call.action());
          };
      return Answer.of(200, "application/x-amz-json-1.0", reply.toString());
    }
  }

  @Override
  Answer answer(Refusal refusal) {
    return Answer.of(
        refusal.status(),
        "application/x-amz-json-1.0",
        "{\"__type\":\"com.amazonaws.sqs#%s\",\"message\":\"%s\"}"
            .formatted(refusal.code(), refusal.message()));
  }

  private ObjectNode receive(String queue, JsonNode request) {
    Duration hiddenFor = Duration.ofSeconds(request.path("VisibilityTimeout").asLong(30));
    ObjectNode reply = JSON.createObjectNode();
    List<Message> received =
        messages.stream()
            .filter(message -> message.queue.equals(queue) && message.isVisible())
            .limit(Math.min(RETURNED_AT_ONCE, request.path("MaxNumberOfMessages").asInt(1)))
            .toList();
    for (Message message : received) {
      message.receipt = UUID.randomUUID().toString();
      message.visible = Instant.now().plus(hiddenFor);
      ObjectNode node =
          reply
              .withArray("Messages")
              .addObject()
              .put("MessageId", message.id)
              .put("ReceiptHandle", message.receipt)
              .put("Body", message.body);
      node.putObject("Attributes")
          .put("SentTimestamp", String.valueOf(message.sent.toEpochMilli()));
      message.attributes.forEach((name, value) ->
          node.withObject("MessageAttributes")
              .putObject(name)
              .put("DataType", "String")
              .put("StringValue", value));
    }
    return reply;
  }

  private interface Work {
    void on(Message message, JsonNode entry);
  }

  private void delete(Message message) {
    messages.remove(message);
  }

  private static void change(Message message, JsonNode entry) {
    if (message.isVisible()) {
      throw new Refusal("MessageNotInflight", "Nobody has received the message");
    }
    message.visible = Instant.now().plusSeconds(entry.required("VisibilityTimeout").asLong());
  }

  private ObjectNode entries(String queue, JsonNode request, Work work) {
    ObjectNode reply = JSON.createObjectNode();
    ArrayNode successful = reply.putArray("Successful");
    ArrayNode failed = reply.putArray("Failed");
    for (JsonNode entry : request.required("Entries")) {
      String id = entry.required("Id").asText();
      try {
        work.on(find(queue, entry.required("ReceiptHandle").asText()), entry);
        successful.addObject().put("Id", id);
      } catch (Refusal refusal) {
        failed
            .addObject()
            .put("Id", id)
            .put("Code", refusal.code())
            .put("Message", refusal.message())
            .put("SenderFault", true);
      }
    }
    return reply;
  }

  private Message find(String queue, String receipt) {
    return messages.stream()
        .filter(message -> message.queue.equals(queue) && message.receipt.equals(receipt))
        .findFirst()
        .orElseThrow(() -> new Refusal("ReceiptHandleIsInvalid", "There is no such handle"));
  }
}
