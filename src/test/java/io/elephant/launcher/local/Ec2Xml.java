package io.elephant.launcher.local;

import java.io.StringWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.UUID;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/**
 * An XML answer in the shape of the EC2 Query protocol: a map is written as an element of each
 * name, a list as an element {@code item} of each value, anything else as text.
 */
final class Ec2Xml {

  private static final String NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";
  private static final XMLOutputFactory FACTORY = XMLOutputFactory.newFactory();

  private Ec2Xml() {}

  /** Names and their values, in this order, without those that are null. */
  static SequencedMap<String, Object> fields(@Nullable Object... namesAndValues) {
    var fields = new LinkedHashMap<String, Object>();
    for (int n = 0; n < namesAndValues.length; n += 2) {
      Object value = namesAndValues[n + 1];
      if (value != null) {
        fields.put(String.valueOf(namesAndValues[n]), value);
      }
    }
    return fields;
  }

  /** The answer to an action that was carried out. */
  static Answer response(String action, SequencedMap<String, Object> content) {
    content.putFirst("requestId", UUID.randomUUID());
    return document(200, action + "Response", NAMESPACE, content);
  }

  /** The answer to an action that was refused: an element without a namespace, unlike the rest. */
  static Answer error(Refusal refusal) {
    return document(
        refusal.status(),
        "Response",
        null,
        fields(
            "Errors",
            fields("Error", fields("Code", refusal.code(), "Message", refusal.message())),
            "RequestID",
            UUID.randomUUID()));
  }

  private static Answer document(
      int status, String root, @Nullable String namespace, Map<String, Object> content) {
    var text = new StringWriter();
    try {
      XMLStreamWriter xml = FACTORY.createXMLStreamWriter(text);
      xml.writeStartDocument();
      xml.writeStartElement(root);
      if (namespace != null) {
        xml.writeDefaultNamespace(namespace);
      }
      write(xml, content);
      xml.writeEndElement();
      xml.writeEndDocument();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
    return Answer.xml(status, text.toString());
  }

  private static void write(XMLStreamWriter xml, Object value) throws XMLStreamException {
    switch (value) {
      case Map<?, ?> fields -> {
        for (Map.Entry<?, ?> field : fields.entrySet()) {
          element(xml, field.getKey().toString(), field.getValue());
        }
      }
      case Collection<?> items -> {
        for (Object item : items) {
          element(xml, "item", item);
        }
      }
      default -> xml.writeCharacters(value.toString());
    }
  }

  private static void element(XMLStreamWriter xml, String name, Object content)
      throws XMLStreamException {
    xml.writeStartElement(name);
    write(xml, content);
    xml.writeEndElement();
  }
}
