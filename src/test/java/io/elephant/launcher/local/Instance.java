package io.elephant.launcher.local;

import io.elephant.launcher.fake.InstanceView.State;
import java.time.Instant;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * An instance as it was when it was looked at.
 *
 * @param token the client token that it was started with, if any
 * @param tags the tags on the instance itself
 * @param request every parameter of the RunInstances call that started it, under the names of the
 *     EC2 Query protocol, such as {@code BlockDeviceMapping.1.Ebs.VolumeSize}
 * @param reason why it no longer runs, where EC2 says so
 * @param oldReason why it came to its state, in the older form; empty for one that runs
 */
public record Instance(
    String id,
    Subnet subnet,
    String type,
    String imageId,
    @Nullable String token,
    Map<String, String> tags,
    SequencedMap<String, String> request,
    Instant launchTime,
    State state,
    @Nullable Reason reason,
    String oldReason) {

  /**
   * Why it is in its state, where EC2 says so.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html">StateReason</a>
   */
  public record Reason(String code, String message) {

    static final Reason HOST_FAILED =
        new Reason("Server.InternalError", "Internal error on launch");
  }

  /** The launch that started it, and no other. */
  String reservationId() {
    return id.replaceFirst("i", "r");
  }

  /** The zone that it runs in. */
  public String zone() {
    return subnet.zone();
  }

  /** The value of a tag, or nothing. */
  public @Nullable String tag(String key) {
    return tags.get(key);
  }

  /** Whether it runs, or will, and costs money. */
  public boolean isLive() {
    return state == State.PENDING || state == State.RUNNING;
  }
}
