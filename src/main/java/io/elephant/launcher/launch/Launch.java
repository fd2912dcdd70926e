package io.elephant.launcher.launch;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.LaunchIncomplete;
import io.elephant.launcher.failure.MeetingNotFound;
import io.elephant.launcher.failure.MeetingsUnclear;
import io.elephant.launcher.failure.NoSubnet;
import io.elephant.launcher.failure.OutOfTime;
import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.id.Zone;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.Candidate;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchRequest;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.RunResult.Dead;
import io.elephant.launcher.instance.RunResult.NoCapacity;
import io.elephant.launcher.instance.RunResult.OtherRequest;
import io.elephant.launcher.instance.RunResult.OverQuota;
import io.elephant.launcher.instance.RunResult.Refused;
import io.elephant.launcher.instance.RunResult.Started;
import io.elephant.launcher.instance.RunResult.Unclear;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.instance.Subnet;
import io.elephant.launcher.launch.Decision.Fail;
import io.elephant.launcher.launch.Decision.NextAttempt;
import io.elephant.launcher.launch.Decision.RecordInstance;
import io.elephant.launcher.launch.Decision.Retry;
import io.elephant.launcher.meeting.LaunchState;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.sweep.Sweep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The protocol by which every delivery of a meeting's event helps towards the same end: one live
 * instance per role, and its id in the row.
 *
 * <pre>
 * read the row ∥ find the subnets
 *   └ nothing to do, or not to be launched → report
 * claim: write the first attempts into the row, unless another delivery did
 * ask EC2 for every open role's machine, side by side: the attempt's request under its token
 *   ├ started                       → take:    record its id, and LAUNCHED with the last one,
 *   │                                          if the row still wants it; else terminate it
 *   ├ no capacity, over quota       → turn:    the row's state to the next candidate's attempt
 *   ├ the token's instance is dead  → turn, a bounded number of times
 *   ├ unclear                       → wait:    the same request again
 *   ├ the token had another request → take what it started, or wait until it shows
 *   └ refused for good              → turn to what is configured today, or give up:
 *                                              LAUNCH_FAILED, and why
 * </pre>
 *
 * <p>There is no lock and no lease. Deliveries meet at the row's conditional writes and at the
 * token: a request is in the row before it is sent, so whoever comes later repeats that very
 * request and gets the same instance. After every write that did not happen, or may not have, the
 * row is read again and decides.
 */
public final class Launch {

  private final Meetings meetings;
  private final Instances ec2;
  private final LaunchPlan plan;

  public Launch(Meetings meetings, Instances ec2, LaunchPlan plan) {
    this.meetings = meetings;
    this.ec2 = ec2;
    this.plan = plan;
  }

  /**
   * Launches what the meeting still lacks.
   *
   * @throws LaunchFailure if a wanted machine is not running and recorded at the end
   */
  public LaunchReport launch(MeetingId id, Invocation invocation) {
    return new Delivery(id, invocation).launch();
  }

  /** A request that is under way, and the state that it is from. */
  private record Question(Role role, LaunchState state, Supplier<RunResult> answer) {}

  /** One delivery of the event: what it knows and has done so far. */
  private final class Delivery {

    private final MeetingId id;
    private final Invocation invocation;
    private final Supplier<List<Subnet>> subnets;
    private final Backoff backoff = new Backoff();
    private final Map<Role, RoleProgress> courses = new LinkedHashMap<>();
    private final Map<Role, CandidateRotation> rounds = new HashMap<>();
    private Optional<Meeting> wanted = Optional.empty();
    private boolean failureSaid;
    private boolean completed;

    Delivery(MeetingId id, Invocation invocation) {
      this.id = id;
      this.invocation = invocation;
      this.subnets = invocation.beside(() -> ec2.subnets(plan.zones()));
    }

    LaunchReport launch() {
      Optional<Meeting> row = meetings.find(id);
      row.ifPresent(meeting -> invocation.tell(new Step.Found(meeting)));
      while (true) {
        Meeting meeting = row.orElseThrow(this::gone);
        if (!meeting.launchable()) {
          return standDown(meeting);
        }
        wanted = Optional.of(meeting);
        terminate(machine -> !meeting.mayHold(machine), Step.Superseded::new);
        Set<Role> open = meeting.without(plan.roles());
        if (open.isEmpty() && !meeting.beforeLaunched()) {
          return report(meeting, allRecorded());
        }
        if (!open.isEmpty() && isLate(meeting) && !hasUnrecorded(open)) {
          return tooLate(meeting, open);
        }
        if (!open.isEmpty() && open.stream().allMatch(role -> isGivenUp(meeting, role))) {
          row = sayFailure(meeting, open);
        } else {
          row = afterwards(() -> advance(meeting, open));
        }
      }
    }

