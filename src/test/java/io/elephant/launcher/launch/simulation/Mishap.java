package io.elephant.launcher.launch.simulation;

import static io.elephant.launcher.launch.simulation.Mishap.Call.LOOK;
import static io.elephant.launcher.launch.simulation.Mishap.Call.READ;
import static io.elephant.launcher.launch.simulation.Mishap.Call.RUN;
import static io.elephant.launcher.launch.simulation.Mishap.Call.TERMINATION;
import static io.elephant.launcher.launch.simulation.Mishap.Call.WRITE;

import java.util.List;

/** What can go wrong with one call, and with which calls. */
enum Mishap {
  NONE(""),
  /** More calls than AWS allows: there is an error at once, and nothing is done. */
  THROTTLED("throttled", READ, WRITE, RUN, TERMINATION, LOOK),
  /** The request never arrives; the caller times out. */
  REQUEST_LOST("request lost", WRITE, RUN, TERMINATION),
  /** The work is done; the caller times out. */
  ANSWER_LOST("answer lost", READ, WRITE, RUN, TERMINATION),
  /** The caller times out, and the request takes effect at any time after that. */
  LATE("accepted late", WRITE, RUN, TERMINATION),
  /** The client sends it twice, and the answer is the second one's. RunInstances never is. */
  REPEATED("sent twice by the client", WRITE),
  /** The client sends it twice; the answer is the first one's, the second takes effect later. */
  REPEATED_LATE("sent twice by the client, once late", WRITE),
  /** EC2 refuses it for a reason that is no fault of the zone; somebody will fix that. */
  REFUSED("refused", RUN),
  /** EC2 refuses this candidate, before it looks at the token. */
  CANDIDATE_REFUSED("candidate refused", RUN),
  /** The work is done; the answer comes as late as the client waits for it. */
  SLOW("answered slowly", RUN),
  /** The work is done and the answer read; then the process stands still for minutes. */
  FROZEN("frozen after it", RUN),
  /** EC2's view lags behind: the answer shows nothing. */
  EMPTY("shown nothing yet", LOOK),
  /** The process's credentials have expired, for this call and every later one. */
  EXPIRED("credentials expired", READ, WRITE, RUN, TERMINATION, LOOK),
  /** The process dies, its request unsent. */
  KILLED_BEFORE("killed before it", READ, WRITE, RUN, TERMINATION, LOOK),
  /** The process dies, the work done and the answer unread. */
  KILLED_AFTER("killed after it", WRITE, RUN, TERMINATION),
  /** The process dies while the request is on its way; that takes effect at any time after that. */
  KILLED_LATE("killed, and accepted late", WRITE, RUN, TERMINATION);

  /** The kinds of calls. A read has no effect that could come late or twice. */
  enum Call {
    READ,
    WRITE,
    RUN,
    TERMINATION,
    LOOK
  }

  private final String words;

  @SuppressWarnings("ImmutableEnumChecker") // Of List.of.
  private final List<Call> calls;

  Mishap(String words, Call... calls) {
    this.words = words;
    this.calls = List.of(calls);
  }

  boolean canHappenTo(Call call) {
    return calls.contains(call);
  }

  @Override
  public String toString() {
    return words;
  }
}
