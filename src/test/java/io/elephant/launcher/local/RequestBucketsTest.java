package io.elephant.launcher.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

class RequestBucketsTest {

  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
  private final RequestBuckets buckets = new RequestBuckets(now::get);

  @Test
  void letsAsManyThroughAtOnceAsTheBucketHoldsAndThenAsManyAsComeIn() {
    assertThat(taken("RunInstances", 9)).isEqualTo(5);

    now.addAndGet(Duration.ofMillis(500).toNanos() - 1);
    assertThat(taken("RunInstances", 1)).isZero();
    now.addAndGet(1);
    assertThat(taken("RunInstances", 2)).isEqualTo(1);
  }

  @Test
  void aRefusedRequestCostsNothing() {
    taken("RunInstances", 5);
    for (int tries = 0; tries < 499; tries++) {
      now.addAndGet(Duration.ofMillis(1).toNanos());
      assertThat(taken("RunInstances", 3)).isZero();
    }

    now.addAndGet(Duration.ofMillis(1).toNanos());
    assertThat(taken("RunInstances", 3)).isEqualTo(1);
  }

  @Test
  void holdsNoMoreThanItsSizeHoweverLongNobodyAsks() {
    taken("RunInstances", 5);
    now.addAndGet(Duration.ofHours(6).toNanos());

    assertThat(taken("RunInstances", 9)).isEqualTo(5);
  }

  @Test
  void givesEachActionABucketOfItsOwn() {
    assertThat(taken("RunInstances", 9)).isEqualTo(5);
    assertThat(taken("DescribeSubnets", 199)).isEqualTo(100);
    assertThat(taken("TerminateInstances", 199)).isEqualTo(100);
    now.addAndGet(Duration.ofSeconds(1).toNanos());

    assertThat(taken("DescribeSubnets", 199)).isEqualTo(20);
    assertThat(taken("TerminateInstances", 199)).isEqualTo(5);
  }

  @Test
  void saysWhenTheLastOfSoManyIsTakenAtTheEarliest() {
    assertThat(RequestBuckets.until("RunInstances", 5)).isZero();
    assertThat(RequestBuckets.until("RunInstances", 400)).hasMillis(197_500);
  }

  @Test
  void answersAsEc2DoesToOneRequestTooMany() {
    try (var standIn = new Ec2StandIn();
        Ec2Client ec2 = client(standIn)) {
      standIn.throttle(buckets);
      taken("DescribeVpcs", 99);

      assertThat(ec2.describeVpcs().vpcs()).isNotEmpty();
      assertThatThrownBy(ec2::describeVpcs)
          .isInstanceOfSatisfying(
              Ec2Exception.class,
              refused -> {
                assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("RequestLimitExceeded");
                assertThat(refused.statusCode()).isEqualTo(503);
              });
      assertThat(ec2.describeSubnets().subnets()).isNotEmpty();
    }
  }

  private static Ec2Client client(Ec2StandIn ec2) {
    return Ec2Client.builder()
        .endpointOverride(ec2.endpoint())
        .region(Region.of(LocalDynamoDb.REGION))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("elephant", "elephant")))
        .overrideConfiguration(override -> override.retryStrategy(retry -> retry.maxAttempts(1)))
        .build();
  }

  private long taken(String action, int requests) {
    return IntStream.range(0, requests).filter(_ -> buckets.take(action, false)).count();
  }
}
