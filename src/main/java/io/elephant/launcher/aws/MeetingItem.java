package io.elephant.launcher.aws;

import io.elephant.launcher.failure.LaunchFailure.MeetingUnreadable;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
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
          item.optional(Attributes.STATUS, name -> item.parsed(name, Status::new)),
          meetTime(item),
          instances(item, roles),
          item.optional(Attributes.LAUNCH, name -> launchRecord(item.map(name), roles)));
    } catch (ItemReader.Unreadable e) {
      throw new MeetingUnreadable(id.value(), e.attribute, e.problem);
    }
  }

  private static Optional<Instant> meetTime(ItemReader item) {
    return item.find(Attributes.MEET_TIME)
        .map(value -> {
          try {
            return value.n() == null
                ? MeetTime.parse(item.text(Attributes.MEET_TIME))
                : MeetTime.parse(value.n());
          } catch (DateTimeException e) {
            throw item.unreadable(Attributes.MEET_TIME, "is " + e.getMessage());
          }
        });
  }

  private static Map<Role, InstanceId> instances(ItemReader item, List<Role> roles) {
    Map<Role, InstanceId> instances = new HashMap<>();
    for (Role role : roles) {
      String name = Attributes.instanceOf(role);
      if (item.find(name).isPresent()) {
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
      launch
          .optional(role.value(), launch::map)
          .ifPresent(state -> states.put(role, LaunchStateItem.read(state)));
    }
    return new LaunchRecord(states, launch.optional(LaunchRecord.COMPLETED_BY, launch::text));
  }
}
