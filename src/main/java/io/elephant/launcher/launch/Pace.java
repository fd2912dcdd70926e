package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.Termination;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * When an action may go, and how much time it needs. A first try goes at once; a repetition waits
 * for its pause. Each kind of pause grows apart from the others, and nothing but a success shortens
 * one, so that what a delivery asks for in a minute falls, whatever mixture of answers comes.
 */
final class Pace {

  /** How a kind of pause grows. */
  private enum Kind {
    /**
     * While others use up what EC2 allows: RunInstances is allowed twice a second for an account
     * and region. The longest pause is what the end of a rush can be late by.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html">Request
     *     throttling for the Amazon EC2 API</a>
     */
    RATE(Duration.ofSeconds(1), 1.8, Duration.ofSeconds(26)),
    /** The same for a meeting that has one instance: half a launch helps nobody. */
    RATE_OF_THE_OTHER(Duration.ofSeconds(3), 1.1, Duration.ofSeconds(6)),
    /** Every candidate has refused the role. */
    ROUND(Duration.ofMillis(100), 2, Duration.ofSeconds(45)),
    /** One candidate has refused a role, after all had. Both roles wait, so they go together. */
    STEP(Duration.ofMillis(250), 1.6, Duration.ofSeconds(12)),
    /** EC2 has not said what it did for the role, or its instance has ended. */
    AGAIN(Duration.ofMillis(100), 2, Duration.ofSeconds(20)),
    READ(Duration.ofMillis(100), 2, Duration.ofSeconds(10)),
    /** A write was not answered, or its condition did not hold. */
    WRITE(Duration.ofMillis(50), 2, Duration.ofSeconds(10)),
    CANDIDATES(Duration.ofMillis(200), 2, Duration.ofSeconds(10)),
    LOOK(Duration.ofMillis(500), 2, Duration.ofSeconds(20)),
    /** A look was answered; what it showed led to another one. */
    NEXT_LOOK(Duration.ofMillis(100), 2, Duration.ofSeconds(10)),
    END(Duration.ofMillis(200), 2, Duration.ofSeconds(10));

    private final Duration shortest;
    private final double growth;
    private final Duration longest;

    Kind(Duration shortest, double growth, Duration longest) {
      this.shortest = shortest;
      this.growth = growth;
      this.longest = longest;
    }

    private Duration after(Duration pause) {
      Duration grown = Duration.ofMillis(Math.round(pause.toMillis() * growth));
      return grown.compareTo(longest) < 0 ? grown : longest;
    }
  }

  /**
   * @param of the role or the instance that it is about; the kind itself for what is about neither
   */
  private record Key(Kind kind, Object of) {}

  /**
   * @param next the longest that the next pause may be
   * @param until when this one is over
   */
  private record Pause(Duration next, Instant until) {}

  /** Less than this is not waited for at the end of an invocation. */
  private static final Duration SHORTEST = Duration.ofMillis(100);

  /** Nothing begins so shortly before the end: it would go on after it. */
  private static final Duration LAST_MOMENT = Duration.ofSeconds(1);

  private final Invocation invocation;
  private final Map<Key, Pause> pauses = new HashMap<>();
  private final Map<Role, Integer> rounds = new HashMap<>();
  private final Set<Class<? extends Action>> refusedForGood = new HashSet<>();
  private boolean throttled;
  private Instant waitedUntil = Instant.MIN;
  private Instant lastLook = Instant.MIN;

  Pace(Invocation invocation) {
    this.invocation = invocation;
  }

  /** Now; not before a moment that was waited for, though a clock may say so. */
  Instant now() {
    Instant now = invocation.now();
    return now.isAfter(waitedUntil) ? now : waitedUntil;
  }

  /** Waits until then. */
  void await(Instant moment) {
    Duration left = Duration.between(now(), moment);
    if (left.isPositive()) {
      invocation.sleep(left);
      waitedUntil = moment;
    }
  }

  /** Whether EC2 refuses calls for their rate: then one request finds out for all. */
  boolean isThrottled() {
    return throttled;
  }

  /** When the action may go; nothing where there is no time for it, or it was refused for good. */
  Optional<Instant> mayGo(Action action) {
    if (refusedForGood.contains(action.getClass())) {
      return Optional.empty();
    }
    Instant now = now();
    Instant ripe =
        Stream.concat(
                keys(action).map(pauses::get).filter(Objects::nonNull).map(Pause::until),
                Stream.of(earliest(action, now)))
            .max(Instant::compareTo)
            .orElse(now);
    boolean isFirst = !ripe.isAfter(now) && keys(action).noneMatch(pauses::containsKey);
    Instant last = now.plus(invocation.remaining()).minus(reserve(action, isFirst));
    if (!ripe.isAfter(last)) {
      return Optional.of(ripe);
    }
    return last.isAfter(now.plus(SHORTEST)) && !(action instanceof Action.Wait)
        ? Optional.of(last)
        : Optional.empty();
  }

