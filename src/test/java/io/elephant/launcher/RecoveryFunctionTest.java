package io.elephant.launcher;

import static io.elephant.launcher.FunctionTest.deliver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.elephant.launcher.failure.Refusal;
import io.elephant.launcher.local.Call;
import io.elephant.launcher.local.Ec2StandIn;
import io.elephant.launcher.local.Instance;
import io.elephant.launcher.local.LocalAws;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What EC2 tells through EventBridge of an instance that ends, and what the function does. */
@QuarkusTest
@WithTestResource(AwsOnThisMachine.class)
class RecoveryFunctionTest {

  private static final String ID = "demo-meeting";
  private static final String IN_THE_SAMPLES = "i-0123456789abcdef0";

  LocalAws aws;

  @BeforeEach
  void launchAMeeting() {
    aws.startAfreshWith(ID);
    deliver("{\"meeting_id\": \"demo-meeting\"}").body("status", equalTo("LAUNCHED"));
  }

  @ParameterizedTest
  @CsvSource({
    "Server.InternalError, Server.InternalError: Internal error on launch",
    "Server.SpotInstanceTermination, Server.SpotInstanceTermination: Spot instance termination",
    "Client.VolumeLimitExceeded, Client.VolumeLimitExceeded: Volume limit exceeded",
    "Client.InvalidKMSKey.InvalidState, The KMS key provided is in an incorrect state",
    "Client.InvalidSnapshot.NotFound, The specified snapshot was not found"
  })
  void replacesAnInstanceThatEc2Ends(String code, String message) throws IOException {
    String lost = recorded("teacher");
    String student = recorded("student");
    aws.ec2().terminate(lost, new Refusal(code, message));

    ended(lost)
        .statusCode(200)
        .body("action", equalTo("recovery"))
        .body("instance", equalTo(lost))
        .body("outcome", equalTo("replaced"))
        .body("why", containsString(code))
        .body("meeting_id", equalTo(ID))
        .body("instances.student", equalTo(student))
        .body("instances.teacher", equalTo(recorded("teacher")));

    assertThat(recorded("teacher")).isNotEqualTo(lost);
    assertThat(aws.row(ID).get("status").s()).isEqualTo("LAUNCHED");
    assertThat(aws.ec2().live())
        .extracting(Instance::id)
        .containsExactlyInAnyOrder(recorded("teacher"), student);
    Map<String, AttributeValue> state = aws.row(ID).get("launch").m().get("teacher").m();
    assertThat(state.get("replaced").n()).isEqualTo("1");
    assertThat(state.get("taken_out").l()).extracting(AttributeValue::s).containsExactly(lost);
    assertThat(state.get("reason_code").s()).isEqualTo(code);
    assertThat(state.get("availability_zone").s()).isEqualTo("us-west-2b");

    ended(lost).statusCode(200).body("outcome", equalTo("not needed"));
    assertThat(aws.ec2().live()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "status, LAUNCHED, Client.UserInitiatedShutdown, reported, on purpose",
    "status, DNS_WRITTEN, Server.InternalError, reported, DNS_WRITTEN",
    "status, CANCELLED, Server.InternalError, not needed, CANCELLED",
    "meet_time, 2026-01-01T00:00:00Z, Server.InternalError, reported, too long ago"
  })
  void saysWhyItReplacesNothing(
      String attribute, String value, String code, String outcome, String why) throws IOException {
    aws.set(ID, attribute, AttributeValue.fromS(value));
    Map<String, AttributeValue> before = aws.row(ID);
    aws.ec2().terminate(recorded("teacher"), new Refusal(code, "it ended"));

    ended(recorded("teacher"))
        .statusCode(200)
        .body("outcome", equalTo(outcome))
        .body("why", containsString(why));

    assertThat(aws.row(ID)).isEqualTo(before);
    assertThat(aws.ec2().instances()).hasSize(2);
  }

  @Test
  void asksNothingMoreWhereEc2ShowsNoSuchInstance() throws IOException {
    int asked = aws.ec2().calls().size();
    int read = aws.dynamoDbProxy().calls().size();

    ended(IN_THE_SAMPLES)
        .statusCode(200)
        .body("outcome", equalTo("not ours"))
        .body("meeting_id", nullValue());

    assertThat(aws.ec2().calls().subList(asked, aws.ec2().calls().size()))
        .extracting(Call::action)
        .containsOnly("DescribeInstances");
    assertThat(aws.dynamoDbProxy().calls()).hasSize(read);
  }

  @Test
  void endsASpotInstanceThatIsTakenBackAndReplacesIt() throws IOException {
    String lost = recorded("teacher");

    deliver(sample("spot-interruption.json", lost))
        .statusCode(200)
        .body("outcome", equalTo("replaced"))
        .body("why", containsString("Server.SpotInstanceTermination"));

    assertThat(aws.ec2().live()).extracting(Instance::id).doesNotContain(lost).hasSize(2);
    ended(lost).body("outcome", equalTo("not needed"));
  }

  @Test
  void failsWhereTheReplacementIsRefusedAndTheNextEventGoesOn() throws IOException {
    String lost = recorded("teacher");
    aws.ec2().terminate(lost);
    aws.ec2()
        .on("RunInstances")
        .where(Ec2StandIn.forRole("teacher"))
        .next(3)
        .refuse("InvalidKeyPair.NotFound");
    ended(lost).statusCode(500).body("errorMessage", containsString("InvalidKeyPair.NotFound"));
    assertThat(aws.row(ID)).doesNotContainKey("teacher_ec2_id");
    aws.ec2().script().clear();

    ended(lost).statusCode(200).body("outcome", equalTo("replaced"));

    assertThat(aws.ec2().live()).hasSize(2);
  }

  private ValidatableResponse ended(String instance) throws IOException {
    return deliver(sample("state-change.json", instance));
  }

  private static String sample(String file, String instance) throws IOException {
    return Files.readString(Path.of("events", file)).replace(IN_THE_SAMPLES, instance);
  }

  private String recorded(String role) {
    return aws.row(ID).get(role + "_ec2_id").s();
  }
}
