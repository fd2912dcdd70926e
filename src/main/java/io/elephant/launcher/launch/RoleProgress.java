package io.elephant.launcher.launch;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.Attempt;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.launch.Decision.Fail;
import io.elephant.launcher.launch.Decision.NextAttempt;
import io.elephant.launcher.launch.Decision.RecordInstance;
import io.elephant.launcher.launch.Decision.Retry;
import io.elephant.launcher.meeting.LaunchState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one delivery knows of a role: the instances that it started, and what was decided last. */
public final class RoleProgress {

  /**
   * After this time EC2 shows what it started, alive or dead.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html">Eventual
   *     consistency in the Amazon EC2 API</a>
   */
  static final Duration SHOWN_WITHIN = Duration.ofMinutes(1);

  /** So long after an attempt was written, a look at its token shows what others have started. */
  private static final Duration OTHERS_SHOWN_WITHIN = Duration.ofSeconds(5);

  private record Decided(Attempt about, Decision decision) {}

  private final List<StartedInstance> started = new ArrayList<>();
  private final List<Attempt> ended = new ArrayList<>();
  private Optional<Decided> decided = Optional.empty();
  private Optional<Attempt> ownAttempt = Optional.empty();
  private Optional<Attempt> asked = Optional.empty();
  private boolean isRefusedUnlooked;
  private Optional<Instant> lastUnclear = Optional.empty();
  private Optional<Instant> unshownSince = Optional.empty();
  private boolean hasRenewedRequest;

  /** This delivery has just written the attempt, and knows that it was written. */
  public void hasWritten(Attempt attempt) {
    ownAttempt = Optional.of(attempt);
    decided = Optional.empty();
  }

  /** EC2 has answered the attempt, or has not. */
  public void hasAsked(Attempt attempt, RunResult result, Instant now) {
    if (asked.filter(attempt::isSameAs).isEmpty()) {
      asked = Optional.of(attempt);
      lastUnclear = Optional.empty();
      unshownSince = Optional.empty();
    }
    isRefusedUnlooked = result instanceof RunResult.RefusedBeforeToken;
    if (result instanceof RunResult.Dead || result instanceof RunResult.Stopped) {
      ended.add(attempt);
    }
    if (result instanceof RunResult.Unclear) {
      lastUnclear = Optional.of(now);
    }
  }

  /** Whether the token's own answer was that its instance does not run. */
  public boolean hasEnded(Attempt attempt) {
    return ended.stream().anyMatch(attempt::sharesTokenWith);
  }

  /**
   * Whether EC2's last word on the token that started the instance is that it does not run, or is
   * still to come with the next answer to that token. DescribeInstances can show it as it was.
   */
  public boolean tokenTells(TaggedInstance instance) {
    return ended.stream().anyMatch(instance::isOf)
        || (!isRefusedUnlooked && asked.filter(instance::isOf).isPresent());
  }

  /** Whether an answer to this attempt was lost in this delivery. */
  public boolean lacksAnswer(Attempt attempt) {
    return asked.filter(attempt::isSameAs).isPresent() && lastUnclear.isPresent();
  }

  /**
   * Whether an earlier call of the state's attempt, whose answer nobody here has seen, may have
   * started an instance.
   */
  public boolean mayHaveStartedUnseen(LaunchState state) {
    return ownAttempt.filter(state.attempt()::isSameAs).isEmpty() || lacksAnswer(state.attempt());
  }

  /** Whether EC2 would by now show what such a call has started. */
  public boolean wouldBeShown(LaunchState state, Instant now) {
    boolean others =
        ownAttempt.filter(state.attempt()::isSameAs).isPresent()
            || isPast(state.since(), OTHERS_SHOWN_WITHIN, now);
    return others && (!lacksAnswer(state.attempt()) || isLongAgo(lastUnclear, now));
  }

  /** Whether EC2 has shown nothing for the last attempt for long enough, counted from here on. */
  public boolean isUnshownForLong(Instant now) {
    if (unshownSince.isEmpty()) {
      unshownSince = Optional.of(now);
    }
    return isLongAgo(unshownSince, now);
  }

  private static boolean isLongAgo(Optional<Instant> moment, Instant now) {
    return isPast(moment, SHOWN_WITHIN, now);
  }

  private static boolean isPast(Optional<Instant> moment, Duration time, Instant now) {
    return moment.map(then -> !now.isBefore(then.plus(time))).orElse(true);
  }

  /** Whether the request has given way to today's before; asking uses it up. */
  public boolean mayRenewRequest() {
    boolean may = !hasRenewedRequest;
    hasRenewedRequest = true;
    return may;
  }

  public void decide(Attempt about, Decision decision) {
    decided = Optional.of(new Decided(about, decision));
  }

  public void owns(StartedInstance instance) {
    if (!started.contains(instance)) {
      started.add(instance);
    }
  }

  /** What was decided about the attempt that the row holds now, if anything. */
  public Optional<Decision> decision(LaunchState state) {
    return decided.filter(made -> made.about().isSameAs(state.attempt())).map(Decided::decision);
  }

  /** Why there is no instance, in EC2's words. */
  public Optional<Refusal> refusal() {
    return decided.flatMap(made ->
        switch (made.decision()) {
          case Retry(Refusal refusal) -> Optional.of(refusal);
          case Fail(Refusal refusal) -> Optional.of(refusal);
          case RecordInstance _, NextAttempt _ -> Optional.empty();
        });
  }

  /** The instances of this role that this delivery started and has not handed over to end. */
  public List<StartedInstance> started() {
    return List.copyOf(started);
  }

  public void disowns(StartedInstance instance) {
    started.remove(instance);
  }
}
