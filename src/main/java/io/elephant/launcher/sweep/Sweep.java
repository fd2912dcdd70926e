package io.elephant.launcher.sweep;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.MeetingUnreadable;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.Ec2Instance.Owner;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.launch.Repetition;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Standing;
import io.elephant.launcher.meeting.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the instances of this stack that no row will ever name, and terminates them where that is
 * asked for. It closes the window that the protocol leaves open: EC2 accepts a request after
 * everybody who knew of it has gone.
 *
 * <p>Nothing that works is terminated because something is missing. A table that was made anew,
 * renamed or restored looks like one whose meetings were all deleted, so what a row does not
 * mention is reported, and terminated only after a day and few at a time.
 *
 * @param grace how old an instance must be: younger ones may be about to be recorded
 */
public record Sweep(Meetings meetings, Instances ec2, LaunchPlan plan, Duration grace, Mode mode) {

  /** What is done about a stray instance. */
  public enum Mode {
    REPORT,
    TERMINATE
  }

  /** An instance that no row will name, why, and whether it was terminated. */
  public record Stray(Ec2Instance instance, Owner owner, String why, boolean terminated) {

    private Stray ended(String reason, boolean successfully) {
      return new Stray(instance, owner, reason, successfully);
    }
  }

  /**
   * What a sweep has found.
   *
   * @param overdue instances that their rows have named for more than a day: nobody ends them
   */
  public record Found(List<Stray> strays, List<Stray> overdue) {

    public Found {
      strays = List.copyOf(strays);
      overdue = List.copyOf(overdue);
    }
  }

  private record Judged(Stray stray, Standing standing) {}

  /** So many instances that their rows do not mention are terminated by one sweep. */
  private static final int FEW = 3;

  /** After this time nobody is still at work on an instance. */
  private static final Duration LONG = Duration.ofDays(1);

  /** As long as one call takes, seldom more. */
  private static final Duration RESERVE = Duration.ofSeconds(5);

  /**
   * Looks at every instance of this stack once. One that EC2 does not terminate does not keep the
   * sweep from the others.
   *
   * @throws LaunchFailure if EC2 or the table does not answer in time; what was done until then is
   *     done
   */
  public Found sweep(Invocation invocation) {
    Instant now = invocation.now();
    List<Ec2Instance> shown = new Repetition(invocation, RESERVE).of(ec2::ofStack);
    Set<InstanceId> running =
        shown.stream().filter(Ec2Instance::runs).map(Ec2Instance::id).collect(Collectors.toSet());
    List<Stray> strays = new ArrayList<>();
    List<Stray> overdue = new ArrayList<>();
    int unmentioned = 0;
    for (Ec2Instance instance : oldestFirst(shown)) {
      if (!instance.launched().plus(grace).isBefore(now)) {
        continue;
      }
      Judged judged = judge(instance, running, invocation);
      boolean isOld = instance.launched().plus(LONG).isBefore(now);
      switch (judged.standing()) {
        case NAMED -> {
          if (isOld) {
            overdue.add(judged.stray());
          }
        }
        case AWAITED -> {
          if (isOld) {
            strays.add(judged.stray());
          }
        }
        case SUPERSEDED, CANCELLED -> strays.add(end(judged.stray()));
        case TAKEN_OUT, UNMENTIONED, NAMES_UNKNOWN, NOT_JUDGED -> {
          boolean isEnded = isOld && unmentioned < FEW;
          unmentioned += isEnded ? 1 : 0;
          strays.add(isEnded ? end(judged.stray()) : judged.stray());
        }
      }
    }
    return new Found(strays, overdue);
  }

  private static List<Ec2Instance> oldestFirst(List<Ec2Instance> shown) {
    return shown.stream().sorted(Comparator.comparing(Ec2Instance::launched)).toList();
  }

  private Stray end(Stray stray) {
    if (mode == Mode.REPORT) {
      return stray;
    }
    return switch (ec2.terminate(stray.instance().id())) {
      case Termination.Terminated() -> stray.ended(stray.why(), true);
      case Termination.NotTerminated(Verdict _, Refusal refusal) ->
          stray.ended(stray.why() + "; EC2 does not terminate it: " + refusal, false);
    };
  }

  private Judged judge(Ec2Instance instance, Set<InstanceId> running, Invocation invocation) {
    Owner owner = instance.owner().orElseThrow();
    try {
      Optional<Meeting> row =
          new Repetition(invocation, RESERVE).of(() -> meetings.find(owner.meeting()));
      // A delivery that began just before it was too late may still be at work.
      Instant then = invocation.now().minus(grace);
      Standing standing = Standing.of(instance, owner.role(), row, plan, then, running::contains);
      return new Judged(new Stray(instance, owner, why(standing, owner, row), false), standing);
    } catch (MeetingUnreadable e) {
      String why = String.valueOf(e.getMessage());
      return new Judged(new Stray(instance, owner, why, false), Standing.NOT_JUDGED);
    }
  }

  private String why(Standing standing, Owner owner, Optional<Meeting> row) {
    String status = row.flatMap(Meeting::status).map(Status::value).orElse("without a status");
    String named =
        row.flatMap(meeting -> meeting.instance(owner.role()))
            .map(InstanceId::value)
            .orElse("none");
    return switch (standing) {
      case NAMED -> "its meeting's row names it, and it has run for more than a day";
      case AWAITED -> "its meeting's row has named none for a day";
      case TAKEN_OUT -> "its meeting's row named it once and names none now";
      case SUPERSEDED ->
          named.equals("none")
              ? "its launch has moved to another attempt"
              : "its meeting's row names " + named;
      case NAMES_UNKNOWN -> "its meeting's row names " + named + ", which does not run";
      case CANCELLED -> "its meeting is " + status;
      case UNMENTIONED ->
          row.filter(Meeting::launchable).isPresent()
              ? "it is too late to launch its meeting, whose row names none"
              : "its meeting is " + status + " without it";
      case NOT_JUDGED ->
          row.isPresent()
              ? "its role " + owner.role() + " is not one of ROLES"
              : "its meeting has no row";
    };
  }
}
