package io.elephant.launcher.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.aws.SignedPost;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.regions.Region;

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
    SignedPost.Service iam = IamInstanceProfiles.service(Region.of(region));

    assertThat(iam.endpoint()).hasToString("https://" + host);
    assertThat(iam.region()).isEqualTo(Region.of(signingRegion));
  }

  @ParameterizedTest
  @CsvSource({
    "us-west-2, servicequotas.us-west-2.amazonaws.com",
    "cn-north-1, servicequotas.cn-north-1.amazonaws.com.cn",
  })
  void findsServiceQuotasInTheRegionOfTheMachines(String region, String host) {
    SignedPost.Service quotas = ServiceQuotas.service(Region.of(region));

    assertThat(quotas.endpoint()).hasToString("https://" + host);
    assertThat(quotas.region()).isEqualTo(Region.of(region));
  }
}
