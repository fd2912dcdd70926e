package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.launch.simulation.SimulatedProcess.Kind;
import io.elephant.launcher.meeting.Meeting;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Rule 7: nothing that works is ended on the strength of something missing, and what was taken out
 * is neither recorded again nor ended by a delivery. The table of standings of the design page, as
 * far as it is about what must not happen.
 *
 * @param takenOut what somebody took out of the row who left the launch record
 */
record StandingRules(Table table, Cloud cloud, Set<InstanceId> takenOut) {

  /** So long what has died can be taken for living. */
  private static final long SHOWN_WITHIN = Cloud.LONGEST_LAG + 2 * Network.EC2_TIME_OUT;

  /** Whether a delivery, a recovery or a sweep may end it, by a version that it has seen since. */
  boolean mayEnd(SimulatedInstance instance, SimulatedProcess caller, int seen, long now) {
    if (!caller.roles.contains(instance.role())) {
      return false;
    }
    if (instance.ec2.isStopped() || (caller.kind == Kind.RECOVERY && instance.wasInterrupted)) {
      return true;
    }
    boolean own = caller.knows(instance);
    return table.versionsSince(own ? caller.firstVersion : seen).stream()
        .anyMatch(row ->
            row.map(found -> mayEnd(found, instance, own, caller, now))
                .orElse(caller.kind != Kind.SWEEP));
  }

  private boolean mayEnd(
      Meeting row, SimulatedInstance instance, boolean own, SimulatedProcess caller, long now) {
    boolean isOpen = row.launchable() && !row.instances().containsKey(instance.role());
    return mustEnd(row, instance, now)
        || (own
            && caller.kind != Kind.SWEEP
            && (!isOpen || Rules.isLate(row, now) || Rules.isEarly(row, now)))
        || (own && isOfAnotherClaim(row, instance));
  }

  /** The row was booked again, and what this delivery has started for the other is not wanted. */
  private static boolean isOfAnotherClaim(Meeting row, SimulatedInstance instance) {
    return row.state(instance.role())
        .filter(state -> !state.attempt().claim().equals(instance.attempt.claim()))
        .isPresent();
  }

  /** It is cancelled, or superseded. */
  boolean mustEnd(Meeting row, SimulatedInstance instance, long now) {
    if (row.cancelled()) {
      return true;
    }
    Role role = instance.role();
    InstanceId named = row.instances().get(role);
    if (named != null) {
      return !named.equals(instance.id) && lives(named, now);
    }
    OptionalInt attempt = instance.attempt.token().attemptOf(row.id(), role);
    return row.state(role)
        .filter(state ->
            attempt.stream()
                .anyMatch(one -> state.firstAttempt() <= one && one < state.attempt().number()))
        .filter(state ->
            !state.isOlderThanLaunch(Instant.ofEpochMilli(cloud.ec2.launched(instance.ec2))))
        .isPresent();
  }

  private boolean lives(InstanceId id, long now) {
    return cloud
        .instance(id)
        .filter(one -> one.works() || now - one.worksUntil() <= SHOWN_WITHIN)
        .isPresent();
  }
}
