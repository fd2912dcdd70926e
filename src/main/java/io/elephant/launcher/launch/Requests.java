package io.elephant.launcher.launch;

import io.elephant.launcher.failure.CredentialsExpired;
import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.NoSubnet;
import io.elephant.launcher.failure.OutOfTime;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.ClaimId;
import io.elephant.launcher.instance.FoundInstance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.RunResult.Stopped;
import io.elephant.launcher.instance.RunResult.Throttled;
import io.elephant.launcher.instance.RunResult.Unclear;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.launch.Decision.RecordInstance;
import io.elephant.launcher.launch.Decision.Retry;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What one delivery asks of EC2, role by role, and what it decides on the answers. */
final class Requests {

  /** RunInstances takes one to three seconds, seldom more than ten; then its answer is recorded. */
  private static final Duration TIME_TO_ASK = Duration.ofSeconds(15);

  private final MeetingId id;
  private final Instances ec2;
  private final LaunchPlan plan;
  private final Invocation invocation;
  private final Cleanup cleanup;
  private final LateAnswers lateAnswers;
  private final EarlierInstances earlier;
  private final CandidateSource source;
  private final Backoff backoff;
  private final LaunchProgress progress;
  private final Map<Role, RoleDecisions> decisions = new HashMap<>();
  private Optional<EarlierInstances.Look> look = Optional.empty();
  private boolean throttled;

  Requests(
      MeetingId id,
      Instances ec2,
      LaunchPlan plan,
      Invocation invocation,
      LaunchProgress progress,
      Cleanup cleanup,
      LateAnswers lateAnswers) {
    this.id = id;
    this.ec2 = ec2;
    this.plan = plan;
    this.invocation = invocation;
    this.progress = progress;
    this.cleanup = cleanup;
    this.lateAnswers = lateAnswers;
    this.earlier = new EarlierInstances(id, ec2, invocation);
    this.source = new CandidateSource(ec2, plan, invocation);
    this.backoff = new Backoff(invocation, TIME_TO_ASK);
  }

  /** The first attempt of a new launch of the role. */
  Attempt first(Role role, ClaimId claim, int number) {
    return decisions(role).first(claim, number);
  }

  /** Waits before the next round of requests; {@code false} where there is no time for one. */
  boolean pause() {
    return throttled ? backoff.pauseAtRate() : backoff.pause();
  }

  /**
   * Sends the requests of the roles that nothing is decided about, side by side. While EC2 refuses
   * calls for their rate, one request finds out for all: the others would be refused with it.
   */
  void ask(Meeting meeting, Collection<Role> open) {
    Map<Role, Invocation.Pending<RunResult>> pending = new LinkedHashMap<>();
    for (Role role : open) {
      LaunchState state = state(meeting, role);
      boolean asks = progress.of(role).decision(state).map(Retry.class::isInstance).orElse(true);
      boolean isEnough = throttled && !pending.isEmpty();
      if (asks && !isEnough && invocation.remaining().compareTo(TIME_TO_ASK) >= 0) {
        pending.put(role, invocation.beside(() -> ec2.run(state.attempt())));
      }
    }
    if (pending.isEmpty()) {
      return;
    }
    Set<ClaimId> claims = new HashSet<>();
    pending.keySet().forEach(role -> claims.add(state(meeting, role).attempt().claim()));
    look = earlier.begin(claims).or(() -> look);
    List<CredentialsExpired> expired = new ArrayList<>();
    Map<Role, RunResult> results = new LinkedHashMap<>();
    pending.forEach((role, answer) -> results.put(role, answer(role, meeting, answer, expired)));
    throttled = results.values().stream().allMatch(Throttled.class::isInstance);
    results.forEach((role, result) -> decide(role, state(meeting, role), result));
    if (!throttled) {
      look.ifPresent(beside -> {
        beside.await();
        open.forEach(role -> preferEarlier(role, state(meeting, role), beside));
      });
      look = Optional.empty();
    }
    if (!expired.isEmpty()) {
      throw expired.getFirst();
    }
  }

