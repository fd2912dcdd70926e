package io.elephant.launcher.instance;

import io.elephant.launcher.failure.InstancesFailed;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * EC2. Every method but {@link #run} and {@link #terminate} throws {@link InstancesFailed} where
 * EC2 does not answer or refuses. EC2's view lags: what is not shown may be there all the same.
 */
public interface Instances {

  /** The default subnets in these zones, in no particular order; a zone may have none. */
  List<Subnet> subnets(Collection<Zone> zones);

  /** Sends the attempt's request under its token, once. */
  RunResult run(Attempt attempt);

  /**
   * The instance that this attempt's token started in its zone for its meeting and role, if EC2
   * shows one; one that runs before one that does not.
   */
  Optional<FoundInstance> find(Attempt attempt);

  /** The instances that carry this stack's tags and this meeting's, and are not terminated. */
  List<TaggedInstance> ofMeeting(MeetingId meeting);

  /** The instances that carry every tag of this stack, and are not terminated. */
  List<TaggedInstance> ofStack();

  /** The instance with this id, if EC2 shows it and it carries every tag of this stack. */
  Optional<TaggedInstance> ofStack(InstanceId instance);

  /** Terminates an instance; one that is terminated already counts as terminated. */
  Termination terminate(InstanceId instance);
}
