package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure.NotTerminated;
import io.elephant.launcher.failure.LaunchFailure.OutOfTime;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.launch.Action.Look;
import io.elephant.launcher.launch.Action.Terminate;
import io.elephant.launcher.launch.Next.Do;
import io.elephant.launcher.launch.Next.Fail;
import io.elephant.launcher.launch.Next.Finish;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Standing;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a delivery does before it ends: it terminates what nobody wants, and looks where instances
 * may run that it does not know of. Who answers normally has ended all that it started and the row
 * does not name; who fails leaves what is awaited to the next delivery.
 */
record Settlement(Knowledge known, Instant now) {

  private Optional<Meeting> row() {
    return known.row().now();
  }

  /** Whether the meeting is over, or its row was deleted while it was being launched. */
  private boolean isCancelled() {
    return row()
        .map(Meeting::cancelled)
        .orElse(known.row().wanted().isPresent() || known.hasAsked());
  }

  /** Settles, and then does what is next. */
  Next then(Next next) {
    List<Terminate> unwanted = unwanted(next instanceof Finish);
    if (!unwanted.isEmpty()) {
      return new Do(unwanted, () -> next instanceof Fail ? next : notTerminated());
    }
    if (known.looks().areOwed()) {
      return new Do(List.of(new Look(false)), () -> next instanceof Fail ? next : notShown());
    }
    if (namesUnknown()) {
      return new Do(List.of(new Look(true)), () -> next instanceof Fail ? next : notShown());
    }
    return next instanceof Finish && !known.endings().notTerminated().isEmpty()
        ? notTerminated()
        : next;
  }

  private Next notShown() {
    return new Fail(known.looks().failure().orElseGet(OutOfTime::new));
  }

  private Next notTerminated() {
    Map<InstanceId, Refusal> refusals = known.endings().notTerminated();
    if (refusals.isEmpty()) {
      return new Fail(new OutOfTime());
    }
    return new Fail(
        new NotTerminated(
            known.id().value(),
            refusals.values().iterator().next(),
            refusals.entrySet().stream()
                .map(
                    entry -> "%s is not terminated: %s".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining("; "))));
  }

  /** The instances that are to be ended, as the row stands now, whatever comes. */
  List<Terminate> unwanted() {
    return unwanted(false);
  }

  /**
   * @param finishing whether the delivery answers normally, and nobody will record what it started
   */
  private List<Terminate> unwanted(boolean finishing) {
    Map<InstanceId, Terminate> unwanted = new LinkedHashMap<>();
    for (Role role : known.plan().roles()) {
      known
          .role(role)
          .started()
          .values()
          .forEach(started -> add(unwanted, started.instance(), role, true, finishing));
      known
          .looks()
          .live()
          .filter(instance -> instance.isFor(role))
          .forEach(instance -> add(unwanted, instance, role, false, false));
      if (isCancelled()) {
        known.row().wanted().ifPresent(last -> addNamed(unwanted, role, last));
      }
    }
    unwanted
        .keySet()
        .removeIf(instance ->
            known.endings().hasTerminated(instance)
                || known.endings().isRefusedForGood(instance)
                || known.looks().showTerminated(instance));
    return List.copyOf(unwanted.values());
  }

  private void add(
      Map<InstanceId, Terminate> unwanted,
      Ec2Instance instance,
      Role role,
      boolean isOwn,
      boolean finishing) {
    if (!instance.isTerminated() && isUnwanted(instance, role, isOwn, finishing)) {
      unwanted.putIfAbsent(instance.id(), new Terminate(role, instance.id(), isCancelled()));
    }
  }

  /** What others recorded for a launch that is cancelled; EC2 may not show it yet. */
  private void addNamed(Map<InstanceId, Terminate> unwanted, Role role, Meeting last) {
    last.instance(role)
        .filter(_ -> last.state(role).isPresent())
        .ifPresent(named -> unwanted.putIfAbsent(named, new Terminate(role, named, true)));
  }

  private boolean isUnwanted(Ec2Instance instance, Role role, boolean isOwn, boolean finishing) {
    if (isCancelled()) {
      return true;
    }
    return switch (standing(instance, role)) {
      case SUPERSEDED -> isOwn || hasBought(instance, role);
      case UNMENTIONED ->
          isOwn
              && (finishing
                  || known.row().refusal().isPresent()
                  || row().filter(Meeting::launchable).isEmpty());
      case AWAITED -> isOwn && (finishing || known.row().refusal().isPresent());
      case NAMES_UNKNOWN -> isOwn && finishing && !namesUnknown();
      case NAMED, TAKEN_OUT, CANCELLED, NOT_JUDGED -> false;
    };
  }

  private Standing standing(Ec2Instance instance, Role role) {
    return Standing.of(instance, role, row(), known.plan(), now, one -> known.lives(one, now));
  }

  private boolean hasBought(Ec2Instance instance, Role role) {
    return row()
        .flatMap(meeting -> meeting.state(role))
        .filter(state -> state.hasBought(instance))
        .isPresent();
  }

  /**
   * Whether an instance waits for a look that says whether the one in the row lives. What this
   * delivery has started waits until EC2 would show that.
   */
  private boolean namesUnknown() {
    return known.plan().roles().stream()
        .filter(role -> named(role).filter(one -> !known.isDead(one)).isPresent())
        .anyMatch(role ->
            known.role(role).started().values().stream()
                    .filter(one -> isUnknown(one.instance(), role))
                    .anyMatch(
                        one -> !known.looks().haveLookedSince(one.at().plus(Looks.SHOWN_WITHIN)))
                || known
                    .looks()
                    .running(role)
                    .filter(one -> isUnknown(one, role) && hasBought(one, role))
                    .anyMatch(_ -> !known.looks().haveLookedSince(now.minus(Knowledge.MOMENT))));
  }

  private boolean isUnknown(Ec2Instance instance, Role role) {
    return !known.isDead(instance.id()) && standing(instance, role) == Standing.NAMES_UNKNOWN;
  }

  private Optional<InstanceId> named(Role role) {
    return row().flatMap(meeting -> meeting.instance(role));
  }

  /**
   * What somebody must look after: two instances of a role run, of which the one that the row does
   * not name is older; or the row names one that is terminated, or was not shown in time.
   */
  Optional<String> missing() {
    return known.plan().roles().stream()
        .flatMap(role -> Stream.concat(runsTwice(role), ended(role)))
        .findFirst();
  }

  private Stream<String> runsTwice(Role role) {
    return known
        .looks()
        .running(role)
        .filter(instance -> standing(instance, role) == Standing.SUPERSEDED)
        .filter(instance -> !known.isDead(instance.id()))
        .map(instance -> "%s also runs for %s".formatted(instance.id(), role));
  }

  private Stream<String> ended(Role role) {
    return named(role).stream()
        .filter(one ->
            known.endings().hasTerminated(one)
                || known.looks().showTerminated(one)
                || isNotShown(one, role))
        .map(instance -> "%s of %s does not run".formatted(instance, role));
  }

  /** This delivery has ended its own for it, after it had waited for EC2 to show it. */
  private boolean isNotShown(InstanceId named, Role role) {
    return known.looks().running(role).map(Ec2Instance::id).noneMatch(named::equals)
        && !known.isOwn(named)
        && known.role(role).started().values().stream()
            .anyMatch(one -> known.looks().haveLookedSince(one.at().plus(Looks.SHOWN_WITHIN)));
  }
}
