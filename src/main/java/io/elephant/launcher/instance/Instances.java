package io.elephant.launcher.instance;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * EC2. Every method but {@link #run} and {@link #terminate} throws {@link CallFailed} where EC2
 * does not answer or refuses. EC2's view lags: what is not shown may be there all the same, and
 * what is shown can be older than what was told before.
 *
 * @see <a href="https://docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html">Eventual
 *     consistency in the Amazon EC2 API</a>
 */
public interface Instances {

  /** The default subnets in these zones, in no particular order; a zone may have none. */
  List<Subnet> subnets(Collection<Zone> zones);

  /** Sends the attempt's request under its token, once. */
  RunResult run(Attempt attempt);

  /** The instances in any state that carry this stack's tag and this meeting's. */
  List<Ec2Instance> ofMeeting(MeetingId meeting);

  /** The instances that carry this stack's tag and a meeting's, and are not terminated. */
  List<Ec2Instance> ofStack();

  /**
   * The instance with this id, unless its tags say that it is not this stack's.
   *
   * @return nothing for another's instance
   * @throws CallFailed with {@code UNKNOWN_ID} where EC2 shows none with this id, too
   */
  Optional<Ec2Instance> find(InstanceId instance);

  /** Terminates an instance; one that is terminated already counts as terminated. */
  Termination terminate(InstanceId instance);
}
