package io.elephant.launcher.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;

class EndpointsTest {

  private final Map<String, String> set = new HashMap<>();

  /** A test of Quarkus's in the same process points the SDK at the stand-ins. */
  @BeforeEach
  void forgetTheStandIns() {
    for (String property : List.of("aws.endpointUrlIam", "aws.endpointUrlServiceQuotas")) {
      Optional.ofNullable(System.clearProperty(property))
          .ifPresent(value -> set.put(property, value));
    }
  }

  @AfterEach
  void rememberThem() {
    set.forEach(System::setProperty);
  }

  @ParameterizedTest
  @CsvSource({
    "us-west-2, iam.amazonaws.com, us-east-1",
    "eu-central-1, iam.amazonaws.com, us-east-1",
    "cn-northwest-1, iam.cn-north-1.amazonaws.com.cn, cn-north-1",
    "us-gov-east-1, iam.us-gov.amazonaws.com, us-gov-west-1",
    "us-iso-east-1, iam.us-iso-east-1.c2s.ic.gov, us-iso-east-1",
  })
  void findsTheOneIamOfEachPartition(String region, String host, String signingRegion) {
    var sent = new AtomicReference<SdkHttpRequest>();
    try (IamClient iam =
        IamClient.builder()
            .region(IamRoles.region(Region.of(region)))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
            .httpClient(new Refusing(sent))
            .build()) {
      assertThatThrownBy(() -> new IamRoles(iam).ofProfile("profile"))
          .isInstanceOf(NotAnswered.class);
    }

    assertThat(sent.get().host()).isEqualTo(host);
    assertThat(sent.get().protocol()).isEqualTo("https");
    assertThat(sent.get().firstMatchingHeader("Authorization").orElseThrow())
        .contains("/" + signingRegion + "/iam/");
  }

  @ParameterizedTest
  @CsvSource({
    "us-west-2, servicequotas.us-west-2.amazonaws.com",
    "cn-north-1, servicequotas.cn-north-1.amazonaws.com.cn",
  })
  void findsServiceQuotasInTheRegionOfTheInstances(String region, String host) {
    assertThat(ServiceQuotas.endpoint(Region.of(region))).hasToString("https://" + host);
  }

  /** Keeps what would be sent, and refuses it. */
  private record Refusing(AtomicReference<SdkHttpRequest> sent) implements SdkHttpClient {

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      sent.set(request.httpRequest());
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() {
          return HttpExecuteResponse.builder()
              .response(SdkHttpResponse.builder().statusCode(403).build())
              .build();
        }

        @Override
        public void abort() {}
      };
    }

    @Override
    public void close() {}
  }
}
