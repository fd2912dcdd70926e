package io.elephant.launcher.launch;

import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.instance.Instances;
import io.elephant.launcher.instance.LaunchPlan;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.meeting.Meetings;

/**
 * The protocol by which every delivery of a meeting's event helps towards the same end: one live
 * instance per role, and its id in the row.
 *
 * <pre>
 * read the row
 *   └ nothing to do, or not to be launched → report
 * claim: write the first attempts into the row, unless another delivery did
 * ask EC2 for every open role's instance, side by side: the attempt's request under its token;
 * beside it, look for instances that carry the meeting's tag (a row can lose its memory)
 *   ├ started                        → record its id, and LAUNCHED with the last one, if the row
 *   │                                  still wants it; else terminate it
 *   ├ no capacity, over quota        → next attempt: the next candidate
 *   ├ refused before the token       → the same, once nothing can have been started unseen
 *   ├ the token's instance is dead   → next attempt, a bounded number of times
 *   ├ the token had another request  → record what it started, or next attempt once it is shown
 *   │                                  dead, or not at all for a minute
 *   ├ unclear                        → retry: the same request again
 *   └ every candidate refused        → fail: LAUNCH_FAILED, and why
 * </pre>
 *
 * <p>There is no lock and no lease. Deliveries meet at the row's conditional writes and at the
 * token: a request is in the row before it is sent, so whoever comes later repeats that very
 * request and gets the same instance. After every write that did not happen, or may not have, the
 * row decides.
 */
public final class Launch {

  private final Meetings meetings;
  private final Instances ec2;
  private final LaunchPlan plan;

  public Launch(Meetings meetings, Instances ec2, LaunchPlan plan) {
    this.meetings = meetings;
    this.ec2 = ec2;
    this.plan = plan;
  }

  /**
   * Launches what the meeting still lacks.
   *
   * @throws LaunchFailure if a wanted instance is not running and recorded at the end, or an
   *     unwanted one is not terminated
   */
  public LaunchReport launch(MeetingId id, Invocation invocation) {
    return new Delivery(id, meetings, ec2, plan, invocation).run();
  }
}
