package io.elephant.launcher.sweep;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.MeetingUnreadable;
import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.launch.LaunchPlan;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the machines of this stack that no row will ever name, and terminates them where that is
 * asked for. It closes the one window that the protocol leaves open: a process that dies between
 * EC2's late acceptance of an attempt and the look at the row, which has moved on to another
 * attempt.
 */
public final class Sweep {

  /** What is done about a stray machine. */
  public enum Mode {
    REPORT,
    TERMINATE
  }

  /** A machine that no row will name, and what was done about it. */
  public record Stray(TaggedInstance machine, String why, boolean terminated) {}

  private final Meetings meetings;
  private final Instances ec2;
  private final LaunchPlan plan;
  private final Duration grace;
  private final Mode mode;

  /**
   * @param grace how old a machine must be: younger ones may be about to be recorded
   */
  public Sweep(Meetings meetings, Instances ec2, LaunchPlan plan, Duration grace, Mode mode) {
    this.meetings = meetings;
    this.ec2 = ec2;
    this.plan = plan;
    this.grace = grace;
    this.mode = mode;
  }

  /**
   * Looks at every machine of this stack once.
   *
   * @throws LaunchFailure if EC2 or the table does not answer; what was done until then is done
   */
  public List<Stray> sweep(Instant now) {
    List<Stray> strays = new ArrayList<>();
    for (TaggedInstance machine : ec2.machines()) {
      if (machine.launched().plus(grace).isBefore(now)) {
        whyStray(machine, now).map(why -> dealWith(machine, why, now)).ifPresent(strays::add);
      }
    }
    return strays;
  }

  /** Looks again right before it terminates, because the row may have got its machine meanwhile. */
  private Stray dealWith(TaggedInstance machine, String why, Instant now) {
    boolean terminate = mode == Mode.TERMINATE && whyStray(machine, now).isPresent();
    if (terminate) {
      ec2.terminate(List.of(machine.id()));
    }
    return new Stray(machine, why, terminate);
  }

  /** Why no row will name the machine; nothing if one does or may yet, or cannot be understood. */
  private Optional<String> whyStray(TaggedInstance machine, Instant now) {
    if (!plan.roles().contains(machine.role())) {
      return Optional.empty();
    }
    try {
      return meetings
          .find(machine.meeting())
          .map(meeting -> whyStray(machine, meeting, now))
          .orElse(Optional.of("its meeting has no row"));
    } catch (MeetingUnreadable _) {
      return Optional.empty();
    }
  }

  private Optional<String> whyStray(TaggedInstance machine, Meeting meeting, Instant now) {
    if (meeting.cancelled()) {
      return Optional.of("its meeting is " + name(meeting));
    }
    InstanceId recorded = meeting.instances().get(machine.role());
    if (recorded != null) {
      return recorded.equals(machine.id())
          ? Optional.empty()
          : Optional.of("its meeting's row names " + recorded);
    }
    if (!meeting.launchable()) {
      return Optional.of("its meeting is " + name(meeting) + " without it");
    }
    // A delivery that began just before it was too late may still be at work.
    return meeting.isLate(now.minus(grace), plan.maxLateness())
        ? Optional.of("it is too late to launch its meeting, whose row names none")
        : Optional.empty();
  }

  private static String name(Meeting meeting) {
    return meeting.status().map(Status::value).orElse("without a status");
  }
}
