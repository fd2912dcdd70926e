package io.elephant.launcher.instance;

import java.util.Map;

/**
 * Everything that one RunInstances call says, but its token. EC2 refuses a token that comes back
 * with other parameters, so a request is written into the meeting's row before it is first sent,
 * and every repetition sends what was written, not what is configured by then.
 */
public record LaunchRequest(
    Candidate candidate, InstanceTemplate template, Map<String, String> tags) {

  public LaunchRequest {
    tags = Map.copyOf(tags);
  }
}
