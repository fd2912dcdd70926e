package io.elephant.launcher.aws;

import io.elephant.launcher.failure.LaunchFailure.MeetingUnreadable;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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
    ItemReader item = new ItemReader(id, "", attributes);
    return new Meeting(
        id,
        item.optional(Attributes.STATUS, name -> item.parsed(name, Status::new)),
        item.optional(Attributes.MEET_TIME, name -> item.parsedScalar(name, MeetTime::parse)),
        present(
            roles,
            role ->
                item.optional(
                    Attributes.instanceOf(role), name -> item.parsed(name, InstanceId::new))),
        item.optional(Attributes.LAUNCH, name -> launchRecord(item.map(name), roles)));
  }

  private static LaunchRecord launchRecord(ItemReader launch, List<Role> roles) {
    return new LaunchRecord(
        present(
            roles,
            role -> launch.optional(role.value(), name -> LaunchStateItem.read(launch.map(name)))),
        launch.optional(LaunchRecord.COMPLETED_BY, launch::text));
  }

  private static <T> Map<Role, T> present(List<Role> roles, Function<Role, Optional<T>> find) {
    Map<Role, T> present = new HashMap<>();
    roles.forEach(role -> find.apply(role).ifPresent(value -> present.put(role, value)));
    return present;
  }
}
