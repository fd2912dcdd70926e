package io.elephant.launcher.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Roles whose client tokens could be one. A token is the meeting's id, a hyphen and the role, and
 * from the second attempt on a hyphen and a number; ids and roles may have hyphens and digits
 * themselves.
 */
final class TokenClash {

  private TokenClash() {}

  /** Two attempts that would have one token, in words, if there are such. */
  static Optional<String> of(List<String> roles) {
    Stream<String> numbers =
        roles.stream()
            .filter(role -> role.matches("[0-9]+"))
            .map("\"%s\" looks like the number of an attempt"::formatted);
    Stream<String> clashes =
        roles.stream()
            .flatMap(one ->
                roles.stream()
                    .filter(other -> clash(one, other))
                    .map(other ->
                        "an attempt for \"%s\" and one for \"%s\" could have the same client token"
                            .formatted(other, one)));
    return Stream.concat(numbers, clashes).findFirst();
  }

  /** Whether an attempt for one role can have the token of one for the other, of some meetings. */
  private static boolean clash(String one, String other) {
    String unnumbered = one.replaceFirst("-[0-9]+$", "");
    return (!one.equals(other) && one.endsWith("-" + other))
        || (!unnumbered.equals(one)
            && (unnumbered.equals(other)
                || unnumbered.endsWith("-" + other)
                || other.endsWith("-" + unnumbered)));
  }
}
