package io.elephant.launcher.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.local.DynamoDbProxy;
import io.elephant.launcher.local.LocalDynamoDb;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.WriteResult.NotWritten;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The port on a DynamoDB that brings the row along, and that refuses. */
class ProxiedDynamoDbMeetingsTest extends DynamoDbMeetingsTest {

  private final LocalDynamoDb dynalite = LocalDynamoDb.start();
  private final DynamoDbProxy proxy = new DynamoDbProxy(dynalite);

  @Override
  DynamoDbClient open() {
    return proxy.client();
  }

  @Override
  void close() {
    proxy.close();
    dynalite.close();
  }

  @Override
  protected void assertBroughtAlong(Optional<Meeting> brought, Meeting row) {
    assertThat(brought).contains(row);
  }

  @AfterEach
  void forgetTheScript() {
    proxy.reset();
  }

  @Test
  void needsNoFurtherCallAfterAConditionThatFailed() {
    put(CLAIMED);
    proxy.reset();

    assertThat(ask(claim(BOOKED, TEACHER, STUDENT)))
        .isEqualTo(new NotWritten(Optional.of(CLAIMED)));
    assertThat(proxy.calls()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "ThrottlingException, THROTTLED",
    "ProvisionedThroughputExceededException, THROTTLED",
    "RequestLimitExceeded, THROTTLED",
    "KMSThrottlingException, THROTTLED",
    "InternalServerError, UNCLEAR",
    "TransactionConflictException, UNCLEAR",
    "AccessDeniedException, CANDIDATE_REFUSED",
    "ResourceNotFoundException, CANDIDATE_REFUSED",
    "ValidationException, CANDIDATE_REFUSED",
    "ExpiredTokenException, EXPIRED"
  })
  void saysWhatAnErrorMeansForTheCall(String code, Verdict verdict) {
    Map.<String, Runnable>of("GetItem", this::row, "UpdateItem", () -> ask(claim(BOOKED, TEACHER)))
        .forEach((action, call) -> {
          proxy.on(action).next().refuse(code);
          assertThatExceptionOfType(CallFailed.class)
              .as(action)
              .isThrownBy(call::run)
              .withMessageContainingAll("DynamoDB", action, code)
              .returns(Optional.of(code), CallFailed::errorCode)
              .returns(verdict, CallFailed::verdict);
        });
  }
}
