package io.elephant.launcher.launch;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** EC2. Every method but {@link #run} throws {@link FleetFailed} where EC2 does not do it. */
public interface Fleet {

  /** The default subnets in these zones, in no particular order; a zone may have none. */
  List<Subnet> subnets(Collection<Zone> zones);

  /** Sends the attempt's request under its token, once. */
  RunResult run(Attempt attempt);

  /**
   * A live instance with this token, if EC2 shows one. EC2's view lags: nothing found is no proof
   * that nothing was started.
   */
  Optional<InstanceId> find(ClientToken token);

  /** Terminates instances; those that are already gone count as terminated. */
  void terminate(Collection<InstanceId> instances);
}