    /** Brings the row as far as one question to EC2 takes it; nothing if a write did not happen. */
    private Optional<Meeting> advance(Meeting meeting, Set<Role> open) {
      Set<Role> unclaimed = new LinkedHashSet<>(open);
      unclaimed.removeIf(role -> meeting.state(role).isPresent());
      if (!unclaimed.isEmpty()) {
        return claim(meeting, unclaimed);
      }
      ask(meeting, open);
      Map<Role, StartedInstance> machines = new LinkedHashMap<>();
      Map<Role, NextAttempt> turns = new LinkedHashMap<>();
      for (Role role : open) {
        switch (move(meeting, role).orElseThrow()) {
          case RecordInstance(StartedInstance machine) -> machines.put(role, machine);
          case NextAttempt turn -> turns.put(role, turn);
          case Retry _, Fail _ -> {}
        }
      }
      if (open.isEmpty() || machines.keySet().equals(open)) {
        return complete(machines);
      }
      if (machines.isEmpty() && turns.isEmpty()) {
        return pause(meeting, open);
      }
      Optional<Meeting> row = Optional.of(meeting);
      if (!machines.isEmpty()) {
        row = meetings.record(id, machines);
      }
      for (Map.Entry<Role, NextAttempt> turn : turns.entrySet()) {
        row = row.flatMap(_ -> turn(turn.getKey(), turn.getValue()));
      }
      return row;
    }

    /** Where the answer is lost, the write counts as this delivery's. */
    private Optional<Meeting> complete(Map<Role, StartedInstance> machines) {
      completed = true;
      Optional<Meeting> row = meetings.complete(id, machines, Set.copyOf(plan.roles()));
      completed = row.isPresent();
      return row;
    }

    private Optional<Meeting> claim(Meeting meeting, Set<Role> unclaimed) {
      Candidate preferred = plan.candidates(subnets.get()).getFirst();
      Map<Role, LaunchState> states = new LinkedHashMap<>();
      for (Role role : unclaimed) {
        LaunchRequest request = plan.machine().request(id, role, preferred);
        states.put(role, LaunchState.first(Attempt.first(id, role, request)));
      }
      Optional<Meeting> row = meetings.claim(meeting, states);
      if (row.isPresent()) {
        states.forEach((role, state) -> course(role).claimed(state.attempt()));
      }
      return row;
    }

    private Optional<Meeting> turn(Role role, NextAttempt turn) {
      Optional<Meeting> row = meetings.advance(id, role, turn.from(), turn.to());
      if (row.isPresent()) {
        course(role).turned(turn);
        invocation.tell(Step.of(role, turn));
      }
      return row;
    }

    /** Sends the requests of the roles that nothing is decided about, side by side. */
    private void ask(Meeting meeting, Set<Role> open) {
      List<Question> questions = new ArrayList<>();
      for (Role role : open) {
        LaunchState state = meeting.state(role).orElseThrow();
        if (move(meeting, role).filter(move -> !(move instanceof Retry)).isEmpty()) {
          questions.add(
              new Question(role, state, invocation.beside(() -> ec2.run(state.attempt()))));
        }
      }
      for (Question question : questions) {
        Role role = question.role();
        RunResult result = answer(question);
        invocation.tell(new Step.Asked(role, question.state().attempt(), result));
        Decision move = decide(role, question.state(), result);
        course(role).decide(question.state(), move);
      }
    }

    private static RunResult answer(Question question) {
      try {
        return question.answer().get();
      } catch (OutOfTime e) {
        return new Unclear(new Refusal("NoAnswer", String.valueOf(e.getMessage())));
      }
    }

    private Decision decide(Role role, LaunchState state, RunResult result) {
      Attempt attempt = state.attempt();
      boolean firstCall = course(role).isFirstCallOf(attempt);
      try {
        return switch (result) {
          case Started(InstanceId instance) ->
              new RecordInstance(new StartedInstance(role, attempt, instance));
          case Unclear(Refusal refusal) -> new Retry(refusal);
          case NoCapacity(Refusal refusal) -> {
            round(role).refuse(attempt.request().candidate());
            yield next(role, state, refusal);
          }
          case OverQuota(Refusal refusal) -> {
            round(role).refuseAllThatShareQuotaWith(attempt.request().candidate());
            yield next(role, state, refusal);
          }
          case Dead(Refusal refusal) -> replace(role, state, refusal, firstCall);
          case OtherRequest(Refusal refusal) -> adopt(role, state, refusal);
          case Refused(Refusal refusal) -> amend(role, state, refusal);
        };
      } catch (InstancesFailed | NoSubnet e) {
        return new Retry(new Refusal(e.getClass().getSimpleName(), String.valueOf(e.getMessage())));
      }
    }

