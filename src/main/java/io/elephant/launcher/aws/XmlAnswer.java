package io.elephant.launcher.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elephant.launcher.failure.Refusal;
import java.io.ByteArrayInputStream;
import java.util.stream.Stream;
import software.amazon.awssdk.protocols.query.unmarshall.XmlDomParser;
import software.amazon.awssdk.protocols.query.unmarshall.XmlElement;

/** An answer in XML, or an element of one. */
public record XmlAnswer(XmlElement element) {

  /** Reads a document. */
  public static XmlAnswer of(String document) {
    return new XmlAnswer(XmlDomParser.parse(new ByteArrayInputStream(document.getBytes(UTF_8))));
  }

  /** Every element that this path leads to. */
  public Stream<XmlAnswer> all(String... path) {
    Stream<XmlElement> found = Stream.of(element);
    for (String name : path) {
      found = found.flatMap(parent -> parent.getElementsByName(name).stream());
    }
    return found.map(XmlAnswer::new);
  }

  /** The text that this path leads to; empty if there is none. */
  public String text(String... path) {
    return all(path).findFirst().map(found -> found.element.textContent()).orElse("");
  }

  /** The error that this path leads to. */
  public Refusal refusal(String... path) {
    XmlAnswer error = all(path).findFirst().orElseThrow();
    return new Refusal(error.text("Code"), error.text("Message"));
  }
}
