package io.elephant.launcher.instance;

import io.elephant.launcher.instance.LaunchRequest.LaunchTemplate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What every instance has in common, as configured today.
 *
 * @param tags the organization's own
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
    String project,
    String stack,
    Map<String, String> tags,
    boolean metadataTags) {

  /**
   * The tag that names the stack that an instance belongs to, for the sweep and for IAM policies.
   */
  public static final String STACK_TAG = "LaunchedBy";

  /** The keys of the tags that each instance gets beside the organization's own. */
  public static final List<String> TAG_KEYS =
      List.of("Name", "MeetingID", "Role", "Project", STACK_TAG);

  public InstanceTemplate {
    securityGroupIds = List.copyOf(securityGroupIds);
    tags = Map.copyOf(tags);
  }

  /** The request for a role's instance. */
  public LaunchRequest request(MeetingId meeting, Role role, Candidate candidate) {
    Map<String, String> all = new HashMap<>(tags);
    all.put("Name", meeting + "_" + role);
    all.put("MeetingID", meeting.value());
    all.put("Role", role.value());
    all.put("Project", project);
    all.put(STACK_TAG, stack);
    return new LaunchRequest(
        candidate,
        imageId,
        keyName,
        securityGroupIds,
        instanceProfile,
        rootVolume,
        imdsTokens,
        launchTemplate,
        all,
        metadataTags);
  }
}
