package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.MeetingNotFound;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.FoundInstance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.launch.DryRunReport.Part;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Says what a {@link Launch} would do: it reads what that reads, and neither writes nor starts. */
public final class DryRun {

  /** Nothing is claimed. */
  private static final ClaimId NO_CLAIM = new ClaimId("dry-run");

  /** As long as one call takes, seldom more. */
  private static final Duration RESERVE = Duration.ofSeconds(5);

  private final Meetings meetings;
  private final Instances ec2;
  private final LaunchPlan plan;

  public DryRun(Meetings meetings, Instances ec2, LaunchPlan plan) {
    this.meetings = meetings;
    this.ec2 = ec2;
    this.plan = plan;
  }

  /**
   * What launching the meeting would do now.
   *
   * @throws LaunchFailure if a launch would fail before it had started anything
   */
  public DryRunReport run(MeetingId id, Invocation invocation) {
    Backoff backoff = new Backoff(invocation, RESERVE);
    Meeting meeting =
        backoff.repeat(() -> meetings.find(id)).orElseThrow(() -> new MeetingNotFound(id));
    Outcome outcome = outcome(meeting, invocation.now());
    return outcome == Outcome.LAUNCHED
        ? launch(meeting, backoff, invocation)
        : new DryRunReport(id, meeting.status(), outcome, Map.of(), List.of());
  }

  private Outcome outcome(Meeting meeting, Instant now) {
    if (meeting.cancelled()) {
      return Outcome.CANCELLED;
    }
    Set<Role> open = meeting.without(plan.roles());
    if (open.isEmpty()) {
      return meeting.launchable() && meeting.beforeLaunched()
          ? Outcome.LAUNCHED
          : Outcome.ALREADY_LAUNCHED;
    }
    if (!meeting.launchable()) {
      return Outcome.OTHER_STATUS;
    }
    return Timeliness.untimely(meeting, open, plan, now).orElse(Outcome.LAUNCHED);
  }

  private DryRunReport launch(Meeting meeting, Backoff backoff, Invocation invocation) {
    List<Candidate> candidates = new CandidateSource(ec2, plan, invocation).candidates();
    Map<Role, Part> parts = new LinkedHashMap<>();
    for (Role role : plan.roles()) {
      parts.put(role, part(meeting, role, candidates.getFirst(), backoff));
    }
    return new DryRunReport(meeting.id(), meeting.status(), Outcome.LAUNCHED, parts, candidates);
  }

  private Part part(Meeting meeting, Role role, Candidate preferred, Backoff backoff) {
    InstanceId recorded = meeting.instances().get(role);
    if (recorded != null) {
      return new Part.Recorded(recorded);
    }
    Optional<LaunchState> state = meeting.state(role);
    if (state.isEmpty() || state.get().isOver()) {
      int number = state.map(over -> over.attempt().number() + 1).orElse(0);
      return new Part.First(
          Attempt.of(
              NO_CLAIM,
              meeting.id(),
              role,
              number,
              plan.template().request(meeting.id(), role, preferred)));
    }
    Attempt attempt = state.get().attempt();
    return new Part.Repeat(
        attempt,
        backoff.repeat(() -> ec2.find(attempt)).stream()
            .filter(FoundInstance.Alive.class::isInstance)
            .map(FoundInstance.Alive.class::cast)
            .map(FoundInstance.Alive::instance)
            .findFirst());
  }
}
