package io.elephant.launcher.instance;

import io.elephant.launcher.failure.InstancesFailed;
import io.elephant.launcher.id.InstanceId;
import io.elephant.launcher.id.Zone;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** EC2. Every method but {@link #run} throws {@link InstancesFailed} where EC2 does not do it. */
public interface Instances {

  /** The default subnets in these zones, in no particular order; a zone may have none. */
  List<Subnet> subnets(Collection<Zone> zones);

  /** Sends the attempt's request under its token, once. */
  RunResult run(Attempt attempt);

  /**
   * A live instance that this attempt's token started in its zone for its meeting and role, if EC2
   * shows one. EC2's view lags: nothing found is no proof that nothing was started.
   */
  Optional<InstanceId> find(Attempt attempt);

  /** The live instances that carry every tag of this stack's machines, as far as EC2 shows them. */
  List<TaggedInstance> machines();

  /** Terminates instances; those that are already gone count as terminated. */
  void terminate(Collection<InstanceId> instances);
}
