package io.elephant.launcher.instance;

import io.elephant.launcher.id.MeetingId;
import io.elephant.launcher.id.Role;

/**
 * What makes a RunInstances call safe to repeat: EC2 starts one instance per token and zone. At
 * most 64 characters.
 *
 * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html">Ensuring
 *     idempotency in Amazon EC2 API requests</a>
 */
public record ClientToken(String value) {

  private static final int MAX_LENGTH = 64;

  public ClientToken {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a client token has 1 to " + MAX_LENGTH + " characters");
    }
  }

  /** The token of a role's attempt; the first one's has no number. */
  public static ClientToken of(MeetingId meeting, Role role, int number) {
    return new ClientToken(meeting + "-" + role + (number == 0 ? "" : "-" + number));
  }

  @Override
  public String toString() {
    return value;
  }
}
