package io.elephant.launcher.account;

import io.elephant.launcher.aws.Question;
import io.elephant.launcher.aws.SignedPost;
import io.elephant.launcher.preflight.Quotas;
import io.elephant.launcher.preflight.VcpuQuota;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;

/**
 * The account's quotas at Service Quotas.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html">GetServiceQuota</a>
 */
public final class ServiceQuotas implements Quotas {

  private final SignedPost serviceQuotas;

  public ServiceQuotas(SdkHttpClient http, AwsCredentialsProvider credentials, Region region) {
    this.serviceQuotas = new SignedPost(http, credentials, service(region));
  }

  static SignedPost.Service service(Region region) {
    return new SignedPost.Service(
        "servicequotas",
        region,
        Optional.empty(),
        "AWS_ENDPOINT_URL_SERVICE_QUOTAS",
        "aws.endpointUrlServiceQuotas");
  }

  @Override
  public double value(VcpuQuota quota) {
    return Question.ask(
        "servicequotas:GetServiceQuota",
        () ->
            serviceQuotas
                .json(
                    "1.1",
                    "ServiceQuotasV20190624.GetServiceQuota",
                    "{\"ServiceCode\":\"ec2\",\"QuotaCode\":\"%s\"}".formatted(quota.code()))
                .part("Quota")
                .map(found -> found.text("Value"))
                .filter(value -> !value.isEmpty())
                .map(Double::valueOf)
                .orElseThrow(() -> SdkClientException.create("the answer has no value")));
  }
}