    /** On to the next candidate; when all have been refused, round again after a pause. */
    private Decision next(Role role, LaunchState state, Refusal refusal) {
      Optional<Candidate> next = round(role).after(state.attempt().request().candidate());
      if (next.isEmpty()) {
        round(role).beginAgain();
        return new Retry(refusal);
      }
      return turnTo(role, state, next.get(), state::movedTo);
    }

    /**
     * The instance died before it was recorded. One whose token was dead at the very first call is
     * none of this launch record's: an operator removed the launch record that it belonged to.
     */
    private Decision replace(Role role, LaunchState state, Refusal refusal, boolean firstCall) {
      if (!firstCall && !state.mayReplace()) {
        return new Fail(
            new Refusal(
                refusal.code(),
                "%d instances died before they were recorded, the last one: %s"
                    .formatted(state.replaced() + 1, refusal.message())));
      }
      Candidate candidate = state.attempt().request().candidate();
      Candidate next = round(role).after(candidate).orElse(candidate);
      return turnTo(role, state, next, firstCall ? state::movedTo : state::replacedBy);
    }

    /**
     * A request that EC2 refuses for good gives way to what is configured today, once: an operator
     * has mended the configuration since. The token and the zone stay. If an earlier call started
     * an instance after all, EC2 answers with a mismatch, and that instance is adopted.
     */
    private Decision amend(Role role, LaunchState state, Refusal refusal) {
      Attempt attempt = state.attempt();
      Zone zone = attempt.request().candidate().subnet().zone();
      return plan.candidates(subnets.get()).stream()
          .filter(candidate -> candidate.subnet().zone().equals(zone))
          .findFirst()
          .map(candidate -> plan.machine().request(id, role, candidate))
          .filter(request -> !request.equals(attempt.request()) && course(role).mayAmend())
          .<Decision>map(request -> new NextAttempt(state, state.amended(request)))
          .orElseGet(() -> new Fail(refusal));
    }

    private Decision turnTo(
        Role role, LaunchState state, Candidate candidate, Function<Attempt, LaunchState> turning) {
      if (state.attempt().number() == Attempt.LAST_NUMBER) {
        return new Fail(
            new Refusal("TooManyAttempts", "attempt " + Attempt.LAST_NUMBER + " was the last"));
      }
      LaunchRequest request = plan.machine().request(id, role, candidate);
      return new NextAttempt(state, turning.apply(state.attempt().next(id, role, request)));
    }

    /**
     * The token is bound to another request. What that started is the role's, once EC2 shows it;
     * the requests that it may be bound to are sent again in turn. Never another token: it could
     * start a second instance.
     */
    private Decision adopt(Role role, LaunchState state, Refusal refusal) {
      Attempt attempt = state.attempt();
      return ec2.find(attempt)
          .<Decision>map(instance -> {
            invocation.tell(new Step.Adopted(role, instance));
            return new RecordInstance(new StartedInstance(role, attempt, instance));
          })
          .or(() -> restored(role, state))
          .orElseGet(() -> new Retry(refusal));
    }

    /** Every other time, so that there is a pause between two tries of the same request. */
    private Optional<Decision> restored(Role role, LaunchState state) {
      return course(role).mayRestore()
          ? state.restored().map(restored -> new NextAttempt(state, restored))
          : Optional.empty();
    }

    /** Nothing could be done but to wait; or, without the time for it, to leave it at that. */
    private Optional<Meeting> pause(Meeting meeting, Set<Role> open) {
      if (!backoff.pause(invocation)) {
        if (open.stream().anyMatch(role -> isGivenUp(meeting, role))) {
          return sayFailure(meeting, open);
        }
        throw incomplete(open);
      }
      // Meanwhile the meeting may have been called off, or launched by another delivery.
      return meetings.find(id);
    }

    /**
     * What a write left of the row; where it did not happen, or may not have, what is there now.
     */
    private Optional<Meeting> afterwards(Supplier<Optional<Meeting>> write) {
      Optional<Meeting> written = Optional.empty();
      LaunchFailure outOfTime = new OutOfTime();
      try {
        written = write.get();
      } catch (MeetingsUnclear e) {
        outOfTime = e;
      }
      while (written.isEmpty()) {
        if (!backoff.pause(invocation)) {
          throw outOfTime;
        }
        try {
          return meetings.find(id);
        } catch (MeetingsUnclear e) {
          outOfTime = e;
        }
      }
      return written;
    }

