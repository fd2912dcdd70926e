package io.elephant.launcher.instance;

import io.elephant.launcher.failure.Refusal;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An instance as an answer of EC2's shows it.
 *
 * @param owner for whom this stack started it, as its tags say; absent where it has lost them, as
 *     EC2 gradually takes them off a terminated instance
 * @param token the client token that started it, which stays
 * @param launched by EC2's clock
 */
public record Ec2Instance(
    InstanceId id,
    Optional<Owner> owner,
    Optional<ClientToken> token,
    Optional<Zone> zone,
    Instant launched,
    State state) {

  /** The meeting and the role that an instance is for. */
  public record Owner(MeetingId meeting, Role role) {}

  /** Whether it runs, and if not, why: EC2's {@code StateReason}. */
  public sealed interface State {

    /** It is pending or running. */
    record Running() implements State {}

    /** It is stopping or stopped. */
    record Stopped(Refusal why) implements State {}

    /** It is shutting down or terminated. EC2 shows it for about an hour. */
    record Terminated(Refusal why) implements State {}

    /** Why it does not run, where it does not. */
    default Optional<Refusal> reason() {
      return switch (this) {
        case Running() -> Optional.empty();
        case Stopped(Refusal why) -> Optional.of(why);
        case Terminated(Refusal why) -> Optional.of(why);
      };
    }
  }

  public boolean runs() {
    return state instanceof State.Running;
  }

  public boolean isTerminated() {
    return state instanceof State.Terminated;
  }

  /** Whether its tags say that it is for this role. */
  public boolean isFor(Role role) {
    return owner.filter(one -> one.role().equals(role)).isPresent();
  }

  /** The number of the attempt that started it, where its token is one of its meeting and role. */
  public OptionalInt attempt() {
    return owner
        .flatMap(one -> token.map(started -> started.attemptOf(one.meeting(), one.role())))
        .orElse(OptionalInt.empty());
  }

  /** Whether the attempt's token has started it; a token counts within one zone. */
  public boolean isOf(Attempt attempt) {
    return token.filter(attempt.token()::equals).isPresent()
        && zone.filter(attempt.zone()::equals).isPresent();
  }
}
