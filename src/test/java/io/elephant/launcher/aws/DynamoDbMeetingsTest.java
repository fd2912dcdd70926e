package io.elephant.launcher.aws;

import static io.elephant.launcher.aws.Attributes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.elephant.launcher.failure.LaunchFailure.CallFailed;
import io.elephant.launcher.failure.Verdict;
import io.elephant.launcher.local.DynamoDbProxy;
import io.elephant.launcher.local.LocalDynamoDb;
import io.elephant.launcher.meeting.LaunchRecord;
import io.elephant.launcher.meeting.Meeting;
import io.elephant.launcher.meeting.Meetings;
import io.elephant.launcher.meeting.MeetingsContract;
import io.elephant.launcher.meeting.Status;
import io.elephant.launcher.meeting.WriteResult;
import io.elephant.launcher.meeting.WriteResult.NotWritten;
import io.elephant.launcher.meeting.WriteResult.Written;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The port on DynamoDB, and what of a row the port's contract does not know. */
@TestInstance(Lifecycle.PER_CLASS)
class DynamoDbMeetingsTest extends MeetingsContract {

  private static final Map<String, AttributeValue> KEY = Map.of("id", text(ID.value()));

  private final String table = "contract-" + UUID.randomUUID();
  private DynamoDbClient client;
  private Meetings meetings;
  private LocalDynamoDb dynalite;
  private DynamoDbProxy proxy;

  /** Opens the DynamoDB that the tests run on. */
  DynamoDbClient open() {
    dynalite = LocalDynamoDb.start();
    proxy = new DynamoDbProxy(dynalite);
    return proxy.client();
  }

  @BeforeAll
  void createTable() {
    client = open();
    LocalDynamoDb.createMeetings(client, table);
    meetings = new DynamoDbMeetings(client, table, List.of(TEACHER, STUDENT));
  }

  @AfterAll
  void deleteTable() {
    client.deleteTable(request -> request.tableName(table));
    client.close();
    if (proxy != null) {
      proxy.close();
      dynalite.close();
    }
  }

  @BeforeEach
  void deleteRow() {
    client.deleteItem(request -> request.tableName(table).key(KEY));
  }

  @Override
  protected void put(Meeting row) {
    put(item(row));
  }

  @Override
  protected <T> T ask(Function<Meetings, T> call) {
    return call.apply(meetings);
  }

  @ParameterizedTest
  @MethodSource("writes")
  void leavesTheAttributesOfOthersAsTheyAre(Write write) {
    Map<String, AttributeValue> item = item(write.row());
    item.put("teacher_name", text("Ada"));
    item.put("duration_minutes", AttributeValue.fromN("45"));
    put(item);

    assertThat(ask(write.call())).isEqualTo(new Written(write.written()));
    assertThat(item())
        .containsEntry("teacher_name", text("Ada"))
        .containsEntry("duration_minutes", AttributeValue.fromN("45"));
  }

  /** Booking functions write an empty string or NULL for what is yet to come. */
  @ParameterizedTest
  @MethodSource("writes")
  void takesAPlaceholderForAbsent(Write write) {
    for (AttributeValue placeholder : Attributes.PLACEHOLDERS) {
      Map<String, AttributeValue> item = item(write.row());
      item.putIfAbsent("teacher_ec2_id", placeholder);
      item.putIfAbsent("student_ec2_id", placeholder);
      item.putIfAbsent("launch", placeholder);
      if (item.get("launch").hasM()) {
        Map<String, AttributeValue> launch = new HashMap<>(item.get("launch").m());
        List.of("teacher", "student", "completed_by")
            .forEach(name -> launch.putIfAbsent(name, placeholder));
        item.put("launch", AttributeValue.fromM(launch));
      }
      put(item);
      assertThat(ask(write.call())).isEqualTo(new Written(write.written()));

      if (write.statuses().contains(Status.SCHEDULED)) {
        item.put("status", placeholder);
        put(item);
        assertThat(row().orElseThrow().status()).isEmpty();
        assertThat(ask(write.call())).isInstanceOf(Written.class);
      }
    }
  }

