package io.elephant.launcher.launch;

import io.elephant.launcher.launch.Prospect.Part;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Says what a {@link Launch} would do: it reads what that reads, and neither writes nor starts. */
public final class Rehearsal {

  private final Meetings meetings;
  private final Fleet fleet;
  private final LaunchPlan plan;

  public Rehearsal(Meetings meetings, Fleet fleet, LaunchPlan plan) {
    this.meetings = meetings;
    this.fleet = fleet;
    this.plan = plan;
  }

  /**
   * What launching the meeting would do now.
   *
   * @throws LaunchFailure if a launch would fail before it had started anything
   */
  public Prospect rehearse(MeetingId id, Instant now) {
    Meeting meeting = meetings.find(id).orElseThrow(() -> new MeetingNotFound(id));
    Outcome outcome = outcome(meeting, now);
    return outcome == Outcome.LAUNCHED
        ? launch(meeting)
        : new Prospect(id, meeting.status(), outcome, Map.of(), List.of());
  }

  private Outcome outcome(Meeting meeting, Instant now) {
    if (meeting.calledOff()) {
      return Outcome.CALLED_OFF;
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
    if (!meeting.isLate(now, plan.maxLateness())) {
      return Outcome.LAUNCHED;
    }
    return meeting.notebook().isPresent() && meeting.beforeLaunched()
        ? Outcome.GIVEN_UP
        : Outcome.TOO_LATE;
  }

  private Prospect launch(Meeting meeting) {
    List<Candidate> candidates = plan.candidates(fleet.subnets(plan.zones()));
    Map<Role, Part> parts = new LinkedHashMap<>();
    for (Role role : plan.roles()) {
      parts.put(role, part(meeting, role, candidates.getFirst()));
    }
    return new Prospect(meeting.id(), meeting.status(), Outcome.LAUNCHED, parts, candidates);
  }

  private Part part(Meeting meeting, Role role, Candidate preferred) {
    InstanceId recorded = meeting.instances().get(role);
    if (recorded != null) {
      return new Part.Recorded(recorded);
    }
    Optional<Attempt> claimed = meeting.page(role).map(Page::attempt);
    return claimed
        .<Part>map(attempt -> new Part.Repeat(attempt, fleet.find(attempt)))
        .orElseGet(() ->
            new Part.First(
                Attempt.first(
                    meeting.id(), role, plan.machine().request(meeting.id(), role, preferred))));
  }
}
