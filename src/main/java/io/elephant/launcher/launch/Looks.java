package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What DescribeInstances has shown of a meeting's instances. Its view lags in both directions, so
 * one look is hardly evidence.
 *
 * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html">Eventual
 *     consistency in the Amazon EC2 API</a>
 */
final class Looks {

  /** What ended a moment ago can be shown as it was; a second look so much later tells. */
  static final Duration BETWEEN = Duration.ofSeconds(10);

  /** After this time EC2 shows what it started, and what has ended as ended. */
  static final Duration SHOWN_WITHIN = Duration.ofMinutes(1);

  private static final int MISSED_TWICE = 2;

  /** An instance that was shown and not terminated, and how many looks have not shown it since. */
  private record Sighting(Ec2Instance instance, Instant first, Instant last, int missed) {}

  private final Map<InstanceId, Sighting> seen = new LinkedHashMap<>();
  private final Map<InstanceId, Ec2Instance> terminated = new LinkedHashMap<>();
  private final List<Instant> times = new ArrayList<>();
  private final Set<ClaimId> lookedFor = new HashSet<>();
  private boolean owed;
  private @Nullable Instant refusedSince;
  private @Nullable LaunchFailure failure;

  /** EC2 has shown these, of which the claims were in the row. */
  void learn(List<Ec2Instance> shown, Collection<ClaimId> claims, Instant now) {
    Map<InstanceId, Sighting> before = new LinkedHashMap<>(seen);
    seen.clear();
    for (Ec2Instance instance : shown) {
      Sighting earlier = before.remove(instance.id());
      if (instance.isTerminated()) {
        terminated.put(instance.id(), instance);
      } else {
        Instant first = earlier != null && earlier.instance().runs() ? earlier.first() : now;
        seen.put(instance.id(), new Sighting(instance, first, now, 0));
      }
    }
    before.values().stream()
        .filter(one -> one.missed() + 1 < MISSED_TWICE)
        .forEach(one ->
            seen.put(
                one.instance().id(),
                new Sighting(one.instance(), one.first(), one.last(), one.missed() + 1)));
    times.add(now);
    lookedFor.addAll(claims);
    owed = false;
    refusedSince = null;
    failure = null;
  }

  void learn(LaunchFailure refused, Instant now) {
    failure = refused;
    if (refusedSince == null) {
      refusedSince = now;
    }
  }

  /** Something happened after which instances may run that nobody here knows of. */
  void owe() {
    owed = true;
  }

  boolean areOwed() {
    return owed;
  }

  boolean haveLookedFor(ClaimId claim) {
    return lookedFor.contains(claim);
  }

  Optional<LaunchFailure> failure() {
    return Optional.ofNullable(failure);
  }

  /** Since when looks have been refused, if the last one was. */
  Optional<Instant> refusedSince() {
    return Optional.ofNullable(refusedSince);
  }

  /** Whether EC2 has answered a look since then. */
  boolean haveLookedSince(Instant moment) {
    return times.stream().anyMatch(time -> !time.isBefore(moment));
  }

  /** The same of two looks, so far apart that the second one is evidence. */
  boolean haveLookedTwiceSince(Instant moment) {
    return times.stream()
        .filter(time -> !time.isBefore(moment))
        .findFirst()
        .filter(first -> haveLookedSince(first.plus(BETWEEN)))
        .isPresent();
  }

  /** The instances that are not terminated, as far as they were shown. */
  Stream<Ec2Instance> live() {
    return seen.values().stream()
        .map(Sighting::instance)
        .filter(instance -> !terminated.containsKey(instance.id()));
  }

  Stream<Ec2Instance> running(Role role) {
    return live().filter(instance -> instance.runs() && instance.isFor(role));
  }

  /** Whether it was shown running in two looks that are so far apart that this is evidence. */
  boolean showTwice(InstanceId instance) {
    Sighting one = seen.get(instance);
    return one != null && one.instance().runs() && !one.last().isBefore(one.first().plus(BETWEEN));
  }

  /** Whether the last look has shown it running, and not before this moment. */
  boolean showRunningSince(InstanceId instance, Instant moment) {
    Sighting one = seen.get(instance);
    return one != null
        && one.missed() == 0
        && one.instance().runs()
        && !one.last().isBefore(moment);
  }

  /** Whether it was shown terminated, which it stays. */
  boolean showTerminated(InstanceId instance) {
    return terminated.containsKey(instance);
  }

  /** The instance of the attempt's token, where it was shown as one that does not run. */
  Optional<Ec2Instance> notRunning(Attempt attempt) {
    return Stream.concat(terminated.values().stream(), live().filter(instance -> !instance.runs()))
        .filter(instance -> instance.isOf(attempt))
        .reduce((_, last) -> last);
  }
}