  @Test
  void takesAPlaceholderForNoRecordedInstance() {
    for (AttributeValue placeholder : Attributes.PLACEHOLDERS) {
      Map<String, AttributeValue> item = item(CLAIMED);
      item.put("teacher_ec2_id", placeholder);
      item.put("student_ec2_id", placeholder);
      put(item);

      assertThat(ask(record(RECORDED, Map.of()))).isInstanceOf(NotWritten.class);
      assertThat(item()).isEqualTo(item);
    }
  }

  @Test
  void callsOnceWhetherAConditionFailsOrDynamoDbRefuses() {
    assumeThat(proxy).as("a proxy, which is in front of dynalite alone").isNotNull();
    proxy.reset();
    assertThat(ask(fail(CLAIMED, BOTH))).isEqualTo(new NotWritten(Optional.empty()));
    assertThat(proxy.calls()).hasSize(1);

    Map.<String, Runnable>of(
            "GetItem", () -> meetings.find(ID), "UpdateItem", () -> ask(fail(CLAIMED, BOTH)))
        .forEach((action, call) -> {
          proxy.reset();
          proxy.on(action).next().refuse("ThrottlingException");
          assertThatExceptionOfType(CallFailed.class)
              .as(action)
              .isThrownBy(call::run)
              .withMessageContainingAll("DynamoDB", action, table, "ThrottlingException")
              .returns(Optional.of("ThrottlingException"), CallFailed::errorCode)
              .returns(Verdict.THROTTLED, CallFailed::verdict);
          assertThat(proxy.calls()).hasSize(1);
        });
  }

  @Test
  void saysWhyALaunchFailedUntilItIsLaunched() {
    put(CLAIMED);
    ask(fail(CLAIMED, BOTH));
    assertThat(item().get("launch").m())
        .containsEntry("failure", text("InsufficientInstanceCapacity"));

    writes()
        .filter(write -> write.name().equals("a record of all"))
        .forEach(write -> assertThat(ask(write.call())).isEqualTo(new Written(write.written())));
    assertThat(item().get("launch").m()).doesNotContainKey("failure");
  }

  @Test
  void saysTheBeginningOfAReasonThatIsLongerThanARowCanBe() {
    put(CLAIMED);

    WriteResult result = ask(port -> port.fail(CLAIMED, BOTH, "y".repeat(500_000)));

    assertThat(result).isInstanceOf(Written.class);
    assertThat(item().get("launch").m()).containsEntry("failure", text("y".repeat(999) + "…"));
  }

  private void put(Map<String, AttributeValue> item) {
    client.putItem(request -> request.tableName(table).item(item));
  }

  private Map<String, AttributeValue> item() {
    return client.getItem(request -> request.tableName(table).key(KEY).consistentRead(true)).item();
  }

  private static Map<String, AttributeValue> item(Meeting row) {
    Map<String, AttributeValue> item = new HashMap<>(KEY);
    row.status().ifPresent(status -> item.put("status", text(status.value())));
    row.meetTime().ifPresent(time -> item.put("meet_time", text(time.toString())));
    row.instances().forEach((role, instance) -> item.put(role + "_ec2_id", text(instance.value())));
    row.launchRecord().or(row::copied).ifPresent(launch -> item.put("launch", item(launch)));
    row.copied()
        .ifPresent(copied ->
            copied
                .states()
                .forEach((role, state) ->
                    state
                        .recorded()
                        .ifPresent(id -> item.put(role + "_ec2_id", text(id.value())))));
    return item;
  }

  private static AttributeValue item(LaunchRecord launch) {
    Map<String, AttributeValue> item = new HashMap<>();
    launch.states().forEach((role, state) -> item.put(role.value(), LaunchStateItem.write(state)));
    launch.completedBy().ifPresent(delivery -> item.put("completed_by", text(delivery)));
    return AttributeValue.fromM(item);
  }
}
