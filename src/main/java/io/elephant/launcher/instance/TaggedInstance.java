package io.elephant.launcher.instance;

import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An instance that is not terminated and says of itself, by its tags, for whom this stack started
 * it.
 *
 * @param running whether it is pending or running, and not stopped or stopping
 * @param token the client token that started it, as EC2 shows it
 */
public record TaggedInstance(
    InstanceId id,
    MeetingId meeting,
    Role role,
    Instant launched,
    boolean running,
    Optional<ClientToken> token) {

  /** The number of the attempt that started it, where its token is one of its meeting and role. */
  public OptionalInt attempt() {
    return token.map(one -> one.attemptOf(meeting, role)).orElse(OptionalInt.empty());
  }
}
