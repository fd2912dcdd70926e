package io.elephant.launcher.aws;

import io.elephant.launcher.instance.Role;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The names of a row's attributes that this function reads or writes. */
final class Attributes {

  static final String ID = "id";
  static final String STATUS = "status";
  static final String MEET_TIME = "meet_time";
  static final String LAUNCH = "launch";

  /** What booking functions write for "not yet", which counts as absent. */
  static final List<AttributeValue> PLACEHOLDERS = List.of(AttributeValue.fromNul(true), text(""));

  private static final int MAX_REASON = 1_000;

  private Attributes() {}

  static String instanceOf(Role role) {
    return role + "_ec2_id";
  }

  static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  /** A reason; its end is left out where it is long, because a row has 400 KB at the most. */
  static AttributeValue reason(String value) {
    if (value.length() <= MAX_REASON) {
      return text(value);
    }
    int end = MAX_REASON - 1;
    if (Character.isHighSurrogate(value.charAt(end - 1))) {
      end--;
    }
    return text(value.substring(0, end) + "…");
  }

  static AttributeValue number(int value) {
    return AttributeValue.fromN(Integer.toString(value));
  }
}
