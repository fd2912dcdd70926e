package io.elephant.launcher.launch.simulation;

import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rule 5: what a meeting counts on and nobody replaces rings. What rings is a recovery that reports
 * it as missing, an invocation that fails for good, and what a sweep reports.
 */
final class ToldRules {

  private static final Set<String> COUNTS =
      Set.of("LAUNCHED", "DNS_WRITTEN", "HEALTHY", "IN_PROGRESS");

  private final Table table;
  private final Cloud cloud;
  private final List<Long> rings = new ArrayList<>();

  /** The version that others have written as a whole last: what it says, nobody was told of. */
  int rewritten;

  ToldRules(Table table, Cloud cloud) {
    this.table = table;
    this.cloud = cloud;
  }

  void ring(long now) {
    rings.add(now);
  }

  private boolean hasRungSince(long time) {
    return rings.stream().anyMatch(ring -> ring >= time);
  }

  /** What is wrong at the end, in words. */
  Optional<String> untold(List<Role> roles, long now) {
    Optional<Meeting> row =
        table
            .row()
            .filter(one -> one.status().map(Status::value).filter(COUNTS::contains).isPresent())
            .filter(one -> !Rules.isLate(one, now) && !Rules.isEarly(one, now));
    return row.stream()
        .flatMap(one -> roles.stream().flatMap(role -> untold(one, role).stream()))
        .findFirst();
  }

  private Optional<String> untold(Meeting row, Role role) {
    InstanceId named = row.instances().get(role);
    return named == null
        ? untoldOpen(row, role)
        : cloud.instance(named).flatMap(instance -> untold(row, role, instance));
  }

  private Optional<String> untold(Meeting row, Role role, SimulatedInstance instance) {
    if (instance.works() || instance.attempt.token().attemptOf(row.id(), role).isEmpty()) {
      return Optional.empty();
    }
    long since = instance.worksUntil();
    boolean onPurpose = !instance.isAlive() && instance.wasEndedOnPurpose();
    return !hasCountedOnSince(role, instance.id, onPurpose, since) || hasRungSince(since)
        ? Optional.empty()
        : Optional.of(
            "rule 5: the row counts on %s, which does not work (%s), and nobody was told"
                .formatted(instance.id, instance.why()));
  }

  /**
   * Whether each row since then has counted on it. Past launching none counts on what was ended on
   * purpose, though a stale copy may move the status back later.
   */
  private boolean hasCountedOnSince(Role role, InstanceId id, boolean onPurpose, long since) {
    for (int version = table.version(); version >= 0; version--) {
      if (table
          .row(version)
          .filter(one -> id.equals(one.instances().get(role)))
          .filter(one -> !onPurpose || one.launchable())
          .isEmpty()) {
        return false;
      }
      if (table.time(version) < since) {
        return true;
      }
    }
    return false;
  }

  /** The row is past launching, and the role's id was taken out by a recovery. */
  private Optional<String> untoldOpen(Meeting row, Role role) {
    if (row.launchable()) {
      return Optional.empty();
    }
    for (int version = table.version(); version > rewritten; version--) {
      Optional<Meeting> before = table.row(version - 1);
      if (before.filter(one -> one.instances().containsKey(role)).isPresent()) {
        return hasRungSince(table.time(version))
            ? Optional.empty()
            : Optional.of(
                "rule 5: the row is %s without an instance of %s, and nobody was told"
                    .formatted(row.status().map(Status::value).orElse(""), role));
      }
    }
    return Optional.empty();
  }
}
