package io.elephant.launcher.aws;

import io.elephant.launcher.failure.Refusal;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/** An answer in JSON, or a part of one. */
public record JsonAnswer(JsonNode node) {

  /** Reads a document. */
  public static JsonAnswer of(String document) {
    return new JsonAnswer(JsonNode.parser().parse(document));
  }

  /** The part of this name, if there is one. */
  public Optional<JsonAnswer> part(String name) {
    return node.isObject() ? node.field(name).map(JsonAnswer::new) : Optional.empty();
  }

  /** The elements of the list of this name. */
  public Stream<JsonAnswer> all(String name) {
    return part(name).filter(list -> list.node.isArray()).stream()
        .flatMap(list -> list.node.asArray().stream())
        .map(JsonAnswer::new);
  }

  /** The text of this name; empty if there is none. */
  public String text(String name) {
    return part(name).map(part -> part.node.text()).orElse("");
  }

  /** The error that this is. Its type may have a name space before it. */
  public Refusal refusal() {
    String type = part("__type").orElseThrow().node.text();
    return new Refusal(
        type.substring(type.indexOf('#') + 1),
        Stream.of(text("message"), text("Message"))
            .filter(message -> !message.isEmpty())
            .findFirst()
            .orElse("no message"));
  }
}
