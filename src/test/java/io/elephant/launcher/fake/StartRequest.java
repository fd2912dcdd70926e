package io.elephant.launcher.fake;

import java.util.Map;

/**
 * One RunInstances call, as far as EC2's rules depend on it.
 *
 * @param token empty for a call without one
 * @param parameters all that must be the same when the token comes back
 */
public record StartRequest(String token, Pool pool, Object parameters, Map<String, String> tags) {

  /** Where instances of a type come from. */
  public record Pool(String zone, String instanceType) {}

  public StartRequest {
    tags = Map.copyOf(tags);
  }
}
