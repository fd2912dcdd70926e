package io.elephant.launcher.sweep;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.MeetingUnreadable;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.launch.Backoff;
import io.elephant.launcher.launch.Invocation;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.sweep.Finding.Named;
import io.elephant.launcher.sweep.Finding.Reported;
import io.elephant.launcher.sweep.Finding.Rowless;
import io.elephant.launcher.sweep.Finding.Unwanted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the instances of this stack that no row will ever name, and terminates them where that is
 * asked for. It closes the window that the protocol leaves open: EC2 accepts a request after
 * everybody who knew of it has gone.
 *
 * <p>Nothing that works is terminated because something is missing: instances whose meetings have
 * no row are terminated only where this sweep found rows too, and only few at a time. A table that
 * was made anew, renamed or restored looks like a table whose meetings were all deleted.
 */
public final class Sweep {

  /** What is done about a stray instance. */
  public enum Mode {
    REPORT,
    TERMINATE
  }

  /** An instance that no row will name, why, and whether it was terminated. */
  public record Stray(TaggedInstance instance, String why, boolean terminated) {}

  /** So many instances without a row may be deleted meetings, whatever the stack's size. */
  private static final int FEW = 3;

  /** Of a large stack, at most one in so many. */
  private static final int ONE_IN = 5;

  /** After this time nobody is still at work on a row that cannot be judged. */
  private static final Duration LONG = Duration.ofDays(1);

  /** As long as one call takes, seldom more. */
  private static final Duration RESERVE = Duration.ofSeconds(5);

  private final Meetings meetings;
  private final Instances ec2;
  private final LaunchPlan plan;
  private final Duration grace;
  private final Mode mode;

  /**
   * @param grace how old an instance must be: younger ones may be about to be recorded
   */
  public Sweep(Meetings meetings, Instances ec2, LaunchPlan plan, Duration grace, Mode mode) {
    this.meetings = meetings;
    this.ec2 = ec2;
    this.plan = plan;
    this.grace = grace;
    this.mode = mode;
  }

  /**
   * Looks at every instance of this stack once. One that EC2 does not terminate does not keep the
   * sweep from the others.
   *
   * @throws LaunchFailure if EC2 or the table does not answer in time; what was done until then is
   *     done
   */
  public List<Stray> sweep(Invocation invocation) {
    Instant now = invocation.now();
    Map<TaggedInstance, Finding> findings = new LinkedHashMap<>();
    for (TaggedInstance instance : new Backoff(invocation, RESERVE).repeat(ec2::ofStack)) {
      if (instance.launched().plus(grace).isBefore(now)) {
        findings.put(instance, judge(instance, invocation));
      }
    }
    long rowless = findings.values().stream().filter(Rowless.class::isInstance).count();
    long limit = Math.max(FEW, findings.size() / ONE_IN);
    boolean tooMany = rowless > limit || rowless == findings.size();
    List<Stray> strays = new ArrayList<>();
    findings.forEach((instance, finding) -> {
      switch (finding) {
        case Named _ -> {}
        case Reported(String why) -> strays.add(new Stray(instance, why, false));
        case Unwanted(String why) -> strays.add(end(instance, why, invocation));
        case Rowless(String why) ->
            strays.add(
                tooMany && mode == Mode.TERMINATE
                    ? new Stray(
                        instance,
                        why
                            + "; it is not terminated, because %d of %d instances have none: see that the table is the right one"
                                .formatted(rowless, findings.size()),
                        false)
                    : end(instance, why, invocation));
      }
    });
    return strays;
  }

  /**
   * Looks again right before it terminates, because the row may have got its instance meanwhile.
   */
  private Stray end(TaggedInstance instance, String why, Invocation invocation) {
    if (mode == Mode.REPORT) {
      return new Stray(instance, why, false);
    }
    return switch (judge(instance, invocation)) {
      case Named _, Reported _ -> new Stray(instance, why + "; it is wanted by now", false);
      case Unwanted _, Rowless _ ->
          switch (ec2.terminate(instance.id())) {
            case Termination.Terminated(), Termination.UnknownId _ ->
                new Stray(instance, why, true);
            case Termination.Unclear(var refusal) -> kept(instance, why, refusal.toString());
            case Termination.Refused(var refusal) -> kept(instance, why, refusal.toString());
          };
    };
  }

  private static Stray kept(TaggedInstance instance, String why, String refusal) {
    return new Stray(instance, why + "; EC2 does not terminate it: " + refusal, false);
  }

  private Finding judge(TaggedInstance instance, Invocation invocation) {
    Instant now = invocation.now();
    boolean old = instance.launched().plus(LONG).isBefore(now);
    if (!plan.roles().contains(instance.role())) {
      return old
          ? new Reported("its role " + instance.role() + " is not one of ROLES")
          : new Named();
    }
    try {
      return new Backoff(invocation, RESERVE)
          .repeat(() -> meetings.find(instance.meeting()))
          .map(meeting -> judge(instance, meeting, now, old))
          .orElse(new Rowless("its meeting has no row"));
    } catch (MeetingUnreadable e) {
      return old ? new Reported(String.valueOf(e.getMessage())) : new Named();
    }
  }

  private Finding judge(TaggedInstance instance, Meeting meeting, Instant now, boolean old) {
    if (meeting.cancelled()) {
      return new Unwanted("its meeting is " + name(meeting));
    }
    InstanceId recorded = meeting.instances().get(instance.role());
    if (recorded != null) {
      return recorded.equals(instance.id())
          ? new Named()
          : new Unwanted("its meeting's row names " + recorded);
    }
    if (!meeting.launchable()) {
      return new Unwanted("its meeting is " + name(meeting) + " without it");
    }
    // A delivery that began just before it was too late may still be at work.
    if (meeting.isLate(now.minus(grace), plan.maxLateness())) {
      return new Unwanted("it is too late to launch its meeting, whose row names none");
    }
    return old && meeting.meetTime().isEmpty()
        ? new Reported("its meeting's row names none, and has no meet_time to judge by")
        : new Named();
  }

  private static String name(Meeting meeting) {
    return meeting.status().map(Status::value).orElse("without a status");
  }
}
