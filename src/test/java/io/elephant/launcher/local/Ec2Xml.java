package io.elephant.launcher.local;

import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;

/**
 * An answer in the shape of the EC2 Query protocol; what the SDK has a class for is written under
 * the names that the SDK reads it by.
 */
final class Ec2Xml {

  private static final String NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";
  private static final XMLOutputFactory FACTORY = XMLOutputFactory.newFactory();

  private Ec2Xml() {}

  private interface Content {
    void write(XMLStreamWriter xml) throws XMLStreamException;
  }

  /** The answer to an action that was carried out. */
  static Answer response(String action, Map<String, ?> fields) {
    return document(
        200,
        xml -> {
          xml.writeStartElement(action + "Response");
          xml.writeDefaultNamespace(NAMESPACE);
          element(xml, "requestId", UUID.randomUUID());
          for (Map.Entry<String, ?> field : fields.entrySet()) {
            element(xml, field.getKey(), field.getValue());
          }
        });
  }

  /** The answer to an action that was refused: an element without a namespace, unlike the rest. */
  static Answer error(Refusal refusal) {
    return document(
        refusal.status(),
        xml -> {
          for (String name : List.of("Response", "Errors", "Error")) {
            xml.writeStartElement(name);
          }
          element(xml, "Code", refusal.code());
          element(xml, "Message", refusal.message());
          xml.writeEndElement();
          xml.writeEndElement();
          element(xml, "RequestID", UUID.randomUUID());
        });
  }

  private static Answer document(int status, Content content) {
    var text = new StringWriter();
    try {
      XMLStreamWriter xml = FACTORY.createXMLStreamWriter(text);
      xml.writeStartDocument();
      content.write(xml);
      xml.writeEndDocument();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
    return Answer.of(status, "text/xml;charset=UTF-8", text.toString());
  }

  private static void fields(XMLStreamWriter xml, SdkPojo shown) throws XMLStreamException {
    for (SdkField<?> field : shown.sdkFields()) {
      Object value = field.getValueOrDefault(shown);
      if (value != null && !(value instanceof SdkAutoConstructList<?>)) {
        element(xml, field.unmarshallLocationName(), value);
      }
    }
  }

  private static void element(XMLStreamWriter xml, String name, Object content)
      throws XMLStreamException {
    xml.writeStartElement(name);
    switch (content) {
      case SdkPojo shown -> fields(xml, shown);
      case List<?> items -> {
        for (Object item : items) {
          element(xml, "item", item);
        }
      }
      default -> xml.writeCharacters(content.toString());
    }
    xml.writeEndElement();
  }
}
