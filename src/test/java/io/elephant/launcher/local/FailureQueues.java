package io.elephant.launcher.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Failed;
import io.elephant.launcher.local.InvocationResult.Lost;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * SQS and Lambda on this machine, as far as an operator empties queues: receiving hides a message
 * for a time, and the handle that it was last received under deletes it or shows it again.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html">Amazon
 *     SQS visibility timeout</a>
 */
public final class FailureQueues extends StandIn {

  /** What Lambda is asked, in the script and in the list of calls. */
  public static final String INVOKE = "Invoke";

  /** SQS may return fewer messages than it is asked for, and often does. */
  private static final int RETURNED_AT_ONCE = 3;

  private static final JsonMapper JSON = new JsonMapper();

  private static final class Message {
    final String queue;
    final ObjectNode shown;
    Instant visible = Instant.now();

    Message(String queue, ObjectNode shown) {
      this.queue = queue;
      this.shown = shown;
    }
  }

  private final List<Message> messages = new ArrayList<>();
  private final Function<String, InvocationResult> function;

  public FailureQueues(Function<String, InvocationResult> function) {
    super(0, null);
    this.function = function;
  }

  /** A queue's URL. There is every queue that somebody asks for. */
  public String url(String queue) {
    return endpoint() + "/" + Permission.ACCOUNT + "/" + queue;
  }

  public void send(String queue, String body, Map<String, String> attributes) {
    ObjectNode shown =
        JSON.createObjectNode().put("MessageId", UUID.randomUUID().toString()).put("Body", body);
    shown.putObject("Attributes").put("SentTimestamp", "" + System.currentTimeMillis());
    attributes.forEach((name, value) ->
        shown
            .withObject("MessageAttributes")
            .putObject(name)
            .put("DataType", "String")
            .put("StringValue", value));
    synchronized (messages) {
      messages.add(new Message(queue, shown));
    }
  }

  /** The bodies of all messages that are in a queue, the hidden ones too. */
  public List<String> bodies(String queue) {
    synchronized (messages) {
      return messages.stream()
          .filter(message -> message.queue.equals(queue))
          .map(message -> message.shown.path("Body").asText())
          .toList();
    }
  }

  /** How many messages, of all queues, nobody can receive at the moment. */
  public long hidden() {
    synchronized (messages) {
      return messages.stream().filter(message -> message.visible.isAfter(Instant.now())).count();
    }
  }

  @Override
  public void reset() {
    super.reset();
    synchronized (messages) {
      messages.clear();
    }
  }

  /** Lambda's API names its action by the path alone. */
  @Override
  Call read(HttpExchange exchange, String body) {
    return exchange.getRequestHeaders().containsKey("X-Amz-Target")
        ? super.read(exchange, body)
        : new Call(exchange.getRemoteAddress(), INVOKE, Map.of(), body);
  }

  @Override
  Answer answer(Call call, Headers headers, Consumer<Call> decision) {
    decision.accept(call);
    if (call.action().equals(INVOKE)) {
      return switch (function.apply(call.body())) {
        case Answered(String body) -> Answer.of(200, "application/json", body);
        case Failed failed -> failure(failed.raw());
        case Lost(String reason) -> failure(reason);
      };
    }
    JsonNode request = call.json();
    String url = request.required("QueueUrl").asText();
    ObjectNode reply = JSON.createObjectNode();
    synchronized (messages) {
      switch (call.action()) {
        case "ReceiveMessage" -> receive(url.substring(url.lastIndexOf('/') + 1), request, reply);
        case "DeleteMessageBatch" ->
            forEach(request, reply, (message, _) -> messages.remove(message));
        case "ChangeMessageVisibilityBatch" ->
            forEach(
                request,
                reply,
                (message, entry) -> message.visible = after(entry.required("VisibilityTimeout")));
        default -> throw new Refusal("UnsupportedOperation", call.action());
      }
    }
    return Answer.of(200, "application/x-amz-json-1.0", reply.toString());
  }

  /** Lambda answers to a failed invocation with 200, and says so in a header. */
  private static Answer failure(String body) {
    return Answer.of(200, "application/json", body).with("X-Amz-Function-Error", "Unhandled");
  }

  @Override
  Answer answer(Refusal refusal) {
    return Answer.json(refusal, "com.amazonaws.sqs#" + refusal.code());
  }

  private void receive(String queue, JsonNode request, ObjectNode reply) {
    messages.stream()
        .filter(message -> message.queue.equals(queue) && !message.visible.isAfter(Instant.now()))
        .limit(RETURNED_AT_ONCE)
        .forEach(message -> {
          message.visible = after(request.required("VisibilityTimeout"));
          message.shown.put("ReceiptHandle", UUID.randomUUID().toString());
          reply.withArray("Messages").add(message.shown.deepCopy());
        });
  }

  private static Instant after(JsonNode seconds) {
    return Instant.now().plusSeconds(seconds.asLong());
  }

  private interface Work {
    void on(Message message, JsonNode entry);
  }

  /** Does this to the messages of a batch; a handle that is not a message's last one fails. */
  private void forEach(JsonNode request, ObjectNode reply, Work work) {
    for (JsonNode entry : request.required("Entries")) {
      List<Message> found =
          messages.stream()
              .filter(message ->
                  message.shown.path("ReceiptHandle").equals(entry.required("ReceiptHandle")))
              .toList();
      reply
          .withArray(found.isEmpty() ? "Failed" : "Successful")
          .addObject()
          .put("Code", "ReceiptHandleIsInvalid")
          .set("Id", entry.required("Id"));
      found.forEach(message -> work.on(message, entry));
    }
  }
}
