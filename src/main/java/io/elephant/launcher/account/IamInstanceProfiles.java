package io.elephant.launcher.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elephant.launcher.aws.Question;
import io.elephant.launcher.aws.SignedPost;
import io.elephant.launcher.launch.Refusal;
import io.elephant.launcher.preflight.InstanceProfiles;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.protocols.query.unmarshall.XmlDomParser;
import software.amazon.awssdk.protocols.query.unmarshall.XmlElement;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * The account's instance profiles at IAM.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetInstanceProfile.html">GetInstanceProfile</a>
 */
public final class IamInstanceProfiles implements InstanceProfiles {

  private static final String NAME = "iam";

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
    PartitionMetadata partition = PartitionMetadata.of(region);
    return switch (partition.id()) {
      case "aws" -> service("us-east-1", "iam.amazonaws.com");
      case "aws-cn" -> service("cn-north-1", "iam.cn-north-1.amazonaws.com.cn");
      case "aws-us-gov" -> service("us-gov-west-1", "iam.us-gov.amazonaws.com");
      // Partitions of one region.
      default ->
          service(region.id(), "%s.%s.%s".formatted(NAME, region.id(), partition.dnsSuffix()));
    };
  }

  private static SignedPost.Service service(String region, String host) {
    return new SignedPost.Service(
        NAME,
        region,
        URI.create("https://" + host),
        "AWS_ENDPOINT_URL_IAM",
        "aws.endpointUrlIam",
        NAME);
  }

  @Override
  public Optional<List<String>> roles(String profile) {
    return Question.find(
        "iam:GetInstanceProfile",
        () -> {
          String answer =
              iam.send(
                  Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
                  "Action=GetInstanceProfile&Version=2010-05-08&InstanceProfileName="
                      + URLEncoder.encode(profile, UTF_8),
                  IamInstanceProfiles::refusal);
          return child(xml(answer), "GetInstanceProfileResult", "InstanceProfile", "Roles")
              .flatMap(roles -> roles.getElementsByName("member").stream())
              .map(role -> role.getElementByName("RoleName").textContent())
              .toList();
        });
  }

  private static Refusal refusal(String answer) {
    XmlElement error = child(xml(answer), "Error").findFirst().orElseThrow();
    return new Refusal(
        error.getElementByName("Code").textContent(),
        error.getElementByName("Message").textContent());
  }

  private static XmlElement xml(String answer) {
    return XmlDomParser.parse(new ByteArrayInputStream(answer.getBytes(UTF_8)));
  }

  private static Stream<XmlElement> child(XmlElement element, String... path) {
    Stream<XmlElement> found = Stream.of(element);
    for (String name : path) {
      found = found.flatMap(parent -> parent.getElementsByName(name).stream());
    }
    return found;
  }
}
