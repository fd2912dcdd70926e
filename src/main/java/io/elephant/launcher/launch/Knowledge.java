package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Refusal;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All that one delivery knows. Only {@link #learn} and {@link #learnWaited} change it. */
final class Knowledge {

  /** So long EC2 may not know an id that it gave. */
  private static final Duration KNOWN_WITHIN = Duration.ofMinutes(1);

  private final MeetingId id;
  private final LaunchPlan plan;
  private final String delivery;
  private final Optional<Loss> lost;
  private final Looks looks = new Looks();
  private final Map<Role, RoleKnowledge> roles = new LinkedHashMap<>();
  private final Set<InstanceId> terminated = new HashSet<>();
  private final Map<InstanceId, Refusal> notTerminated = new LinkedHashMap<>();
  private final Set<InstanceId> refusedForGood = new HashSet<>();
  private final Map<InstanceId, Instant> firstUnknown = new LinkedHashMap<>();
  private Optional<List<Candidate>> candidates;
  private Optional<Meeting> row = Optional.empty();
  private Optional<Meeting> wanted = Optional.empty();
  private int claims;
  private boolean isRowFresh;
  private boolean isRowNewest;
  private boolean hasReadRow;
  private boolean isOver;
  private boolean isUntimely;
  private boolean hasSaidFailure;
  private boolean hasCompleted;
  private @Nullable LaunchFailure expired;
  private @Nullable LaunchFailure tableFailure;
  private @Nullable LaunchFailure refusedByTable;
  private @Nullable LaunchFailure candidatesFailure;

  /**
   * @param lost the instance that a notice told of, which a recovery knows at its start
   */
  Knowledge(MeetingId id, LaunchPlan plan, String delivery, Optional<Loss> lost) {
    this.id = id;
    this.plan = plan;
    this.delivery = delivery;
    this.lost = lost;
    this.candidates = plan.knownCandidates();
    plan.roles().forEach(role -> roles.put(role, new RoleKnowledge()));
  }

  /** Time has passed, so the row may be another by now. */
  void learnWaited() {
    isRowFresh = false;
  }

  void learn(Action action, Answer answer, Instant now) {
    if (action instanceof Action.Put) {
      claims++;
    }
    isRowNewest = action instanceof Action.OnTable;
    switch (answer) {
      case Answer.Found(Optional<Meeting> found) -> learnRow(found, now);
      case Answer.Written(Meeting written) -> learnWritten(action, written, now);
      case Answer.NotWritten(Optional<Meeting> other) -> {
        isRowFresh = false;
        other.ifPresent(found -> learnRow(other, now));
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
      case Answer.Waited() -> isRowFresh = false;
    }
  }

  private void learnRow(Optional<Meeting> found, Instant now) {
    row = found;
    isRowFresh = true;
    tableFailure = null;
    wanted = found.filter(Meeting::launchable).or(() -> wanted);
    boolean over = found.map(Meeting::cancelled).orElse(true);
    boolean hasBegun = wanted.isPresent() || found.flatMap(Meeting::launchRecord).isPresent();
    boolean mayHaveOthers = !hasReadRow && found.filter(Meeting::mayHaveOthers).isPresent();
    if ((over && !isOver && hasBegun) || mayHaveOthers) {
      looks.owe();
    }
    isOver = over;
    hasReadRow = true;
    boolean untimely =
        found
            .filter(meeting ->
                meeting.isEarly(now, plan.maxEarliness())
                    || meeting.isLate(now, plan.maxLateness()))
            .filter(meeting -> meeting.hasBegun(meeting.missing(plan.roles())))
            .isPresent();
    if (untimely && !isUntimely) {
      looks.owe();
    }
    isUntimely = untimely;
  }

  private void learnWritten(Action action, Meeting written, Instant now) {
    switch (action) {
      case Action.Put(Meeting seen, Map<Role, LaunchState> states) ->
          states.forEach((role, state) -> {
            RoleKnowledge known = role(role);
            boolean renews =
                seen.state(role)
                    .filter(before -> !before.isOver())
                    .filter(before -> Step.of(role, before, state) instanceof Step.Renewed)
                    .isPresent();
            if (known.lastUnclear().isPresent()) {
              looks.owe();
            }
            known.learnWritten(state.attempt(), renews);
          });
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
    learnRow(Optional.of(written), now);
  }

  /** What the row does not name is judged by the row as it is after the look. */
  private void learnShown(List<Ec2Instance> shown, Instant now) {
    looks.learn(shown, claims(), now);
    Set<InstanceId> named =
        row.map(meeting -> Set.copyOf(meeting.instances().values())).orElse(Set.of());
    if (looks.live().anyMatch(one -> !named.contains(one.id()) && !isOwn(one.id()))) {
      isRowFresh = false;
    }
  }

  private Set<ClaimId> claims() {
    return plan.roles().stream()
        .flatMap(role -> row.flatMap(meeting -> meeting.state(role)).stream())
        .map(state -> state.attempt().claim())
        .collect(Collectors.toSet());
  }

  private void learnEnded(InstanceId instance, Termination termination, Instant now) {
    isRowFresh = false;
    switch (termination) {
      case Termination.Terminated() -> {
        terminated.add(instance);
        notTerminated.remove(instance);
        if (isOwn(instance)) {
          looks.owe();
        }
      }
      case Termination.NotTerminated(Verdict verdict, Refusal refusal) -> {
        notTerminated.put(instance, refusal);
        boolean isUnknown = verdict == Verdict.UNKNOWN_ID;
        Instant since = isUnknown ? firstUnknown.computeIfAbsent(instance, _ -> now) : now;
        if (!verdict.mayHeal() || !now.isBefore(since.plus(KNOWN_WITHIN))) {
          refusedForGood.add(instance);
        }
      }
    }
  }

  private void learnFailed(Action action, LaunchFailure failure, Instant now) {
    if (failure instanceof CallFailed call && call.verdict() == Verdict.EXPIRED) {
      expired = failure;
    }
    switch (action) {
      case Action.OnTable _ -> {
        isRowFresh = false;
        tableFailure = failure;
        boolean mayHeal = failure instanceof CallFailed call && call.verdict().mayHeal();
        if (action instanceof Action.Write && !mayHeal) {
          refusedByTable = failure;
        }
      }
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

  Looks looks() {
    return looks;
  }

  RoleKnowledge role(Role role) {
    return roles.computeIfAbsent(role, _ -> new RoleKnowledge());
  }

  /** Today's candidates in order of preference, once they are known. */
  Optional<List<Candidate>> candidates() {
    return candidates;
  }

  boolean isRowFresh() {
    return isRowFresh;
  }

  /** Whether nothing else was learned since the row was read or written. */
  boolean isRowNewest() {
    return isRowFresh && isRowNewest;
  }

  boolean hasReadRow() {
    return hasReadRow;
  }

  Optional<Meeting> row() {
    return row;
  }

  /** The row when it was last to be launched, if it ever was. */
  Optional<Meeting> wanted() {
    return wanted;
  }

  /** The credentials of this process have expired. */
  Optional<LaunchFailure> expired() {
    return Optional.ofNullable(expired);
  }

  /** Why the last call to the table failed. */
  Optional<LaunchFailure> tableFailure() {
    return Optional.ofNullable(tableFailure);
  }

  /** Why the table will not take a write: then what was started can never be recorded. */
  Optional<LaunchFailure> refusedByTable() {
    return Optional.ofNullable(refusedByTable);
  }

  boolean isRefusedByTable() {
    return refusedByTable != null;
  }

  Optional<LaunchFailure> candidatesFailure() {
    return Optional.ofNullable(candidatesFailure);
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
    return hasCompleted
        || meeting
            .launchRecord()
            .flatMap(record -> record.completedBy())
            .filter(delivery::equals)
            .isPresent();
  }

  /** Whether the meeting has one of its instances already, so that the others are all it lacks. */
  boolean hasOneInstance() {
    return row.filter(meeting -> !meeting.instances().isEmpty()).isPresent()
        || roles.values().stream().anyMatch(role -> !role.started().isEmpty());
  }

  boolean hasAsked() {
    return roles.values().stream().anyMatch(RoleKnowledge::hasAsked);
  }

  /** Whether EC2 gave the instance to this delivery. */
  boolean isOwn(InstanceId instance) {
    return roles.values().stream().anyMatch(role -> role.started().containsKey(instance));
  }

  /** Whether the instance is known not to run any more. */
  boolean isDead(InstanceId instance) {
    return terminated.contains(instance)
        || looks.showTerminated(instance)
        || lost.filter(one -> one.instance().equals(instance)).isPresent()
        || roles.values().stream()
            .flatMap(role -> Optional.ofNullable(role.started().get(instance)).stream())
            .anyMatch(one -> !one.instance().runs());
  }

  /** Whether the instance is known to live. */
  boolean lives(InstanceId instance) {
    return !isDead(instance) && (isOwn(instance) || looks.showRunning(instance));
  }

  /** Whether EC2 has terminated the instance because this delivery asked. */
  boolean hasTerminated(InstanceId instance) {
    return terminated.contains(instance);
  }

  /** What EC2 will not terminate, or has not yet. */
  Map<InstanceId, Refusal> notTerminated() {
    return notTerminated;
  }

  /** Whether it is of no use to ask for the instance's end again. */
  boolean isRefusedForGood(InstanceId instance) {
    return refusedForGood.contains(instance);
  }
}
