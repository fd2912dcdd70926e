package io.elephant.launcher.fake;

import io.elephant.launcher.failure.Refusal;
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
  private final Map<String, String> tags;
  private long stopping = NEVER;
  private long dying = NEVER;
  private long untagged = NEVER;
  long unknownUntil;
  private long older;
  boolean isProtected;
  private Optional<Refusal> reason = Optional.empty();
  private String oldReason = "";

  Ec2Instance(String id, StartRequest request, long started) {
    this.id = id;
    this.request = request;
    this.started = started;
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

  private State stateAt(long time) {
    if (time >= dying) {
      return State.TERMINATED;
    }
    return time >= stopping ? State.STOPPED : State.RUNNING;
  }

  /** Its end was not begun; it may be stopped. */
  public boolean isAlive() {
    return dying == NEVER;
  }

  public boolean isStopped() {
    return stopping != NEVER;
  }

  public Optional<Refusal> reason() {
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

  void stop(long time, Optional<Refusal> why, String oldWhy) {
    if (!isStopped() && isAlive()) {
      stopping = time;
      reason = why;
      oldReason = oldWhy;
    }
  }

  void end(long time, Optional<Refusal> why, String oldWhy) {
    if (isAlive()) {
      dying = time;
      reason = why;
      oldReason = oldWhy;
    }
  }

  InstanceView viewAt(long time, long skew) {
    State state = stateAt(time);
    boolean live = state == State.RUNNING;
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
