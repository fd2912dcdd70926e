package io.elephant.launcher.launch;

import java.util.List;
import java.util.Map;

/** What every machine has in common, as configured today. */
public record MachineTemplate(
    String imageId,
    String instanceType,
    String keyName,
    List<String> securityGroupIds,
    String instanceProfile,
    RootVolume rootVolume,
    String project) {

  public MachineTemplate {
    securityGroupIds = List.copyOf(securityGroupIds);
  }

  /** The request for a role's machine in a subnet. */
  LaunchRequest request(MeetingId meeting, Role role, Subnet subnet) {
    return new LaunchRequest(
        subnet,
        imageId,
        instanceType,
        keyName,
        securityGroupIds,
        instanceProfile,
        rootVolume,
        Map.of(
            "Name",
            meeting + "_" + role,
            "MeetingID",
            meeting.value(),
            "Role",
            role.value(),
            "Project",
            project));
  }
}
