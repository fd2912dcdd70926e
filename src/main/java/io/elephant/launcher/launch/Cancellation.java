package io.elephant.launcher.launch;

import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Which of the instances that a delivery knows are ended, and when. */
final class Cancellation {

  private final LaunchProgress progress;
  private final Cleanup cleanup;

  Cancellation(LaunchProgress progress, Cleanup cleanup) {
    this.progress = progress;
    this.cleanup = cleanup;
  }

  /** Ends what this delivery started and the row cannot name any more. */
  void endSuperseded(Meeting meeting) {
    end(instance -> !meeting.mayHold(instance), cleanup::owesSuperseded);
  }

  /** Ends what this delivery started and the row, where there is one, does not name. */
  void endUnnamed(Optional<Meeting> meeting) {
    end(instance -> meeting.filter(row -> row.names(instance)).isEmpty(), cleanup::owesUnnamed);
  }

  /**
   * The meeting is cancelled or deleted. Ends what this delivery started, and where the meeting was
   * launchable in its time, what others recorded for the launch: EC2 may not show those yet.
   *
   * @param wasWanted whether this delivery saw the meeting when it was to be launched
   */
  void endAll(Meeting last, boolean wasWanted) {
    end(_ -> true, instance -> cleanup.owesCancelled(instance.role(), instance.instance()));
    Map<Role, LaunchState> states =
        last.launchRecord().map(launch -> launch.states()).orElse(Map.of());
    if (wasWanted) {
      last.instances()
          .forEach((role, instance) -> {
            if (states.containsKey(role)) {
              cleanup.owesCancelled(role, instance);
            }
          });
    }
    if (wasWanted || !states.isEmpty()) {
      cleanup.mustLook();
    }
  }

  private void end(Predicate<StartedInstance> unwanted, Consumer<StartedInstance> duty) {
    for (StartedInstance instance : progress.started()) {
      if (unwanted.test(instance)) {
        progress.handOver(instance);
        duty.accept(instance);
      }
    }
  }
}
