package io.elephant.launcher.account;

import io.elephant.launcher.aws.Question;
import io.elephant.launcher.aws.SignedPost;
import io.elephant.launcher.preflight.InstanceProfiles;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * The account's instance profiles at IAM.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetInstanceProfile.html">GetInstanceProfile</a>
 */
public final class IamInstanceProfiles implements InstanceProfiles {

  private final SignedPost iam;

  /**
   * @param region any region of the partition whose IAM it is
   */
  public IamInstanceProfiles(
      SdkHttpClient http, AwsCredentialsProvider credentials, Region region) {
    this.iam = new SignedPost(http, credentials, service(region));
  }

  /**
   * IAM is one for all regions of a partition.
   *
   * @see <a href="https://docs.aws.amazon.com/general/latest/gr/iam-service.html">AWS Identity and
   *     Access Management endpoints and quotas</a>
   */
  static SignedPost.Service service(Region region) {
    return switch (PartitionMetadata.of(region).id()) {
      case "aws" -> service("us-east-1", "iam.amazonaws.com");
      case "aws-cn" -> service("cn-north-1", "iam.cn-north-1.amazonaws.com.cn");
      case "aws-us-gov" -> service("us-gov-west-1", "iam.us-gov.amazonaws.com");
      // Partitions of one region.
      default -> service(region, Optional.empty());
    };
  }

  private static SignedPost.Service service(String region, String host) {
    return service(Region.of(region), Optional.of(URI.create("https://" + host)));
  }

  private static SignedPost.Service service(Region region, Optional<URI> global) {
    return new SignedPost.Service(
        "iam", region, global, "AWS_ENDPOINT_URL_IAM", "aws.endpointUrlIam");
  }

  @Override
  public Optional<List<String>> roles(String profile) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("Action", "GetInstanceProfile");
    parameters.put("Version", "2010-05-08");
    parameters.put("InstanceProfileName", profile);
    return Question.find(
        "iam:GetInstanceProfile",
        () ->
            iam.query(parameters, "Error")
                .all("GetInstanceProfileResult", "InstanceProfile", "Roles", "member")
                .map(role -> role.text("RoleName"))
                .toList());
  }
}
