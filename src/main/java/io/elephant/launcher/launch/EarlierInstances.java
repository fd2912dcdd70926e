package io.elephant.launcher.launch;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.failure.OutOfTime;
import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.Role;
import io.elephant.launcher.instance.StartedInstance;
import io.elephant.launcher.instance.TaggedInstance;
import io.elephant.launcher.meeting.LaunchState;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The instances of a meeting as their tags say it. The row is not the only memory: where it was
 * restored from a backup, or its launch record was removed, the tags still tell what runs.
 */
final class EarlierInstances {

  private final Optional<List<TaggedInstance>> shown;

  /** Waits for the look. */
  EarlierInstances(Invocation.Pending<List<TaggedInstance>> look) {
    this.shown = shown(look);
  }

  private static Optional<List<TaggedInstance>> shown(
      Invocation.Pending<List<TaggedInstance>> look) {
    try {
      return Optional.of(look.get());
    } catch (InstancesFailed | OutOfTime e) {
      return Optional.empty();
    }
  }

  /** Whether there is, or may be, another instance of the role than these. */
  boolean showsAnother(Role role, Collection<InstanceId> own) {
    return shown
        .map(all ->
            all.stream()
                .anyMatch(instance -> instance.role().equals(role) && !own.contains(instance.id())))
        .orElse(true);
  }

  /**
   * The oldest running instance of the role that this launch has not left behind; where the launch
   * has one of its own, only one from before the launch.
   *
   * @param known those whose tokens tell what they are: what is shown can be older
   */
  Optional<StartedInstance> of(
      Role role, LaunchState state, Collection<InstanceId> own, Predicate<TaggedInstance> known) {
    return shown.orElse(List.of()).stream()
        .filter(instance -> instance.role().equals(role) && instance.running())
        .filter(instance -> !own.contains(instance.id()))
        .filter(instance -> !known.test(instance))
        .filter(instance -> instance.attempt().stream().noneMatch(state::hasLeft))
        .filter(instance -> own.isEmpty() || state.isOlderThanLaunch(instance.launched()))
        .min(Comparator.comparing(TaggedInstance::launched))
        .map(instance ->
            new StartedInstance(
                role,
                state.attempt(),
                instance.id(),
                instance.attempt().orElse(-1) != state.attempt().number()));
  }
}
