package io.elephant.launcher.local;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;

/**
 * An answer in the shape of the EC2 Query protocol; what the SDK has a class for is written under
 * the names that the SDK reads it by.
 */
final class Ec2Xml {

  private static final String NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";

  private Ec2Xml() {}

  /** The answer to an action that was carried out. */
  static Answer response(String action, Map<String, ?> fields) {
    String inside =
        fields.entrySet().stream()
            .map(field -> element(field.getKey(), field.getValue()))
            .collect(joining());
    return document(
        200,
        "<%1$sResponse xmlns=\"%2$s\">%3$s%4$s</%1$sResponse>"
            .formatted(action, NAMESPACE, element("requestId", UUID.randomUUID()), inside));
  }

  /** The answer to an action that was refused: an element without a namespace, unlike the rest. */
  static Answer error(Refusal refusal) {
    return document(
        refusal.status(),
        "<Response><Errors><Error>%s%s</Error></Errors>%s</Response>"
            .formatted(
                element("Code", refusal.code()),
                element("Message", refusal.message()),
                element("RequestID", UUID.randomUUID())));
  }

  private static Answer document(int status, String text) {
    return Answer.of(status, "text/xml;charset=UTF-8", text);
  }

  private static String element(String name, Object content) {
    String inside =
        switch (content) {
          case SdkPojo shown -> fields(shown);
          case List<?> items ->
              items.stream().map(item -> element("item", item)).collect(joining());
          default -> content.toString().replace("&", "&amp;").replace("<", "&lt;");
        };
    return "<%1$s>%2$s</%1$s>".formatted(name, inside);
  }

  private static String fields(SdkPojo shown) {
    var fields = new StringBuilder();
    for (SdkField<?> field : shown.sdkFields()) {
      Object value = field.getValueOrDefault(shown);
      if (value != null && !(value instanceof SdkAutoConstructList<?>)) {
        fields.append(element(field.unmarshallLocationName(), value));
      }
    }
    return fields.toString();
  }
}
