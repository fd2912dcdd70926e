package io.elephant.launcher.instance;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What makes a RunInstances call safe to repeat: EC2 starts one instance per token and zone. At
 * most 64 characters.
 *
 * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html">Ensuring
 *     idempotency in Amazon EC2 API requests</a>
 */
public record ClientToken(String value) {

  private static final int MAX_LENGTH = 64;
  private static final Pattern NUMBERED = Pattern.compile("-[1-9][0-9]{0,4}$");
  private static final Pattern NUMBER = Pattern.compile("-([1-9][0-9]{0,4})");

  public ClientToken {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a client token has 1 to " + MAX_LENGTH + " characters");
    }
  }

  /** The token of a role's attempt; the first one's has no number. */
  public static ClientToken of(MeetingId meeting, Role role, int number) {
    return new ClientToken(meeting + "-" + role + (number == 0 ? "" : "-" + number));
  }

  /** The number of the attempt whose token this is, if it is one of this meeting's and role's. */
  public OptionalInt attemptOf(MeetingId meeting, Role role) {
    String first = of(meeting, role, 0).value;
    if (value.equals(first)) {
      return OptionalInt.of(0);
    }
    if (!value.startsWith(first)) {
      return OptionalInt.empty();
    }
    Matcher number = NUMBER.matcher(value.substring(first.length()));
    return number.matches()
        ? OptionalInt.of(Integer.parseInt(number.group(1)))
        : OptionalInt.empty();
  }

  /** The meeting that this token is for, if it is one of a meeting's role. */
  public Optional<MeetingId> meetingOf(Role role) {
    String first = NUMBERED.matcher(value).replaceFirst("");
    return Stream.of(first, value)
        .filter(one -> one.endsWith("-" + role))
        .flatMap(one ->
            MeetingId.parse(one.substring(0, one.length() - role.value().length() - 1)).stream())
        .filter(meeting -> attemptOf(meeting, role).isPresent())
        .findFirst();
  }

  @Override
  public String toString() {
    return value;
  }
}
