package io.elephant.launcher.instance;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that one RunInstances call says, but its token. EC2 refuses a token that comes back
 * with other parameters, so a request is written into the meeting's row before it is first sent,
 * and every repetition sends what was written, not what is configured by then.
 *
 * @param metadataTags whether the instance's metadata shows its tags
 */
public record LaunchRequest(
    Candidate candidate,
    String imageId,
    String keyName,
    List<String> securityGroupIds,
    String instanceProfile,
    RootVolume rootVolume,
    ImdsTokens imdsTokens,
    Optional<LaunchTemplate> launchTemplate,
    Map<String, String> tags,
    boolean metadataTags) {

  public LaunchRequest {
    securityGroupIds = List.copyOf(securityGroupIds);
    tags = Map.copyOf(tags);
  }

  /**
   * A version of a launch template at EC2, which has the parameters that the request does not name.
   * It is always a number: {@code $Latest} and {@code $Default} mean another version tomorrow, and
   * a request must mean the same whenever it is repeated.
   */
  public record LaunchTemplate(String id, int version) {

    @Override
    public String toString() {
      return id + ":" + version;
    }
  }
}
