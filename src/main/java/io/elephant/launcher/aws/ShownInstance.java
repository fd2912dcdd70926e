package io.elephant.launcher.aws;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.Ec2Instance;
import io.elephant.launcher.instance.Ec2Instance.Owner;
import io.elephant.launcher.instance.Ec2Instance.State;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.Zone;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceState;
import software.amazon.awssdk.services.ec2.model.Placement;

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
            owner(tags(instance)),
            Optional.ofNullable(instance.clientToken())
                .filter(token -> !token.isEmpty())
                .map(ClientToken::new),
            Optional.ofNullable(instance.placement())
                .map(Placement::availabilityZone)
                .map(Zone::new),
            instance.launchTime(),
            state(instance)));
  }

  /**
   * Whether its tags do not say that it is another's: EC2 takes them off a terminated instance one
   * by one.
   */
  static boolean mayBeOf(Instance instance, String stack) {
    String launchedBy = tags(instance).get(InstanceTemplate.STACK_TAG);
    return launchedBy == null ? isTerminated(instance.state()) : launchedBy.equals(stack);
  }

  static boolean isTerminated(@Nullable InstanceState state) {
    return state != null
        && switch (state.name()) {
          case SHUTTING_DOWN, TERMINATED -> true;
          default -> false;
        };
  }

  private static State state(Instance instance) {
    InstanceState state = instance.state();
    return state == null
        ? new State.Running()
        : switch (state.name()) {
          case SHUTTING_DOWN, TERMINATED -> new State.Terminated(why(instance, "Terminated"));
          case STOPPING, STOPPED -> new State.Stopped(why(instance, "Stopped"));
          default -> new State.Running();
        };
  }

  /** A tag without a value has an empty one. */
  private static Map<String, String> tags(Instance instance) {
    Map<String, String> tags = new HashMap<>();
    instance.tags().forEach(tag -> tags.put(tag.key(), tag.value() == null ? "" : tag.value()));
    return tags;
  }

  /** Nothing for tags that this function cannot have written. */
  private static Optional<Owner> owner(Map<String, String> tags) {
    try {
      return Optional.of(
          new Owner(
              new MeetingId(tags.getOrDefault("MeetingID", "")),
              new Role(tags.getOrDefault("Role", ""))));
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
  private static Refusal why(Instance instance, String state) {
    String transition =
        Optional.ofNullable(instance.stateTransitionReason())
            .filter(reason -> !reason.isEmpty())
            .orElse(instance.instanceId() + " does not run");
    return Optional.ofNullable(instance.stateReason())
        .filter(reason -> reason.code() != null)
        .map(reason -> {
          String message = String.valueOf(reason.message());
          String code = reason.code() + ": ";
          return new Refusal(
              reason.code(), message.startsWith(code) ? message.substring(code.length()) : message);
        })
        .orElseGet(() ->
            new Refusal(
                transition.startsWith(BY_USER)
                    ? "Client.UserInitiatedShutdown"
                    : "Instance" + state,
                transition));
  }
}