  /** One role's failure must not lose what another role has started. */
  private RunResult answer(
      Role role,
      Meeting meeting,
      Invocation.Pending<RunResult> answer,
      List<CredentialsExpired> expired) {
    try {
      return answer.get();
    } catch (OutOfTime e) {
      Attempt attempt = state(meeting, role).attempt();
      answer.whenDone(result -> lateAnswers.settle(role, attempt, result));
      return new Unclear(new Refusal("NoAnswer", String.valueOf(e.getMessage())));
    } catch (CredentialsExpired e) {
      expired.add(e);
      return new Unclear(new Refusal(e.reason(), String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      return new Unclear(new Refusal(e.getClass().getSimpleName(), String.valueOf(e.getMessage())));
    }
  }

  private void decide(Role role, LaunchState state, RunResult result) {
    Attempt attempt = state.attempt();
    invocation.tell(new Step.Asked(role, attempt, result));
    progress.of(role).hasAsked(attempt, result, invocation.now());
    Decision decision;
    try {
      Optional<FoundInstance> found = Optional.empty();
      if (decisions(role).needsLook(state, result)) {
        found = find(role, attempt);
      }
      if (result instanceof Stopped || found.orElse(null) instanceof FoundInstance.Stopped) {
        // It is ended once the row has left its attempt: until then somebody may have recorded it.
        cleanup.mustLook();
      }
      decision = decisions(role).decide(state, result, found, invocation.now());
    } catch (InstancesFailed | NoSubnet | OutOfTime e) {
      decision = new Retry(new Refusal(e.reason(), String.valueOf(e.getMessage())));
    }
    if (decision instanceof RecordInstance(StartedInstance instance)) {
      progress.of(role).owns(instance);
      backoff.shorten();
    }
    progress.of(role).decide(attempt, decision);
  }

  /** What the attempt's token has started, as far as EC2 shows it. */
  private Optional<FoundInstance> find(Role role, Attempt attempt) {
    Optional<FoundInstance> found = invocation.beside(() -> ec2.find(attempt)).get();
    if (found.orElse(null) instanceof FoundInstance.Alive(InstanceId alive)) {
      if (cleanup.isEnding(alive)) {
        return Optional.empty();
      }
      invocation.tell(new Step.Adopted(role, alive));
    }
    return found;
  }

  /**
   * An instance of the role that runs since before this launch stays, and what was just started is
   * ended: a row that was restored or reset says nothing of what is in use.
   */
  private void preferEarlier(Role role, LaunchState state, EarlierInstances.Look look) {
    Set<InstanceId> own = new HashSet<>();
    progress.of(role).started().stream()
        .filter(instance -> instance.attempt().isSameAs(state.attempt()))
        .forEach(instance -> own.add(instance.instance()));
    if (look.showsAnother(role, own)) {
      cleanup.mustLook();
    }
    look.earlier(
            role,
            state,
            own,
            instance -> progress.of(role).tokenTells(instance) || cleanup.isEnding(instance.id()))
        .ifPresent(instance -> {
          invocation.tell(new Step.Adopted(role, instance.instance()));
          progress.of(role).decide(state.attempt(), new RecordInstance(instance));
        });
  }

  /**
   * Looks whether the attempts that the row holds have started something, before the launch is left
   * for good.
   */
  void findStarted(Meeting meeting, Collection<Role> open) {
    for (Role role : open) {
      meeting
          .begun(role)
          .ifPresent(state -> {
            if (!progress.of(role).hasEnded(state.attempt())
                && find(role, state.attempt()).orElse(null)
                    instanceof FoundInstance.Alive(InstanceId instance)) {
              StartedInstance started = new StartedInstance(role, state.attempt(), instance);
              progress.of(role).owns(started);
              progress.of(role).decide(started.attempt(), new RecordInstance(started));
            }
          });
    }
  }

  private static LaunchState state(Meeting meeting, Role role) {
    return meeting.state(role).orElseThrow();
  }

  private RoleDecisions decisions(Role role) {
    return decisions.computeIfAbsent(
        role, _ -> new RoleDecisions(id, role, plan, source::candidates, progress.of(role)));
  }
}
