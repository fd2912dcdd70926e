package io.elephant.launcher.aws;

import io.elephant.launcher.launch.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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

/**
 * A POST to a service of AWS's, signed by the SDK, for a service of which one request is all that
 * is needed.
 */
public final class SignedPost {

  private static final int FIRST_ERROR = 400;

  /**
   * A service as the SDK knows it.
   *
   * @param signingName its name in signatures
   * @param signingRegion the region in signatures
   * @param endpoint where it is, unless the environment says otherwise
   * @param variable the SDK's variable for where it is instead, such as {@code
   *     AWS_ENDPOINT_URL_IAM}
   * @param property the same as a system property, such as {@code aws.endpointUrlIam}
   * @param profileProperty the same in the SDK's profiles
   */
  public record Service(
      String signingName,
      String signingRegion,
      URI endpoint,
      String variable,
      String property,
      String profileProperty) {}

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
   * Sends it once.
   *
   * @param error reads the code and the message of an answer that is an error
   * @return the body of an answer that is none
   * @throws AwsServiceException if the service refuses
   * @throws SdkClientException if there is no answer
   */
  public String send(Map<String, String> headers, String body, Function<String, Refusal> error) {
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder().uri(endpoint()).method(SdkHttpMethod.POST);
    headers.forEach(request::putHeader);
    SignedRequest signed =
        signer.sign(sign ->
            sign.identity(credentials.resolveCredentials())
                .request(request.build())
                .payload(ContentStreamProvider.fromUtf8String(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service.signingName())
                .putProperty(AwsV4HttpSigner.REGION_NAME, service.signingRegion()));
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
      throw SdkClientException.create(
          "%s does not answer: %s".formatted(service.signingName(), e), e);
    }
  }

  private URI endpoint() {
    AwsClientEndpointProvider configured =
        AwsClientEndpointProvider.builder()
            .serviceEndpointOverrideEnvironmentVariable(service.variable())
            .serviceEndpointOverrideSystemProperty(service.property())
            .serviceProfileProperty(service.profileProperty())
            .build();
    try {
      return configured.clientEndpoint();
    } catch (SdkClientException _) {
      // Nothing is configured.
      return service.endpoint();
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
                .serviceName(service.signingName())
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
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
