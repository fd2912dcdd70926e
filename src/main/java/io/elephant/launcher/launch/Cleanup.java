package io.elephant.launcher.launch;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.NotTerminated;
import io.elephant.launcher.failure.OutOfTime;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.meeting.Meeting;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Ends the instances that the row does not and cannot name. What EC2 does not do at once is asked
 * for again until the delivery has no time left; then the delivery fails, and the next one looks at
 * all instances of the meeting.
 */
final class Cleanup {

  /** As long as one call to EC2 takes, seldom more. */
  private static final Duration RESERVE = Duration.ofSeconds(5);

  private final MeetingId id;
  private final Instances ec2;
  private final Collection<Role> roles;
  private final Invocation invocation;
  private final RowAccess row;
  private final Map<InstanceId, Duty> duties = new LinkedHashMap<>();
  private final Map<InstanceId, Refusal> refused = new LinkedHashMap<>();
  private final Set<InstanceId> ending = new HashSet<>();
  private Optional<Meeting> lastRead = Optional.empty();
  private boolean hasRead;
  private boolean mustLook;

  Cleanup(
      MeetingId id, Instances ec2, Collection<Role> roles, Invocation invocation, RowAccess row) {
    this.id = id;
    this.ec2 = ec2;
    this.roles = roles;
    this.invocation = invocation;
    this.row = row;
  }

  /** Something happened after which instances may run that nobody here knows of. */
  void mustLook() {
    mustLook = true;
  }

  /** An instance that this delivery started is not wanted: the row names another, or may. */
  void owesSuperseded(StartedInstance instance) {
    owes(instance, true);
  }

  /** An instance that this delivery started is not wanted, and the row will name none. */
  void owesUnnamed(StartedInstance instance) {
    owes(instance, false);
  }

  private void owes(StartedInstance instance, boolean mayBeNamed) {
    mustLook = true;
    OptionalInt attempt = instance.attempt().token().attemptOf(id, instance.role());
    owes(instance.instance(), new Duty(instance.role(), attempt, mayBeNamed, Step.Superseded::new));
  }

  /** An instance of this launch is not wanted: the meeting is cancelled or gone. */
  void owesCancelled(Role role, InstanceId instance) {
    owes(instance, new Duty(role, OptionalInt.empty(), true, Step.Cancelled::new));
  }

  private void owes(InstanceId instance, Duty duty) {
    if (duties.putIfAbsent(instance, duty) == null) {
      terminate(instance);
    }
  }

  /**
   * That EC2 does not know the id is no answer: every one here was given or shown a moment ago.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html">Eventual
   *     consistency in the Amazon EC2 API</a>
   */
  private void terminate(InstanceId instance) {
    Duty duty = duties.get(instance);
    if (duty == null) {
      return;
    }
    switch (answer(instance)) {
      case Termination.Terminated() -> {
        duties.remove(instance);
        refused.remove(instance);
        ending.add(instance);
        invocation.tell(duty.told().apply(duty.role(), instance));
      }
      case Termination.UnknownId(Refusal refusal) -> refused.put(instance, refusal);
      case Termination.Unclear(Refusal refusal) -> {
        ending.add(instance);
        refused.put(instance, refusal);
      }
      case Termination.Refused(Refusal refusal) -> {
        duties.remove(instance);
        refused.put(instance, refusal);
      }
    }
  }

  /** Whether EC2 ends it, or may, because this delivery asked; it can be shown as it was yet. */
  boolean isEnding(InstanceId instance) {
    return ending.contains(instance);
  }

  private Termination answer(InstanceId instance) {
    try {
      return invocation.beside(() -> ec2.terminate(instance)).get();
    } catch (OutOfTime e) {
      return new Termination.Unclear(new Refusal(e.reason(), String.valueOf(e.getMessage())));
    }
  }

