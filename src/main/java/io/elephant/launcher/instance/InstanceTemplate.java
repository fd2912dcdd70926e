package io.elephant.launcher.instance;

import java.util.List;
import java.util.Optional;

/**
 * What every instance has in common, as it was configured when its request was made.
 *
 * @param metadataTags whether the instance's metadata shows its tags
 */
public record InstanceTemplate(
    String imageId,
    String keyName,
    List<String> securityGroupIds,
    String instanceProfile,
    RootVolume rootVolume,
    ImdsTokens imdsTokens,
    Optional<LaunchTemplate> launchTemplate,
    boolean metadataTags) {

  public InstanceTemplate {
    securityGroupIds = List.copyOf(securityGroupIds);
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
