package io.elephant.launcher.instance;

import io.elephant.launcher.failure.Refusal;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An instance that says of itself, by its tags, for whom this stack started it.
 *
 * @param running whether it is pending or running, and not stopped or stopping
 * @param token the client token that started it, as EC2 shows it
 * @param zone where it runs, as EC2 shows it
 * @param ended EC2's {@code StateReason}, where it is terminated or about to be
 */
public record TaggedInstance(
    InstanceId id,
    MeetingId meeting,
    Role role,
    Instant launched,
    boolean running,
    Optional<ClientToken> token,
    Optional<Zone> zone,
    Optional<Refusal> ended) {

  /** The number of the attempt that started it, where its token is one of its meeting and role. */
  public OptionalInt attempt() {
    return token.map(one -> one.attemptOf(meeting, role)).orElse(OptionalInt.empty());
  }

  /** Whether the attempt's token has started it; a token counts within one zone. */
  public boolean isOf(Attempt attempt) {
    return token.filter(attempt.token()::equals).isPresent()
        && zone.filter(attempt.zone()::equals).isPresent();
  }
}
