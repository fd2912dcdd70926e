package io.elephant.launcher.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.elephant.launcher.failure.CredentialsExpired;
import io.elephant.launcher.failure.LaunchFailure;
import io.elephant.launcher.failure.MeetingsRefused;
import io.elephant.launcher.failure.MeetingsUnclear;
import io.elephant.launcher.local.DynamoDbProxy;
import io.elephant.launcher.local.LocalDynamoDb;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.WriteResult.NotWritten;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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
  @ValueSource(
      strings = {
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "InternalServerError",
        "TransactionConflictException"
      })
  void doesNotKnowWhatACallDidThatMayBeRepeated(String code) {
    assertFails(code, MeetingsUnclear.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"AccessDeniedException", "ResourceNotFoundException", "ValidationException"})
  void isRefusedWhatNoRepetitionHelps(String code) {
    assertFails(code, MeetingsRefused.class);
  }

  @Test
  void saysThatTheCredentialsHaveExpired() {
    assertFails("ExpiredTokenException", CredentialsExpired.class);
  }

  private void assertFails(String code, Class<? extends LaunchFailure> failure) {
    for (String action : List.of("GetItem", "UpdateItem")) {
      proxy.on(action).next().refuse(code);
      assertThatExceptionOfType(failure)
          .as(action)
          .isThrownBy(() -> {
            if (action.equals("GetItem")) {
              row();
            } else {
              ask(claim(BOOKED, TEACHER));
            }
          })
          .withMessageContainingAll("DynamoDB", action, code)
          .satisfies(thrown -> assertThat(thrown.errorCode()).contains(code));
    }
  }
}
