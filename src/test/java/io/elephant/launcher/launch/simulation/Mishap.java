package io.elephant.launcher.launch.simulation;

import java.util.List;

/** What can go wrong with one call. */
enum Mishap {
  NONE("", false),
  /** More calls than AWS allows: there is an error at once, and nothing is done. */
  THROTTLED("throttled", false),
  /** The request never arrives; the caller times out. */
  REQUEST_LOST("request lost", false),
  /** The work is done; the caller times out. */
  ANSWER_LOST("answer lost", false),
  /** The caller times out, and the request takes effect at any time after that. */
  LATE("accepted late", false),
  /** The client sends it twice, and the answer is the second one's. */
  REPEATED("sent twice by the client", false),
  /** The client sends it twice; the answer is the first one's, the second takes effect later. */
  REPEATED_LATE("sent twice by the client, once late", false),
  /** EC2 refuses it for a reason that is no fault of the zone; somebody will fix that. */
  REFUSED("refused", false),
  /** EC2 refuses this candidate, before it looks at the token. */
  CANDIDATE_REFUSED("candidate refused", false),
  /** The work is done; the answer comes as late as the client waits for it. */
  SLOW("answered slowly", false),
  /** The work is done and the answer read; then the process stands still for minutes. */
  FROZEN("frozen after it", false),
  /** EC2's view lags behind: the answer shows nothing. */
  EMPTY("shown nothing yet", false),
  /** The process's credentials have expired, for this call and every later one. */
  EXPIRED("credentials expired", false),
  /** The process dies, its request unsent. */
  KILLED_BEFORE("killed before it", true),
  /** The process dies, the work done and the answer unread. */
  KILLED_AFTER("killed after it", true),
  /** The process dies while the request is on its way; that takes effect at any time after that. */
  KILLED_LATE("killed, and accepted late", true);

  /** A read has no effect that could come late or twice. */
  static final List<Mishap> OF_READS = List.of(THROTTLED, ANSWER_LOST, EXPIRED, KILLED_BEFORE);

  static final List<Mishap> OF_WRITES =
      List.of(
          THROTTLED,
          REQUEST_LOST,
          ANSWER_LOST,
          LATE,
          REPEATED,
          REPEATED_LATE,
          EXPIRED,
          KILLED_BEFORE,
          KILLED_AFTER,
          KILLED_LATE);

  /** RunInstances is never repeated by the client. */
  static final List<Mishap> OF_RUNS =
      List.of(
          THROTTLED,
          REQUEST_LOST,
          ANSWER_LOST,
          LATE,
          REFUSED,
          CANDIDATE_REFUSED,
          SLOW,
          FROZEN,
          EXPIRED,
          KILLED_BEFORE,
          KILLED_AFTER,
          KILLED_LATE);

  static final List<Mishap> OF_TERMINATIONS =
      List.of(
          THROTTLED,
          REQUEST_LOST,
          ANSWER_LOST,
          LATE,
          EXPIRED,
          KILLED_BEFORE,
          KILLED_AFTER,
          KILLED_LATE);

  static final List<Mishap> OF_DESCRIBES = List.of(THROTTLED, EMPTY, EXPIRED, KILLED_BEFORE);

  private final String words;
  private final boolean kills;

  Mishap(String words, boolean kills) {
    this.words = words;
    this.kills = kills;
  }

  /** Where time stands still, it is as if nothing had gone wrong. */
  boolean onlyTakesTime() {
    return this == SLOW || this == FROZEN;
  }

  boolean kills() {
    return kills;
  }

  @Override
  public String toString() {
    return words;
  }
}
