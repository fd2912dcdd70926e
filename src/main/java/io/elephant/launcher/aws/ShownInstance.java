package io.elephant.launcher.aws;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.instance.ClientToken;
import io.elephant.launcher.instance.FoundInstance;
import io.elephant.launcher.instance.InstanceId;
import io.elephant.launcher.instance.InstanceTemplate;
import io.elephant.launcher.instance.MeetingId;
import io.elephant.launcher.instance.Role;
import io.elephant.launcher.instance.RunResult;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.instance.Zone;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceState;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.Placement;
import software.amazon.awssdk.services.ec2.model.Tag;

/** An instance as an answer of EC2's shows it. */
record ShownInstance(Instance instance) {

  private static final Set<InstanceStateName> DEAD =
      Set.of(InstanceStateName.SHUTTING_DOWN, InstanceStateName.TERMINATED);
  private static final Set<InstanceStateName> STOPPED =
      Set.of(InstanceStateName.STOPPING, InstanceStateName.STOPPED);

  /** One that runs, then one that is stopped, then one that is dead. */
  static final Comparator<ShownInstance> RUNNING_FIRST =
      Comparator.<ShownInstance>comparingInt(
          shown -> shown.isDead() ? 2 : shown.isStopped() ? 1 : 0);

  static boolean isDead(@Nullable InstanceState state) {
    return state != null && DEAD.contains(state.name());
  }

  private boolean isDead() {
    return isDead(instance.state());
  }

  private boolean isStopped() {
    InstanceState state = instance.state();
    return state != null && STOPPED.contains(state.name());
  }

  private InstanceId id() {
    return new InstanceId(instance.instanceId());
  }

  /** A repeated token can bring back its instance in the state that it has come to since. */
  RunResult result() {
    if (isDead()) {
      return new RunResult.Dead(why(), Optional.ofNullable(instance.launchTime()));
    }
    return isStopped() ? new RunResult.Stopped(id(), why()) : new RunResult.Started(id());
  }

  FoundInstance found() {
    if (isDead()) {
      return new FoundInstance.Dead(id(), instance.launchTime(), why());
    }
    return isStopped() ? new FoundInstance.Stopped(id()) : new FoundInstance.Alive(id());
  }

  /** Nothing for tags that this stack cannot have written. */
  Optional<TaggedInstance> ofStack(Stack stack) {
    return tagged()
        .filter(_ -> hasTag("Project", stack.project()))
        .filter(_ -> hasTag(InstanceTemplate.STACK_TAG, stack.name()));
  }

  private boolean hasTag(String key, String value) {
    return instance.tags().stream()
        .anyMatch(tag -> key.equals(tag.key()) && value.equals(tag.value()));
  }

  /** Nothing for tags that this function cannot have written. */
  Optional<TaggedInstance> tagged() {
    Map<String, String> tags =
        instance.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value));
    try {
      return Optional.of(
          new TaggedInstance(
              id(),
              new MeetingId(tags.getOrDefault("MeetingID", "")),
              new Role(tags.getOrDefault("Role", "")),
              instance.launchTime(),
              !isDead() && !isStopped(),
              Optional.ofNullable(instance.clientToken())
                  .filter(token -> !token.isEmpty())
                  .map(ClientToken::new),
              Optional.ofNullable(instance.placement())
                  .map(Placement::availabilityZone)
                  .map(Zone::new),
              isDead() ? Optional.of(why()) : Optional.empty()));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /**
   * Why it does not run: the state's reason, whose message repeats its code; or else the reason for
   * its transition, such as "User initiated".
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html">StateReason</a>
   */
  private Refusal why() {
    String none = isDead() ? "InstanceTerminated" : "InstanceStopped";
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
                none,
                Optional.ofNullable(instance.stateTransitionReason())
                    .filter(reason -> !reason.isEmpty())
                    .orElse(id() + " does not run")));
  }
}