  private Instant earliest(Action action, Instant now) {
    return switch (action) {
      case Action.Wait(Instant until) -> until;
      case Action.Look(boolean again) when again && lastLook.isAfter(Instant.MIN) ->
          lastLook.plus(Looks.BETWEEN);
      default -> now;
    };
  }

  /** How much time is kept for the action, and for what follows it at once. */
  private static Duration reserve(Action action, boolean isFirst) {
    return switch (action) {
      // RunInstances takes one to three seconds, seldom more than ten; then its answer is recorded.
      case Action.Run _ -> Duration.ofSeconds(15);
      case Action.FindCandidates() -> isFirst ? LAST_MOMENT : Duration.ofSeconds(15);
      case Action.Look _, Action.Terminate _ -> isFirst ? LAST_MOMENT : Duration.ofSeconds(5);
      case Action.OnTable _ -> isFirst ? LAST_MOMENT : Duration.ofMillis(3_500);
      case Action.Wait _ -> Duration.ofSeconds(5);
    };
  }

  private static Stream<Key> keys(Action action) {
    return switch (action) {
      case Action.Run(Role role, _) ->
          Stream.of(
              key(Kind.RATE),
              key(Kind.RATE_OF_THE_OTHER),
              new Key(Kind.ROUND, role),
              key(Kind.STEP),
              new Key(Kind.AGAIN, role));
      case Action.Read() -> Stream.of(key(Kind.READ));
      case Action.Write _ -> Stream.of(key(Kind.WRITE));
      case Action.FindCandidates() -> Stream.of(key(Kind.CANDIDATES));
      case Action.Look _ -> Stream.of(key(Kind.LOOK), key(Kind.NEXT_LOOK));
      case Action.Terminate(_, InstanceId instance, _) -> Stream.of(new Key(Kind.END, instance));
      case Action.Wait _ -> Stream.empty();
    };
  }

  private static Key key(Kind kind) {
    return new Key(kind, kind);
  }

  /** Learns what came of an action. */
  void learn(Action action, Answer answer, Knowledge known) {
    switch (answer) {
      case Answer.Found _, Answer.Written _, Answer.Candidates _ ->
          keys(action).forEach(pauses::remove);
      case Answer.NotWritten _ -> keys(action).forEach(this::grow);
      case Answer.Shown _ -> {
        pauses.remove(key(Kind.LOOK));
        grow(key(Kind.NEXT_LOOK));
        lastLook = now();
      }
      case Answer.Ended(Termination.Terminated()) -> keys(action).forEach(pauses::remove);
      case Answer.Ended(Termination.NotTerminated _) -> keys(action).forEach(this::grow);
      case Answer.Ran(RunResult result) -> {
        if (action instanceof Action.Run(Role role, _)) {
          learn(role, result, known);
        }
      }
      case Answer.Failed(CallFailed call) when call.verdict().mayHeal() -> {
        keys(action).filter(key -> key.kind() != Kind.NEXT_LOOK).forEach(this::grow);
        if (action instanceof Action.Write) {
          // What would be read before the next try would be too old for it.
          pauses.put(key(Kind.READ), pauses.get(key(Kind.WRITE)));
        }
      }
      case Answer.Failed _ -> refusedForGood.add(action.getClass());
      case Answer.Waited() -> {}
    }
  }

  private void learn(Role role, RunResult result, Knowledge known) {
    throttled =
        result instanceof RunResult.Refused(Verdict verdict, _) && verdict == Verdict.THROTTLED;
    int ended = known.role(role).rounds();
    boolean endsRound = !Objects.equals(rounds.put(role, ended), ended) && ended > 0;
    if (endsRound) {
      grow(new Key(Kind.ROUND, role));
    }
    switch (result) {
      case RunResult.Answered(Ec2Instance instance) when instance.runs() -> {
        pauses.remove(new Key(Kind.AGAIN, role));
        pauses.remove(key(Kind.RATE));
      }
      case RunResult.Answered _ -> grow(new Key(Kind.AGAIN, role));
      case RunResult.Refused(Verdict verdict, _) -> {
        switch (verdict) {
          case THROTTLED -> grow(key(known.hasOneInstance() ? Kind.RATE_OF_THE_OTHER : Kind.RATE));
          case UNCLEAR, NOT_YET, UNKNOWN_ID, TERMINATED, PARAMETER_MISMATCH ->
              grow(new Key(Kind.AGAIN, role));
          case NO_CAPACITY, OVER_QUOTA, CANDIDATE_REFUSED -> {
            if (ended > 0) {
              grow(key(Kind.STEP));
            }
          }
          case REQUEST_REFUSED, EXPIRED -> {}
        }
      }
    }
  }

  private void grow(Key key) {
    Duration limit = pauses.containsKey(key) ? pauses.get(key).next() : key.kind().shortest;
    pauses.put(key, new Pause(key.kind().after(limit), now().plus(invocation.vary(limit))));
  }
}
