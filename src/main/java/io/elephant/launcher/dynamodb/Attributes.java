package io.elephant.launcher.dynamodb;

import io.elephant.launcher.id.Role;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The names of a row's attributes that this function reads or writes. */
final class Attributes {

  static final String ID = "id";
  static final String STATUS = "status";
  static final String MEET_TIME = "meet_time";
  static final String LAUNCH = "launch";

  private Attributes() {}

  static String instanceOf(Role role) {
    return role + "_ec2_id";
  }

  static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  static AttributeValue number(int value) {
    return AttributeValue.fromN(Integer.toString(value));
  }
}
