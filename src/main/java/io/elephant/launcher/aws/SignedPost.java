package io.elephant.launcher.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elephant.launcher.failure.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.endpoint.AwsClientEndpointProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;

/**
 * A POST to a service of AWS's that the SDK only signs, for what is asked seldom and answered
 * briefly: the SDK's classes for the questions of a preflight would be a megabyte and a half of the
 * executable.
 */
public final class SignedPost {

  private static final int FIRST_ERROR = 400;

  /**
   * A service as the SDK knows it.
   *
   * @param name its name in signatures, in the SDK's profiles, and in its usual endpoints
   * @param region the region in signatures
   * @param global where it is, if it is one for all regions
   * @param variable the SDK's variable for where it is instead, such as {@code
   *     AWS_ENDPOINT_URL_IAM}
   * @param property the same as a system property, such as {@code aws.endpointUrlIam}
   */
  public record Service(
      String name, Region region, Optional<URI> global, String variable, String property) {

    /** Where it is: where the environment says, or where it usually is. */
    public URI endpoint() {
      AwsClientEndpointProvider provider =
          AwsClientEndpointProvider.builder()
              .serviceEndpointOverrideEnvironmentVariable(variable)
              .serviceEndpointOverrideSystemProperty(property)
              .serviceProfileProperty(name)
              .serviceEndpointPrefix(name)
              .defaultProtocol("https")
              .region(region)
              .profileFile(ProfileFile::defaultProfileFile)
              .profileName(ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow())
              .build();
      return provider.isEndpointOverridden()
          ? provider.clientEndpoint()
          : global.orElseGet(provider::clientEndpoint);
    }
  }

  private final SdkHttpClient http;
  private final AwsCredentialsProvider credentials;
  private final Service service;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

  public SignedPost(SdkHttpClient http, AwsCredentialsProvider credentials, Service service) {
    this.http = http;
    this.credentials = credentials;
    this.service = service;
  }

  /**
   * Asks once, in AWS's JSON protocol, which DynamoDB and Service Quotas speak.
   *
   * @param version the protocol's, such as {@code 1.1}
   * @param operation with the name of its interface before it
   * @throws AwsServiceException if the service refuses
   * @throws SdkClientException if there is no answer
   */
  public JsonAnswer json(String version, String operation, String body) {
    return JsonAnswer.of(
        send(
            Map.of("Content-Type", "application/x-amz-json-" + version, "X-Amz-Target", operation),
            body,
            error -> JsonAnswer.of(error).refusal()));
  }

  /**
   * Asks once, in the AWS Query protocol, which EC2 and IAM speak.
   *
   * @param error where in an answer that is an error that error stands
   * @throws AwsServiceException if the service refuses
   * @throws SdkClientException if there is no answer
   */
  public XmlAnswer query(Map<String, String> parameters, String... error) {
    return XmlAnswer.of(
        send(
            Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
            parameters.entrySet().stream()
                .map(parameter ->
                    parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), UTF_8))
                .collect(Collectors.joining("&")),
            answer -> XmlAnswer.of(answer).refusal(error)));
  }

  private String send(Map<String, String> headers, String body, Function<String, Refusal> error) {
    URI endpoint = service.endpoint();
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder().uri(endpoint).method(SdkHttpMethod.POST);
    headers.forEach(request::putHeader);
    SignedRequest signed =
        signer.sign(sign ->
            sign.identity(credentials.resolveCredentials())
                .request(request.build())
                .payload(ContentStreamProvider.fromUtf8String(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service.name())
                .putProperty(AwsV4HttpSigner.REGION_NAME, service.region().id()));
    try {
      HttpExecuteResponse response =
          http.prepareRequest(
                  HttpExecuteRequest.builder()
                      .request(signed.request())
                      .contentStreamProvider(signed.payload().orElse(null))
                      .build())
              .call();
      String answer = text(response.responseBody());
      int status = response.httpResponse().statusCode();
      if (status >= FIRST_ERROR) {
        throw refused(status, answer, error);
      }
      return answer;
    } catch (IOException e) {
      throw SdkClientException.create("%s does not answer: %s".formatted(endpoint.getHost(), e), e);
    }
  }

  private AwsServiceException refused(int status, String answer, Function<String, Refusal> error) {
    Refusal refusal;
    try {
      refusal = error.apply(answer);
    } catch (RuntimeException _) {
      refusal = new Refusal("HTTP " + status, "an answer that cannot be read");
    }
    return AwsServiceException.builder()
        .statusCode(status)
        .message(refusal.toString())
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .serviceName(service.name())
                .errorCode(refusal.code())
                .errorMessage(refusal.message())
                .build())
        .build();
  }

  private static String text(Optional<AbortableInputStream> body) throws IOException {
    if (body.isEmpty()) {
      return "";
    }
    try (InputStream stream = body.get()) {
      return new String(stream.readAllBytes(), UTF_8);
    }
  }
}
