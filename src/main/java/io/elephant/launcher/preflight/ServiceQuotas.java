package io.elephant.launcher.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elephant.launcher.aws.AwsError;
import io.elephant.launcher.aws.PreflightCalls;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.endpoint.AwsClientEndpointProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.HttpStatusCode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * The account's quotas at Service Quotas, asked for by one signed request: the SDK's client for
 * Service Quotas is not among this build's dependencies.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/API_GetServiceQuota.html">GetServiceQuota</a>
 */
public final class ServiceQuotas implements Quotas {

  private static final String SERVICE = "servicequotas";

  private final SdkHttpClient http;
  private final AwsCredentialsProvider credentials;
  private final Region region;
  private final Optional<URI> override;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final JsonMapper json = new JsonMapper();

  /**
   * @param override where Service Quotas is, if not where it usually is
   */
  public ServiceQuotas(
      SdkHttpClient http,
      AwsCredentialsProvider credentials,
      Region region,
      Optional<URI> override) {
    this.http = http;
    this.credentials = credentials;
    this.region = region;
    this.override = override;
  }

  @Override
  public double value(VcpuQuota quota) {
    return PreflightCalls.ask("servicequotas:GetServiceQuota", () -> get(quota));
  }

  private double get(VcpuQuota quota) {
    URI endpoint = override.orElseGet(() -> endpoint(region));
    SignedRequest signed =
        signer.sign(sign ->
            sign.identity(credentials.resolveCredentials())
                .request(
                    SdkHttpRequest.builder()
                        .uri(endpoint)
                        .method(SdkHttpMethod.POST)
                        .putHeader("Content-Type", "application/x-amz-json-1.1")
                        .putHeader("X-Amz-Target", "ServiceQuotasV20190624.GetServiceQuota")
                        .build())
                .payload(
                    ContentStreamProvider.fromUtf8String(
                        "{\"ServiceCode\":\"ec2\",\"QuotaCode\":\"%s\"}".formatted(quota.code())))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region.id()));
    try {
      HttpExecuteResponse response =
          http.prepareRequest(
                  HttpExecuteRequest.builder()
                      .request(signed.request())
                      .contentStreamProvider(signed.payload().orElse(null))
                      .build())
              .call();
      try (InputStream body = response.responseBody().orElseThrow()) {
        return value(response.httpResponse().statusCode(), body.readAllBytes());
      }
    } catch (IOException e) {
      throw SdkClientException.create("%s does not answer: %s".formatted(endpoint.getHost(), e), e);
    }
  }

  private double value(int status, byte[] body) {
    JsonNode answer;
    try {
      answer = json.readTree(body);
    } catch (IOException _) {
      throw AwsError.exception(status, "HTTP " + status, "an answer that cannot be read");
    }
    if (status != HttpStatusCode.OK) {
      // The type may have a name space before it.
      throw AwsError.exception(
          status,
          answer.path("__type").asText("HTTP " + status).replaceFirst(".*#", ""),
          answer.path("Message").asText(answer.path("message").asText("no message")));
    }
    JsonNode value = answer.at("/Quota/Value");
    if (!value.isNumber()) {
      throw SdkClientException.create("the answer has no value");
    }
    return value.doubleValue();
  }

  /** Where it is: where the environment says, or where it usually is. */
  static URI endpoint(Region region) {
    return AwsClientEndpointProvider.builder()
        .serviceEndpointOverrideEnvironmentVariable("AWS_ENDPOINT_URL_SERVICE_QUOTAS")
        .serviceEndpointOverrideSystemProperty("aws.endpointUrlServiceQuotas")
        .serviceProfileProperty(SERVICE)
        .profileFile(ProfileFile::defaultProfileFile)
        .profileName(ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow())
        .resolveFromOverrides()
        .orElseGet(() ->
            URI.create(
                "https://%s.%s.%s"
                    .formatted(SERVICE, region, PartitionMetadata.of(region).dnsSuffix())));
  }
}