    private Optional<Meeting> sayFailure(Meeting meeting, Set<Role> open) {
      if (failureSaid || !meeting.beforeLaunched()) {
        throw incomplete(open);
      }
      Set<Role> givenUp = new LinkedHashSet<>(open);
      givenUp.removeIf(role -> !isGivenUp(meeting, role));
      return afterwards(() -> {
        Optional<Meeting> said = meetings.fail(meeting, givenUp, incomplete(open).reasons());
        failureSaid = said.isPresent();
        return said;
      });
    }

    private LaunchReport tooLate(Meeting meeting, Set<Role> open) {
      // Where nobody has begun to launch, there is no launch that failed.
      if (meeting.launchRecord().isEmpty() || !meeting.beforeLaunched()) {
        return report(meeting, Outcome.TOO_LATE);
      }
      String why = "the meeting began more than " + plan.maxLateness() + " ago";
      return report(meetings.fail(meeting, open, why).orElse(meeting), Outcome.GIVEN_UP);
    }

    /**
     * The row is not for launching: what it does not name dies, and all where it was called off.
     */
    private LaunchReport standDown(Meeting meeting) {
      if (meeting.cancelled()) {
        terminateAll(meeting);
        return report(meeting, Outcome.CANCELLED);
      }
      terminate(machine -> !meeting.names(machine), Step.Superseded::new);
      boolean recorded = meeting.without(plan.roles()).isEmpty();
      return report(meeting, recorded ? allRecorded() : Outcome.OTHER_STATUS);
    }

    private MeetingNotFound gone() {
      wanted.ifPresent(this::terminateAll);
      return new MeetingNotFound(id);
    }

    /**
     * Terminates what this delivery started, and where the meeting was called off while its
     * machines were being launched, what others recorded too, and what the open attempts started
     * that nobody has heard of yet. EC2 may not show that so soon: then it is left to the {@link
     * Sweep}.
     */
    private void terminateAll(Meeting last) {
      terminate(_ -> true, Step.Cancelled::new);
      Set<Role> open = last.without(plan.roles());
      if (wanted.isPresent() || !open.isEmpty()) {
        Map<Role, InstanceId> recorded = wanted.orElse(last).instances();
        ec2.terminate(recorded.values());
        recorded.forEach((role, instance) -> invocation.tell(new Step.Cancelled(role, instance)));
      }
      for (Role role : open) {
        last.state(role)
            .flatMap(state -> ec2.find(state.attempt()))
            .ifPresent(instance -> {
              ec2.terminate(List.of(instance));
              invocation.tell(new Step.Cancelled(role, instance));
            });
      }
    }

    private void terminate(
        Predicate<StartedInstance> unwanted, BiFunction<Role, InstanceId, Step> why) {
      for (RoleProgress course : courses.values()) {
        for (StartedInstance machine : course.machines()) {
          if (unwanted.test(machine)) {
            ec2.terminate(List.of(machine.instance()));
            course.forget(machine);
            invocation.tell(why.apply(machine.role(), machine.instance()));
          }
        }
      }
    }

    private Outcome allRecorded() {
      return completed ? Outcome.LAUNCHED : Outcome.ALREADY_LAUNCHED;
    }

    private Optional<Decision> move(Meeting meeting, Role role) {
      return meeting.state(role).flatMap(state -> course(role).move(state));
    }

    private boolean isGivenUp(Meeting meeting, Role role) {
      return move(meeting, role).filter(Fail.class::isInstance).isPresent();
    }

    private boolean hasUnrecorded(Set<Role> open) {
      return open.stream().anyMatch(role -> !course(role).machines().isEmpty());
    }

    private boolean isLate(Meeting meeting) {
      return meeting.isLate(invocation.now(), plan.maxLateness());
    }

    private LaunchIncomplete incomplete(Set<Role> open) {
      Map<Role, Refusal> refusals = new LinkedHashMap<>();
      open.forEach(role -> course(role).refusal().ifPresent(why -> refusals.put(role, why)));
      return new LaunchIncomplete(id, refusals);
    }

    private RoleProgress course(Role role) {
      return courses.computeIfAbsent(role, _ -> new RoleProgress());
    }

    private CandidateRotation round(Role role) {
      return rounds.computeIfAbsent(
          role, _ -> new CandidateRotation(plan.candidates(subnets.get())));
    }

    private LaunchReport report(Meeting meeting, Outcome outcome) {
      Map<Role, InstanceId> instances = new LinkedHashMap<>();
      for (Role role : plan.roles()) {
        InstanceId instance = meeting.instances().get(role);
        if (instance != null) {
          instances.put(role, instance);
        }
      }
      return new LaunchReport(id, meeting.status(), instances, outcome);
    }
  }
}
