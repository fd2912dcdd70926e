package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.launch.Decision.RecordInstance;
import io.elephant.launcher.launch.Decision.Retry;
import io.elephant.launcher.meeting.Meeting;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one delivery knows of every role. */
final class LaunchProgress {

  private static final Refusal OUT_OF_TIME =
      new Refusal("OutOfTime", "no time is left to ask for it in this invocation");

  private final Map<Role, RoleProgress> progress = new LinkedHashMap<>();

  /** This delivery has written the attempt into the row. */
  void hasWritten(Role role, Attempt attempt) {
    of(role).hasWritten(attempt);
  }

  /** What was decided about the attempt that the row holds for the role. */
  Decision decision(Meeting meeting, Role role) {
    return meeting.state(role).flatMap(of(role)::decision).orElse(new Retry(OUT_OF_TIME));
  }

  /** Whether an instance is there that waits to be recorded. */
  boolean hasInstanceFor(Meeting meeting, Collection<Role> open) {
    return open.stream().anyMatch(role -> decision(meeting, role) instanceof RecordInstance);
  }

  /** Why each of these roles has no instance, in EC2's words. */
  Map<Role, Refusal> refusals(Collection<Role> open) {
    Map<Role, Refusal> refusals = new LinkedHashMap<>();
    open.forEach(role -> refusals.put(role, of(role).refusal().orElse(OUT_OF_TIME)));
    return refusals;
  }

  /** The instances that this delivery started and has not handed over to be ended. */
  List<StartedInstance> started() {
    return progress.values().stream().flatMap(role -> role.started().stream()).toList();
  }

  /** Somebody else ends the instance. */
  void handOver(StartedInstance instance) {
    of(instance.role()).disowns(instance);
  }

  RoleProgress of(Role role) {
    return progress.computeIfAbsent(role, _ -> new RoleProgress());
  }
}
