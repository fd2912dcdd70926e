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
 * Reads a meeting from its item. An attribute that matters and is not understood is an error, so
 * that nothing is launched.
 */
final class MeetingItem {

  private MeetingItem() {}

  /**
   * @throws MeetingUnreadable if an attribute that matters is not what it should be
   */
  static Meeting read(MeetingId id, List<Role> roles, Map<String, AttributeValue> attributes) {
    ItemReader item = new ItemReader("", attributes);
    try {
      return new Meeting(
          id,
          item.find(Attributes.STATUS).map(_ -> new Status(item.text(Attributes.STATUS))),
          meetTime(item),
          instances(item, roles),
          item.find(Attributes.LAUNCH).map(_ -> launchRecord(item.map(Attributes.LAUNCH), roles)));
    } catch (ItemReader.Unreadable e) {
      throw new MeetingUnreadable(id, e.attribute, e.problem);
    }
  }

  private static Optional<Instant> meetTime(ItemReader item) {
    return present(item, Attributes.MEET_TIME)
        .map(value -> {
          try {
            return MeetTime.parse(String.valueOf(value.n() != null ? value.n() : value.s()));
          } catch (DateTimeException e) {
            throw item.unreadable(
                Attributes.MEET_TIME, "is neither an ISO 8601 time nor seconds since 1970");
          }
        });
  }

  private static Map<Role, InstanceId> instances(ItemReader item, List<Role> roles) {
    Map<Role, InstanceId> instances = new HashMap<>();
    for (Role role : roles) {
      String name = Attributes.instanceOf(role);
      if (present(item, name).isPresent()) {
        try {
          instances.put(role, new InstanceId(item.text(name)));
        } catch (IllegalArgumentException e) {
          throw item.unreadable(name, "is not the id of an instance");
        }
      }
    }
    return instances;
  }

  private static LaunchRecord launchRecord(ItemReader launch, List<Role> roles) {
    Map<Role, LaunchState> states = new HashMap<>();
    for (Role role : roles) {
      if (launch.find(role.value()).isPresent()) {
        states.put(role, LaunchStateItem.read(launch.map(role.value())));
      }
    }
    return new LaunchRecord(states);
  }

  /** Booking functions write NULL or the empty string for "not yet". */
  private static Optional<AttributeValue> present(ItemReader item, String name) {
    return item.find(name)
        .filter(value -> !Boolean.TRUE.equals(value.nul()) && !"".equals(value.s()));
  }
}
