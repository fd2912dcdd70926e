package io.elephant.launcher.fake;

import io.elephant.launcher.fake.InstanceView.State;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** An instance that was started once, with the times at which its life changes. */
public final class Ec2Instance {

  private static final long NEVER = Long.MAX_VALUE;

  private final String id;
  private final StartRequest request;
  private final long started;
  private final long running;
  private final Map<String, String> tags;
  private long stopping = NEVER;
  private long stopped = NEVER;
  private long dying = NEVER;
  private long terminated = NEVER;
  private long untagged = NEVER;
  private long unknownUntil;
  private long older;
  private boolean isProtected;
  private Optional<Ec2Error> reason = Optional.empty();
  private String oldReason = "";

  Ec2Instance(String id, StartRequest request, long started, long startsWithin) {
    this.id = id;
    this.request = request;
    this.started = started;
    this.running = started + startsWithin;
    this.tags = new HashMap<>(request.tags());
  }

  public String id() {
    return id;
  }

  public StartRequest request() {
    return request;
  }

  /** When it was started, by the model's clock. */
  public long started() {
    return started;
  }

  /** When its end began; the far future for one that lives. */
  public long dying() {
    return dying;
  }

  /** When it was stopped; the far future for one that was not. */
  public long stopping() {
    return stopping;
  }

  public long terminated() {
    return terminated;
  }

  public State stateAt(long time) {
    if (time >= dying) {
      return time >= terminated ? State.TERMINATED : State.SHUTTING_DOWN;
    }
    if (time >= stopping) {
      return time >= stopped ? State.STOPPED : State.STOPPING;
    }
    return time >= running ? State.RUNNING : State.PENDING;
  }

  /** Its end was not begun; it may be stopped. */
  public boolean isAlive() {
    return dying == NEVER;
  }

  public boolean isStopped() {
    return stopping != NEVER;
  }

  public Optional<Ec2Error> reason() {
    return reason;
  }

  public String oldReason() {
    return oldReason;
  }

  /** A tagger of the account changes its tags. */
  public void tag(String name, String value) {
    tags.put(name, value);
  }

  /** Whether its tags are taken off it some time after its end: its ClientToken stays. */
  public void losesTagsAt(long time) {
    untagged = time;
  }

  /** EC2 does not know the id yet that it has given. */
  public void unknownUntil(long time) {
    unknownUntil = time;
  }

  /** It was started so many milliseconds earlier, as far as EC2 shows it. */
  public void age(long by) {
    older += by;
  }

  public void protect(boolean on) {
    isProtected = on;
  }

  boolean isKnownAt(long time) {
    return time >= unknownUntil;
  }

  boolean isProtected() {
    return isProtected;
  }

  void stop(long time, long within, Optional<Ec2Error> why, String oldWhy) {
    if (!isStopped() && isAlive()) {
      stopping = time;
      stopped = time + within;
      reason = why;
      oldReason = oldWhy;
    }
  }

  void end(long time, long within, Optional<Ec2Error> why, String oldWhy) {
    if (isAlive()) {
      dying = time;
      terminated = time + within;
      reason = why;
      oldReason = oldWhy;
    }
  }

  InstanceView viewAt(long time, long skew) {
    State state = stateAt(time);
    boolean live = state == State.PENDING || state == State.RUNNING;
    return new InstanceView(
        id,
        state,
        request,
        time >= untagged ? Map.of() : Map.copyOf(tags),
        started - older + skew,
        live ? Optional.empty() : reason,
        live ? "" : oldReason);
  }
}
