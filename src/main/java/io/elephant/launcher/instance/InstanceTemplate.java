package io.elephant.launcher.instance;

import io.elephant.launcher.instance.LaunchRequest.LaunchTemplate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What every instance has in common, as configured today. */
public record InstanceTemplate(
    String imageId,
    String keyName,
    List<String> securityGroupIds,
    String instanceProfile,
    RootVolume rootVolume,
    ImdsTokens imdsTokens,
    Optional<LaunchTemplate> launchTemplate,
    String project,
    String stack) {

  /**
   * The tag that names the stack that an instance belongs to, for the sweep and for IAM policies.
   */
  public static final String STACK_TAG = "LaunchedBy";

  public InstanceTemplate {
    securityGroupIds = List.copyOf(securityGroupIds);
  }

  /** The request for a role's instance. */
  public LaunchRequest request(MeetingId meeting, Role role, Candidate candidate) {
    return new LaunchRequest(
        candidate,
        imageId,
        keyName,
        securityGroupIds,
        instanceProfile,
        rootVolume,
        imdsTokens,
        launchTemplate,
        Map.of(
            "Name",
            meeting + "_" + role,
            "MeetingID",
            meeting.value(),
            "Role",
            role.value(),
            "Project",
            project,
            STACK_TAG,
            stack));
  }
}
