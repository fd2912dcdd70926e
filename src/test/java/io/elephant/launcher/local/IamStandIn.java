package io.elephant.launcher.local;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * IAM on this machine: GetInstanceProfile and GetRole in the AWS Query protocol, for an account
 * with the profile of an ordinary launch and EC2's role for Spot instances.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetInstanceProfile.html">GetInstanceProfile</a>
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html">GetRole</a>
 */
public final class IamStandIn extends StandIn {

  private static final String ORDINARY = "EC2-S3-ReadOnly-Role";

  private static final String SPOT_ROLE = "AWSServiceRoleForEC2Spot";

  private volatile boolean hasSpotRole;
  private final Map<String, Optional<String>> rolesByProfile = new ConcurrentHashMap<>();

  IamStandIn(int port, @Nullable SSLContext tls) {
    super(port, tls);
    reset();
  }

  /** Deletes an instance profile. */
  public void removeProfile(String name) {
    rolesByProfile.remove(name);
  }

  /** Takes the role out of a profile. */
  public void emptyProfile(String name) {
    rolesByProfile.put(name, Optional.empty());
  }

  /** Nobody has asked for a Spot instance in EC2's console yet. */
  public void removeSpotRole() {
    hasSpotRole = false;
  }

  @Override
  List<Permission> permissions() {
    return calls().stream()
        .map(call -> new Permission("iam:" + call.action(), resource(call), Map.of()))
        .toList();
  }

  private static String resource(Call call) {
    String account = "arn:aws:iam::" + Permission.ACCOUNT;
    return call.action().equals("GetRole")
        ? account + ":role/aws-service-role/spot.amazonaws.com/" + call.parameters().get("RoleName")
        : account + ":instance-profile/" + call.parameters().get("InstanceProfileName");
  }

  /** An ordinary account, in which nothing goes wrong. */
  @Override
  public void reset() {
    super.reset();
    hasSpotRole = true;
    rolesByProfile.clear();
    rolesByProfile.put(ORDINARY, Optional.of(ORDINARY));
  }

  private static final String NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/";

  @Override
  Answer answer(Call call, Headers headers, Consumer<Call> decision) {
    var query = new Ec2Query(call.parameters());
    if (!Set.of("GetInstanceProfile", "GetRole").contains(call.action())
        || !query.value("Version").equals(Optional.of("2010-05-08"))) {
      throw new Refusal(
          "InvalidAction", "Could not find operation %s for version".formatted(call.action()));
    }
    String credential = String.valueOf(headers.getFirst("Authorization"));
    if (!credential.contains("/us-east-1/iam/aws4_request")) {
      throw new Refusal(
          403, "SignatureDoesNotMatch", "Credential should be scoped to a valid region.");
    }
    decision.accept(call);
    return call.action().equals("GetRole") ? role(query) : profile(query);
  }

  private Answer role(Ec2Query query) {
    String name = query.required("RoleName");
    if (!hasSpotRole || !name.equals(SPOT_ROLE)) {
      throw new Refusal(
          404, "NoSuchEntity", "The role with name %s cannot be found.".formatted(name));
    }
    return Answer.xml(
        200,
        """
        <GetRoleResponse xmlns="%s">
          <GetRoleResult>
            <Role><Path>/aws-service-role/spot.amazonaws.com/</Path><RoleName>%s</RoleName></Role>
          </GetRoleResult>
          <ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata>
        </GetRoleResponse>
        """
            .formatted(NAMESPACE, name, UUID.randomUUID()));
  }

  private Answer profile(Ec2Query query) {
    String name = query.required("InstanceProfileName");
    Optional<String> role = rolesByProfile.get(name);
    if (role == null) {
      throw new Refusal(
          404, "NoSuchEntity", "Instance Profile %s cannot be found.".formatted(name));
    }
    return Answer.xml(
        200,
        """
        <GetInstanceProfileResponse xmlns="%s">
          <GetInstanceProfileResult>
            <InstanceProfile>
              <Path>/</Path>
              <InstanceProfileName>%s</InstanceProfileName>
              <Arn>arn:aws:iam::%s:instance-profile/%s</Arn>
              <Roles>%s</Roles>
            </InstanceProfile>
          </GetInstanceProfileResult>
          <ResponseMetadata><RequestId>%s</RequestId></ResponseMetadata>
        </GetInstanceProfileResponse>
        """
            .formatted(
                NAMESPACE,
                name,
                Permission.ACCOUNT,
                name,
                role.map(one ->
                        "<member><Path>/</Path><RoleName>%s</RoleName></member>".formatted(one))
                    .orElse(""),
                UUID.randomUUID()));
  }

  @Override
  Answer answer(Refusal refusal) {
    return Answer.xml(
        refusal.status(),
        """
        <ErrorResponse xmlns="%s">
          <Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error>
          <RequestId>%s</RequestId>
        </ErrorResponse>
        """
            .formatted(NAMESPACE, refusal.code(), refusal.message(), UUID.randomUUID()));
  }
}
