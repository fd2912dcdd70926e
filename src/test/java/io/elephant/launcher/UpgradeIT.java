package io.elephant.launcher;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.elephant.launcher.local.FunctionProcess;
import io.elephant.launcher.local.LocalAws;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A launch that one release has begun and another one ends, as in a deployment or a roll-back.
 *
 * <p>{@code src/test/rows} has a row for each release that wrote its launch record in another form,
 * as {@code aws dynamodb get-item} shows it: its teacher's instance died and was replaced once (and
 * its request amended, which only release 1.0 did), its student's is as it was claimed, and neither
 * was recorded.
 */
class UpgradeIT extends OnLocalAws {

  private static final Path ROWS = Path.of("src", "test", "rows");

  static List<Path> rows() throws IOException {
    try (Stream<Path> rows = Files.list(ROWS)) {
      return rows.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void goesOnFromTheRowThatAnEarlierReleaseHasLeft(Path row) throws IOException {
    aws.dynamoDb().put(LocalAws.TABLE, read(row));

    launchesWhatTheRowSays();
  }

  @Test
  void goesOnFromTheRowThatALaterReleaseHasLeft() throws IOException {
    Map<String, AttributeValue> row = read(rows().getLast());
    Map<String, AttributeValue> launch = new HashMap<>(row.get("launch").m());
    Map<String, AttributeValue> teacher = new HashMap<>(launch.get("teacher").m());
    teacher.put("of_a_later_release", AttributeValue.fromM(Map.of("x", AttributeValue.fromN("1"))));
    launch.put("teacher", AttributeValue.fromM(teacher));
    launch.put("of_a_later_release", AttributeValue.fromS("something"));
    row.put("launch", AttributeValue.fromM(launch));
    aws.dynamoDb().put(LocalAws.TABLE, row);

    launchesWhatTheRowSays();
  }

  /**
   * If this fails, the launch record has a new form: a row of it belongs into {@code
   * src/test/rows}, for the releases to come. Without it nobody would notice that they cannot read
   * it.
   */
  @Test
  void writesTheLaunchRecordInTheFormOfTheNewestRow() throws IOException {
    Map<String, AttributeValue> written = launchAndReadRecord();
    Map<String, AttributeValue> student = new HashMap<>(written.get("student").m());

    assertThat(written.remove("completed_by").type()).isEqualTo(AttributeValue.Type.S);
    assertThat(student.remove("recorded").s()).isEqualTo(aws.row(ID).get("student_ec2_id").s());
    Map<String, AttributeValue> newest = read(rows().getLast()).get("launch").m();
    assertThat(form(AttributeValue.fromM(student))).isEqualTo(form(newest.get("student")));
    assertThat(written.keySet()).isEqualTo(newest.keySet());
  }

  /** After a roll-back the first release finds all that it requires, and in its form. */
  @Test
  void stillWritesAllThatTheFirstReleaseWrote() throws IOException {
    Map<String, AttributeValue> first = read(rows().getFirst()).get("launch").m();
    Map<String, AttributeValue> student = new HashMap<>(launchAndReadRecord().get("student").m());
    student.keySet().retainAll(first.get("student").m().keySet());

    assertThat(form(AttributeValue.fromM(student))).isEqualTo(form(first.get("student")));
  }

  private static Map<String, AttributeValue> launchAndReadRecord() {
    launch();
    return new HashMap<>(aws.row(ID).get("launch").m());
  }

  private static void launchesWhatTheRowSays() {
    launch();

    assertThat(aws.ec2().calls("RunInstances"))
        .extracting(call -> call.parameters().get("ClientToken"))
        .containsExactlyInAnyOrder("demo-meeting-teacher-1", "demo-meeting-student");
    assertThat(aws.ec2().live())
        .extracting(instance -> instance.zone() + " " + instance.tag("Role"))
        .containsExactlyInAnyOrder("us-west-2b teacher", "us-west-2a student");
  }

  private static void launch() {
    try (FunctionProcess function = start()) {
      assertThat(function.invoke(EVENT)).isEqualTo(launched());
    }
    assertThat(aws.ec2().instances()).hasSize(2);
  }

  /** A row as of today: the meeting begins in five minutes. */
  private static Map<String, AttributeValue> read(Path row) throws IOException {
    Map<String, AttributeValue> attributes = attributes(new JsonMapper().readTree(row.toFile()));
    String start = Instant.now().plus(Duration.ofMinutes(5)).toString();
    attributes.put("meet_time", AttributeValue.fromS(start));
    return attributes;
  }

  private static Map<String, AttributeValue> attributes(JsonNode map) {
    Map<String, AttributeValue> attributes = new HashMap<>();
    map.properties().forEach(entry -> attributes.put(entry.getKey(), attribute(entry.getValue())));
    return attributes;
  }

  private static AttributeValue attribute(JsonNode typed) {
    Map.Entry<String, JsonNode> value = typed.properties().iterator().next();
    return switch (value.getKey()) {
      case "S" -> AttributeValue.fromS(value.getValue().asText());
      case "N" -> AttributeValue.fromN(value.getValue().asText());
      case "BOOL" -> AttributeValue.fromBool(value.getValue().asBoolean());
      case "L" ->
          AttributeValue.fromL(value.getValue().valueStream().map(UpgradeIT::attribute).toList());
      case "M" -> AttributeValue.fromM(attributes(value.getValue()));
      default -> throw new IllegalArgumentException(value.getKey());
    };
  }

  /** The names and types in a value, without what they hold. */
  private static String form(AttributeValue value) {
    return switch (value.type()) {
      case M ->
          new TreeMap<>(value.m())
              .entrySet().stream()
                  .map(entry -> entry.getKey() + " " + form(entry.getValue()))
                  .collect(joining(", ", "{", "}"));
      case L -> value.l().stream().map(UpgradeIT::form).distinct().collect(joining(", ", "[", "]"));
      default -> value.type().toString();
    };
  }
}
