package io.elephant.launcher.account;

import io.elephant.launcher.aws.Question;
import io.elephant.launcher.aws.SignedPost;
import io.elephant.launcher.launch.Refusal;
import io.elephant.launcher.preflight.Quotas;
import io.elephant.launcher.preflight.VcpuQuota;
import java.net.URI;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * The account's quotas at Service Quotas.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html">GetServiceQuota</a>
 */
public final class ServiceQuotas implements Quotas {

  private static final String NAME = "servicequotas";

  private final SignedPost serviceQuotas;

  public ServiceQuotas(SdkHttpClient http, AwsCredentialsProvider credentials, Region region) {
    this.serviceQuotas = new SignedPost(http, credentials, service(region));
  }

  static SignedPost.Service service(Region region) {
    return new SignedPost.Service(
        NAME,
        region.id(),
        URI.create(
            "https://%s.%s.%s"
                .formatted(NAME, region.id(), PartitionMetadata.of(region).dnsSuffix())),
        "AWS_ENDPOINT_URL_SERVICE_QUOTAS",
        "aws.endpointUrlServiceQuotas",
        "service_quotas");
  }

  @Override
  public double value(VcpuQuota quota) {
    return Question.ask(
        "servicequotas:GetServiceQuota",
        () -> {
          String answer =
              serviceQuotas.send(
                  Map.of(
                      "Content-Type", "application/x-amz-json-1.1",
                      "X-Amz-Target", "ServiceQuotasV20190624.GetServiceQuota"),
                  "{\"ServiceCode\":\"ec2\",\"QuotaCode\":\"%s\"}".formatted(quota.code()),
                  ServiceQuotas::refusal);
          return JsonNode.parser()
              .parse(answer)
              .field("Quota")
              .flatMap(found -> found.field("Value"))
              .filter(JsonNode::isNumber)
              .map(value -> Double.valueOf(value.asNumber()))
              .orElseThrow(() -> SdkClientException.create("the answer has no value"));
        });
  }

  /** The type may have a name space before it. */
  private static Refusal refusal(String answer) {
    JsonNode error = JsonNode.parser().parse(answer);
    String type = error.field("__type").map(JsonNode::asString).orElseThrow();
    return new Refusal(
        type.substring(type.indexOf('#') + 1),
        Stream.of("message", "Message")
            .flatMap(name -> error.field(name).stream())
            .map(JsonNode::asString)
            .findFirst()
            .orElse("no message"));
  }
}
