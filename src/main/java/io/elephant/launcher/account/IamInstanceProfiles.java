package io.elephant.launcher.account;

import io.elephant.launcher.aws.PreflightCalls;
import io.elephant.launcher.preflight.InstanceProfiles;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.Role;

/**
 * The account's instance profiles at IAM.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetInstanceProfile.html">GetInstanceProfile</a>
 */
public final class IamInstanceProfiles implements InstanceProfiles {

  private final IamClient iam;

  public IamInstanceProfiles(IamClient iam) {
    this.iam = iam;
  }

  @Override
  public Optional<List<String>> roles(String profile) {
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
}
