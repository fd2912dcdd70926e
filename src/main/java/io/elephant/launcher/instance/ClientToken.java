package io.elephant.launcher.instance;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What makes a RunInstances call safe to repeat: EC2 starts one instance per token and zone. At
 * most 64 characters.
 *
 * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html">Ensuring
 *     idempotency in Amazon EC2 API requests</a>
 */
public record ClientToken(String value) {

  private static final int MAX_LENGTH = 64;
  private static final String NUMBER = "(?:-([1-9][0-9]{0,4}))?";

  public ClientToken {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a client token has 1 to " + MAX_LENGTH + " characters");
    }
  }

  /** The token of a role's attempt; the first one's has no number. */
  public static ClientToken of(MeetingId meeting, Role role, int number) {
    return new ClientToken(meeting + "-" + role + (number == 0 ? "" : "-" + number));
  }

  /**
   * Whether an attempt for one role can have the token of one for the other, of some meetings: ids
   * and roles may have hyphens and digits themselves.
   */
  public static boolean mayBeOf(Role one, Role other) {
    String whole = "-" + one;
    String end = "-" + other;
    String unnumbered = whole.replaceFirst("-[0-9]+$", "");
    return (!one.equals(other) && whole.endsWith(end))
        || (!unnumbered.equals(whole) && (unnumbered.endsWith(end) || end.endsWith(unnumbered)));
  }

  /** The number of the attempt whose token this is, if it is one of this meeting's and role's. */
  public OptionalInt attemptOf(MeetingId meeting, Role role) {
    Matcher token = Pattern.compile(meeting + "-" + role + NUMBER).matcher(value);
    if (!token.matches()) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(token.group(1) == null ? 0 : Integer.parseInt(token.group(1)));
  }

  /** The meeting that this token is for, if it is one of a meeting's role. */
  public Optional<MeetingId> meetingOf(Role role) {
    Matcher token = Pattern.compile("(.+?)-" + role + NUMBER).matcher(value);
    return token.matches() ? MeetingId.parse(token.group(1)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
