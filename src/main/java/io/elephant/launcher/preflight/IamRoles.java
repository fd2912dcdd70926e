package io.elephant.launcher.preflight;

import io.elephant.launcher.aws.PreflightCalls;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.Role;

/**
 * The account's roles at IAM.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetInstanceProfile.html">GetInstanceProfile</a>
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html">GetRole</a>
 */
public final class IamRoles implements Roles {

  private final IamClient iam;

  public IamRoles(IamClient iam) {
    this.iam = iam;
  }

  /**
   * The region that requests to the partition's one IAM are signed for, wherever it is reached.
   *
   * @see <a href="https://docs.aws.amazon.com/general/latest/gr/iam-service.html">AWS Identity and
   *     Access Management endpoints and quotas</a>
   */
  public static Region region(Region any) {
    return switch (PartitionMetadata.of(any).id()) {
      case "aws" -> Region.US_EAST_1;
      case "aws-cn" -> Region.CN_NORTH_1;
      case "aws-us-gov" -> Region.US_GOV_WEST_1;
      // Partitions of one region.
      default -> any;
    };
  }

  @Override
  public Optional<List<String>> ofProfile(String profile) {
    return PreflightCalls.find(
        "iam:GetInstanceProfile",
        () ->
            iam
                .getInstanceProfile(request -> request.instanceProfileName(profile))
                .instanceProfile()
                .roles()
                .stream()
                .map(Role::roleName)
                .toList());
  }

  @Override
  public boolean has(String role) {
    return PreflightCalls.find(
            "iam:GetRole", () -> iam.getRole(request -> request.roleName(role)).role())
        .isPresent();
  }
}
