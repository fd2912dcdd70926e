package io.elephant.launcher.local;

import java.io.StringWriter;
import java.util.UUID;
import java.util.function.Consumer;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** An XML answer in the shape of the EC2 Query protocol. */
final class Ec2Xml {

  private static final String NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";
  private static final XMLOutputFactory FACTORY = XMLOutputFactory.newFactory();

  private final XMLStreamWriter writer;

  private Ec2Xml(XMLStreamWriter writer) {
    this.writer = writer;
  }

  /** The answer to an action that was carried out. */
  static Answer response(String action, Consumer<Ec2Xml> content) {
    return document(
        200,
        xml -> {
          xml.writer.writeStartElement(action + "Response");
          xml.writer.writeDefaultNamespace(NAMESPACE);
          xml.text("requestId", UUID.randomUUID().toString());
          content.accept(xml);
          xml.writer.writeEndElement();
        });
  }

  /** The answer to an action that was refused: an element without a namespace, unlike the rest. */
  static Answer error(Refusal refusal) {
    return document(
        refusal.status(),
        xml ->
            xml.element(
                "Response",
                response -> {
                  response.element(
                      "Errors",
                      errors ->
                          errors.element(
                              "Error",
                              error ->
                                  error
                                      .text("Code", refusal.code())
                                      .text("Message", refusal.message())));
                  response.text("RequestID", UUID.randomUUID().toString());
                }));
  }

  /** An element that holds only text. */
  Ec2Xml text(String name, Object value) {
    return element(name, xml -> xml.write(() -> writer.writeCharacters(value.toString())));
  }

  /** An element that holds others. */
  Ec2Xml element(String name, Consumer<Ec2Xml> content) {
    write(() -> writer.writeStartElement(name));
    content.accept(this);
    write(writer::writeEndElement);
    return this;
  }

  /** A list: an element that holds one element {@code item} for each. */
  <T> Ec2Xml items(String name, Iterable<T> values, Consumer<T> content) {
    return element(
        name, list -> values.forEach(value -> element("item", item -> content.accept(value))));
  }

  private static Answer document(int status, Piece<Ec2Xml> content) {
    var text = new StringWriter();
    try {
      var xml = new Ec2Xml(FACTORY.createXMLStreamWriter(text));
      xml.writer.writeStartDocument();
      content.write(xml);
      xml.writer.writeEndDocument();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
    return Answer.xml(status, text.toString());
  }

  private void write(Step step) {
    try {
      step.write();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Step {
    void write() throws XMLStreamException;
  }

  private interface Piece<T> {
    void write(T xml) throws XMLStreamException;
  }
}
