package io.elephant.launcher.launch;

import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where a meeting stands after a delivery, and what the delivery has come to.
 *
 * @param meeting absent for a notice about an instance of nobody's meeting
 * @param status the row's
 * @param instances the recorded ones of the roles that are launched
 * @param why of a notice's outcome, in words
 * @param lost an instance that ended although its row counted on it
 * @param missing what the meeting counts on and nobody replaces, so that somebody must act
 */
public record Report(
    Outcome outcome,
    Optional<MeetingId> meeting,
    Optional<Status> status,
    Map<Role, InstanceId> instances,
    String why,
    Optional<Loss> lost,
    Optional<String> missing) {

  public Report {
    instances = Collections.unmodifiableMap(new LinkedHashMap<>(instances));
  }

  /** What the row says, for these roles. */
  static Report of(Outcome outcome, Meeting row, Collection<Role> roles) {
    Map<Role, InstanceId> instances = new LinkedHashMap<>();
    for (Role role : roles) {
      row.instance(role).ifPresent(instance -> instances.put(role, instance));
    }
    return new Report(
        outcome,
        Optional.of(row.id()),
        row.status(),
        instances,
        "",
        Optional.empty(),
        Optional.empty());
  }

  /** A notice about an instance that concerns no row. */
  static Report unconcerned(Outcome outcome, Optional<MeetingId> meeting, String why) {
    return new Report(
        outcome, meeting, Optional.empty(), Map.of(), why, Optional.empty(), Optional.empty());
  }

  Report because(Outcome of, String words) {
    return new Report(of, meeting, status, instances, words, lost, missing);
  }

  Report losing(Loss loss) {
    return new Report(outcome, meeting, status, instances, why, Optional.of(loss), missing);
  }

  Report missing(String what) {
    return new Report(outcome, meeting, status, instances, why, lost, Optional.of(what));
  }
}
