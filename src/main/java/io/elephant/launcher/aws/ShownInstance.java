package io.elephant.launcher.aws;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.Ec2Instance.Owner;
import io.elephant.launcher.instance.Ec2Instance.State;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.Zone;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceState;
import software.amazon.awssdk.services.ec2.model.Placement;
import software.amazon.awssdk.services.ec2.model.StateReason;

/** Reads an instance from an answer of EC2's. */
final class ShownInstance {

  private static final String BY_USER = "User initiated";

  private ShownInstance() {}

  /** Nothing for one without an id or a time, of which nobody can tell anything. */
  static Optional<Ec2Instance> read(Instance instance) {
    if (instance.instanceId() == null || instance.launchTime() == null) {
      return Optional.empty();
    }
    return Optional.of(
        new Ec2Instance(
            new InstanceId(instance.instanceId()),
            owner(instance),
            Optional.ofNullable(instance.clientToken())
                .filter(token -> !token.isEmpty())
                .map(ClientToken::new),
            Optional.ofNullable(instance.placement())
                .map(Placement::availabilityZone)
                .map(Zone::new),
            instance.launchTime(),
            state(instance)));
  }

  /** The tag's value, which may be empty; nothing where it has no such tag. */
  static Optional<String> tag(Instance instance, String key) {
    return instance.tags().stream()
        .filter(tag -> tag.key().equals(key))
        .map(tag -> tag.value() == null ? "" : tag.value())
        .findFirst();
  }

  static boolean isTerminated(@Nullable InstanceState state) {
    return state != null
        && switch (state.name()) {
          case SHUTTING_DOWN, TERMINATED -> true;
          default -> false;
        };
  }

  private static State state(Instance instance) {
    if (isTerminated(instance.state())) {
      return new State.Terminated(why(instance, "InstanceTerminated"));
    }
    return instance.state() == null
        ? new State.Running()
        : switch (instance.state().name()) {
          case STOPPING, STOPPED -> new State.Stopped(why(instance, "InstanceStopped"));
          default -> new State.Running();
        };
  }

  /** Nothing for tags that this function cannot have written. */
  private static Optional<Owner> owner(Instance instance) {
    try {
      return Optional.of(
          new Owner(
              new MeetingId(tag(instance, "MeetingID").orElse("")),
              new Role(tag(instance, "Role").orElse(""))));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /**
   * Why it does not run: the state's reason, whose message repeats its code; where EC2 gives none,
   * the older reason for its transition, such as {@code User initiated (2026-11-29 10:00:00 GMT)}.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html">StateReason</a>
   */
  private static Refusal why(Instance instance, String codeOtherwise) {
    StateReason reason = instance.stateReason();
    if (reason != null && reason.code() != null) {
      String message = String.valueOf(reason.message());
      String code = reason.code() + ": ";
      return new Refusal(
          reason.code(), message.startsWith(code) ? message.substring(code.length()) : message);
    }
    String transition =
        Optional.ofNullable(instance.stateTransitionReason())
            .filter(text -> !text.isEmpty())
            .orElse(instance.instanceId() + " does not run");
    return new Refusal(
        transition.startsWith(BY_USER) ? "Client.UserInitiatedShutdown" : codeOtherwise,
        transition);
  }
}
