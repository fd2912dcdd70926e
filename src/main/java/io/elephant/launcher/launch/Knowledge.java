package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Termination;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Recording;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All that one delivery knows. Only {@link #learn} and {@link #learnWaited} change it. */
final class Knowledge {

  /** So long what was started or shown running counts as alive. */
  static final Duration MOMENT = Duration.ofSeconds(30);

  private final MeetingId id;
  private final LaunchPlan plan;
  private final String delivery;
  private final Optional<Loss> lost;
  private final RowKnowledge row;
  private final Looks looks = new Looks();
  private final Endings endings = new Endings();
  private final Map<Role, RoleKnowledge> roles = new LinkedHashMap<>();
  private Optional<List<Candidate>> candidates;
  private int claims;
  private boolean hasSaidFailure;
  private boolean hasCompleted;
  private @Nullable LaunchFailure expired;
  private @Nullable LaunchFailure candidatesFailure;

  /**
   * @param lost the instance that a notice told of, which a recovery knows at its start
   */
  Knowledge(MeetingId id, LaunchPlan plan, String delivery, Optional<Loss> lost) {
    this.id = id;
    this.plan = plan;
    this.delivery = delivery;
    this.lost = lost;
    this.row = new RowKnowledge(plan);
    this.candidates = plan.knownCandidates();
    plan.roles().forEach(role -> roles.put(role, new RoleKnowledge()));
  }

  void learnWaited(Instant now) {
    row.learnWaited(now);
  }

  void learn(Action action, Answer answer, Instant now) {
    row.learnOther();
    claims += action instanceof Action.Put ? 1 : 0;
    switch (answer) {
      case Answer.Found(Optional<Meeting> found) -> learnRow(found, now);
      case Answer.Written(Meeting written) -> {
        learnWritten(action);
        learnRow(Optional.of(written), now);
      }
      case Answer.NotWritten(Optional<Meeting> other) -> {
        row.forget();
        other.ifPresent(_ -> learnRow(other, now));
      }
      case Answer.Candidates(List<Candidate> found) -> {
        candidates = Optional.of(found);
        roles.values().forEach(role -> role.endRound(found));
      }
      case Answer.Ran(RunResult result) -> {
        if (action instanceof Action.Run(Role role, Attempt attempt)) {
          role(role).learn(attempt, result, candidates, now);
        }
      }
      case Answer.Shown(List<Ec2Instance> shown) -> learnShown(shown, now);
      case Answer.Ended(Termination termination) -> {
        if (action instanceof Action.Terminate(_, InstanceId instance, _)) {
          learnEnded(instance, termination, now);
        }
      }
      case Answer.Failed(LaunchFailure failure) -> learnFailed(action, failure, now);
      case Answer.Waited() -> {}
    }
  }

  private void learnRow(Optional<Meeting> found, Instant now) {
    if (row.learn(found, now)) {
      looks.owe();
    }
  }

  private void learnWritten(Action action) {
    switch (action) {
      case Action.Put(Meeting seen, Map<Role, LaunchState> states) ->
          states.forEach((role, state) -> learnMoved(role, seen.begun(role), state));
      case Action.Lose(_, Role role, LaunchState next) ->
          role(role).learnWritten(next.attempt(), false);
      case Action.RecordInstances(Meeting seen, Map<Role, Recording> recordings) -> {
        if (recordings.values().stream().anyMatch(Recording::unlooked)) {
          looks.owe();
        }
        hasCompleted |= recordings.keySet().containsAll(seen.missing(plan.roles()));
      }
      case Action.SayFailed _ -> hasSaidFailure = true;
      default -> {}
    }
  }

  private void learnMoved(Role role, Optional<LaunchState> from, LaunchState to) {
    if (role(role).lastUnclear().isPresent()) {
      looks.owe();
    }
    boolean renews =
        from.filter(before -> Step.of(role, before, to) instanceof Step.Renewed).isPresent();
    role(role).learnWritten(to.attempt(), renews);
  }

  /** What the row does not name is judged by the row as it is after the look. */
  private void learnShown(List<Ec2Instance> shown, Instant now) {
    looks.learn(shown, row.claims(), now);
    if (looks.live().map(Ec2Instance::id).anyMatch(one -> !isOwn(one) && !row.names(one))) {
      row.forget();
    }
  }

  private void learnEnded(InstanceId instance, Termination termination, Instant now) {
    row.forget();
    endings.learn(instance, termination, now);
    if (endings.hasTerminated(instance) && isOwn(instance)) {
      looks.owe();
    }
  }

  private void learnFailed(Action action, LaunchFailure failure, Instant now) {
    if (failure instanceof CallFailed call && call.verdict() == Verdict.EXPIRED) {
      expired = failure;
    }
    switch (action) {
      case Action.OnTable _ -> row.learn(failure, action instanceof Action.Write);
      case Action.FindCandidates() -> candidatesFailure = failure;
      case Action.Look _ -> looks.learn(failure, now);
      default -> {}
    }
  }

  MeetingId id() {
    return id;
  }

  LaunchPlan plan() {
    return plan;
  }

  Optional<Loss> lost() {
    return lost;
  }

  RowKnowledge row() {
    return row;
  }

  Looks looks() {
    return looks;
  }

  Endings endings() {
    return endings;
  }

  RoleKnowledge role(Role role) {
    return roles.computeIfAbsent(role, _ -> new RoleKnowledge());
  }

  /** Today's candidates in order of preference, once they are known. */
  Optional<List<Candidate>> candidates() {
    return candidates;
  }

  Optional<LaunchFailure> candidatesFailure() {
    return Optional.ofNullable(candidatesFailure);
  }

  /** The credentials of this process have expired. */
  Optional<LaunchFailure> expired() {
    return Optional.ofNullable(expired);
  }

  /** Names the next claim. It counts tries: one whose answer was lost may have happened. */
  ClaimId nextClaim() {
    return new ClaimId(delivery + "/" + claims);
  }

  boolean hasSaidFailure() {
    return hasSaidFailure;
  }

  /** Whether this delivery said LAUNCHED, also where it did not hear that it was written. */
  boolean hasCompleted(Meeting meeting) {
    Optional<String> by = meeting.launchRecord().flatMap(record -> record.completedBy());
    return hasCompleted || by.filter(delivery::equals).isPresent();
  }

  boolean hasAsked() {
    return roles.values().stream().anyMatch(RoleKnowledge::hasAsked);
  }

  /** Whether the meeting has one of its instances already, so that the others are all it lacks. */
  boolean hasOneInstance() {
    return row.now().filter(meeting -> !meeting.instances().isEmpty()).isPresent()
        || roles.values().stream().anyMatch(role -> !role.started().isEmpty());
  }

  /** Whether EC2 gave the instance to this delivery. */
  boolean isOwn(InstanceId instance) {
    return roles.values().stream().anyMatch(role -> role.started().containsKey(instance));
  }

  /** Whether the instance is known not to run any more. */
  boolean isDead(InstanceId instance) {
    return endings.hasTerminated(instance)
        || looks.showTerminated(instance)
        || lost.filter(one -> one.instance().equals(instance)).isPresent()
        || roles.values().stream().anyMatch(role -> role.hasEnded(instance));
  }

  /** Whether the instance is known to live: it was started or shown running a moment ago. */
  boolean lives(InstanceId instance, Instant now) {
    Instant moment = now.minus(MOMENT);
    return !isDead(instance)
        && (looks.showRunningSince(instance, moment)
            || roles.values().stream()
                .flatMap(role -> Optional.ofNullable(role.started().get(instance)).stream())
                .anyMatch(one -> one.at().isAfter(moment)));
  }
}
