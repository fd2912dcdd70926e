package io.elephant.launcher.dynamodb;

import io.elephant.launcher.failure.MeetingUnreadable;
import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Makes a meeting of a row. What it does not understand it refuses, so that nothing is launched.
 */
final class Row {

  private Row() {}

  /**
   * @throws MeetingUnreadable if an attribute that matters is not what it should be
   */
  static Meeting read(MeetingId id, List<Role> roles, Map<String, AttributeValue> item) {
    Fields fields = Fields.ofRow(item);
    try {
      return new Meeting(
          id,
          fields.find(Attributes.STATUS).map(_ -> new Status(fields.text(Attributes.STATUS))),
          meetTime(fields),
          instances(fields, roles),
          fields.find(Attributes.LAUNCH).map(_ -> notebook(fields.map(Attributes.LAUNCH), roles)));
    } catch (Fields.Unreadable e) {
      throw new MeetingUnreadable(id, e.attribute, e.problem);
    }
  }

  private static Optional<Instant> meetTime(Fields fields) {
    return present(fields, Attributes.MEET_TIME)
        .map(value -> {
          try {
            return MeetTime.parse(String.valueOf(value.n() != null ? value.n() : value.s()));
          } catch (DateTimeException e) {
            throw fields.unreadable(
                Attributes.MEET_TIME, "is neither an ISO 8601 time nor seconds since 1970");
          }
        });
  }

  private static Map<Role, InstanceId> instances(Fields fields, List<Role> roles) {
    Map<Role, InstanceId> instances = new HashMap<>();
    for (Role role : roles) {
      String name = Attributes.instanceOf(role);
      if (present(fields, name).isPresent()) {
        try {
          instances.put(role, new InstanceId(fields.text(name)));
        } catch (IllegalArgumentException e) {
          throw fields.unreadable(name, "is not the id of an instance");
        }
      }
    }
    return instances;
  }

  private static LaunchRecord notebook(Fields launch, List<Role> roles) {
    Map<Role, LaunchState> states = new HashMap<>();
    for (Role role : roles) {
      if (launch.find(role.value()).isPresent()) {
        states.put(role, LaunchStateItem.read(launch.map(role.value())));
      }
    }
    return new LaunchRecord(states);
  }

  /** NULL and the empty string are what booking functions write for "not yet". */
  private static Optional<AttributeValue> present(Fields fields, String name) {
    return fields
        .find(name)
        .filter(value -> !Boolean.TRUE.equals(value.nul()))
        .filter(value -> !"".equals(value.s()));
  }
}
