package io.elephant.launcher.launch;

import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What launching a meeting would do: how far the loop comes before its first effect.
 *
 * @param status the row's
 * @param outcome what a launch would come to, if EC2 refuses nothing
 * @param parts what it would do for each role; nothing, unless it would launch
 * @param candidates where it would go on to, in order, each time that one has no capacity
 */
public record DryRun(
    MeetingId meeting,
    Optional<Status> status,
    Outcome outcome,
    Map<Role, Part> parts,
    List<Candidate> candidates) {

  private static final ClaimId NO_CLAIM = new ClaimId("dry-run");

  public DryRun {
    parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    candidates = List.copyOf(candidates);
  }

  /** What would be done for one role. */
  public sealed interface Part {

    /** Nothing: its instance is recorded. */
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

  /** The loop would end here, without an effect. */
  static DryRun of(Meeting row, Outcome outcome) {
    return new DryRun(row.id(), row.status(), outcome, Map.of(), List.of());
  }

  /** The loop would launch. */
  static DryRun launching(Meeting row, Knowledge known, List<Candidate> candidates) {
    Map<Role, Part> parts = new LinkedHashMap<>();
    known.plan().roles().forEach(role -> parts.put(role, part(row, role, known, candidates)));
    return new DryRun(row.id(), row.status(), Outcome.LAUNCHED, parts, candidates);
  }

  private static Part part(Meeting row, Role role, Knowledge known, List<Candidate> candidates) {
    Optional<InstanceId> recorded = row.instance(role);
    if (recorded.isPresent()) {
      return new Part.Recorded(recorded.get());
    }
    Optional<LaunchState> begun = row.begun(role);
    if (begun.isEmpty()) {
      return new Part.First(new Attempts(known, role).first(NO_CLAIM, row.state(role), candidates));
    }
    Attempt attempt = begun.get().attempt();
    return new Part.Repeat(
        attempt,
        known
            .looks()
            .running(role)
            .filter(instance -> instance.isOf(attempt))
            .map(instance -> instance.id())
            .findFirst());
  }
}