  /**
   * Does what is left to do before the delivery answers. Where the row turns out to be another by
   * now, nothing is done, and the delivery is to decide again.
   *
   * @return whether the answer still holds
   * @throws NotTerminated if EC2 does not terminate an instance in time
   * @throws InstancesFailed if EC2 does not show the meeting's instances in time
   */
  boolean finish(LaunchReport report) {
    settle();
    List<TaggedInstance> shown = mustLook ? look() : List.of();
    if (!shown.isEmpty() && holds(report, read())) {
      end(shown, instance -> lastRead.map(seen -> isUnwanted(instance, seen)).orElse(false));
    }
    return !hasRead || holds(report, lastRead);
  }

  private Optional<Meeting> read() {
    lastRead = row.read();
    hasRead = true;
    return lastRead;
  }

  /** A row that names what it named when the delivery decided. */
  private boolean holds(LaunchReport report, Optional<Meeting> meeting) {
    return report.outcome() == Outcome.CANCELLED
        ? meeting.map(Meeting::cancelled).orElse(true)
        : meeting
            .filter(seen -> !seen.cancelled())
            .filter(seen ->
                roles.stream()
                    .allMatch(role ->
                        Objects.equals(seen.instances().get(role), report.instances().get(role))))
            .isPresent();
  }

  /**
   * The same, for a delivery that fails.
   *
   * @param hadRow whether there was a row for it to launch, so that none means a deleted meeting
   */
  void finishFailed(boolean hadRow) {
    settle();
    List<TaggedInstance> shown = mustLook ? look() : List.of();
    if (!shown.isEmpty()) {
      Optional<Meeting> meeting = read();
      end(shown, instance -> meeting.map(seen -> isUnwanted(instance, seen)).orElse(hadRow));
    }
  }

  /** The row was read after the look: what was started before and is named by now stays. */
  private void end(List<TaggedInstance> shown, Predicate<TaggedInstance> unwanted) {
    shown.stream()
        .filter(instance -> roles.contains(instance.role()))
        .filter(unwanted)
        .forEach(instance ->
            owes(
                instance.id(),
                new Duty(instance.role(), instance.attempt(), true, Step.Superseded::new)));
    settle();
  }

  /** A row that is past launching and names none is left to the sweep, which reports it. */
  private boolean isUnwanted(TaggedInstance instance, Meeting meeting) {
    boolean isSilent =
        !meeting.launchable()
            && !meeting.cancelled()
            && !meeting.instances().containsKey(instance.role());
    return !isSilent && !mayHold(meeting, instance.role(), instance.attempt(), instance.id());
  }

  private boolean keeps(Meeting meeting, Duty duty, InstanceId instance) {
    return duty.mayBeNamed()
        ? mayHold(meeting, duty.role(), duty.attempt(), instance)
        : !meeting.cancelled() && instance.equals(meeting.instances().get(duty.role()));
  }

  /** Whether the row names the instance, or a launch that has not left its attempt may yet. */
  private boolean mayHold(Meeting meeting, Role role, OptionalInt attempt, InstanceId instance) {
    boolean isOpen = meeting.launchable() || meeting.instances().containsKey(role);
    return isOpen && !meeting.cancelled() && meeting.mayHold(role, instance, attempt);
  }

  private List<TaggedInstance> look() {
    return new Backoff(invocation, RESERVE)
        .repeat(() -> invocation.beside(() -> ec2.ofMeeting(id)).get());
  }

  /** The row is read before each repetition: by then it may want what it did not. */
  private void settle() {
    Backoff backoff = new Backoff(invocation, RESERVE);
    while (!duties.isEmpty() && backoff.pause()) {
      Optional<Meeting> meeting = read();
      new LinkedHashMap<>(duties)
          .forEach((instance, duty) -> {
            if (meeting.filter(seen -> keeps(seen, duty, instance)).isPresent()) {
              duties.remove(instance);
              refused.remove(instance);
            } else {
              terminate(instance);
            }
          });
    }
    if (!refused.isEmpty()) {
      throw new NotTerminated(id, refused);
    }
  }
}
