package io.elephant.launcher.local;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * IAM on this machine: GetInstanceProfile in the AWS Query protocol, for an account with the
 * profile of an ordinary launch.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetInstanceProfile.html">GetInstanceProfile</a>
 */
public final class IamStandIn extends StandIn {

  private static final String ORDINARY = "EC2-S3-ReadOnly-Role";

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

  @Override
  List<Permission> permissions() {
    return calls().stream()
        .map(call ->
            new Permission(
                "iam:" + call.action(),
                "arn:aws:iam::%s:instance-profile/%s"
                    .formatted(Permission.ACCOUNT, call.parameters().get("InstanceProfileName")),
                Map.of()))
        .toList();
  }

  /** An ordinary account, in which nothing goes wrong. */
  @Override
  public void reset() {
    super.reset();
    rolesByProfile.clear();
    rolesByProfile.put(ORDINARY, Optional.of(ORDINARY));
  }

  private static final String NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/";

  @Override
  Answer answer(Call call, Headers headers, Consumer<Call> decision) {
    var query = new Ec2Query(call.parameters());
    if (!call.action().equals("GetInstanceProfile")
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
