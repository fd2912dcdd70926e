package io.elephant.launcher.launch;

import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.Status;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What launching a meeting would do.
 *
 * @param status the row's
 * @param outcome what a launch would come to, if EC2 refuses nothing
 * @param parts what it would do for each role; nothing, unless it would launch
 * @param candidates where it would go on to, in order, each time that one has no capacity
 */
public record DryRunReport(
    MeetingId meeting,
    Optional<Status> status,
    Outcome outcome,
    Map<Role, Part> parts,
    List<Candidate> candidates) {

  public DryRunReport {
    parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    candidates = List.copyOf(candidates);
  }

  /** What would be done for one role. */
  public sealed interface Part {

    /** Nothing: its machine is recorded. */
    record Recorded(InstanceId instance) implements Part {}

    /** The first attempt, of today's configuration. */
    record First(Attempt attempt) implements Part {}

    /**
     * The attempt in the row again, as it was written there.
     *
     * @param running what it has started already, as far as EC2 shows it
     */
    record Repeat(Attempt attempt, Optional<InstanceId> running) implements Part {}
  }
}
