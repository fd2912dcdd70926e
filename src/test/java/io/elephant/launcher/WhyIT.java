package io.elephant.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.elephant.launcher.local.FunctionProcess;
import io.elephant.launcher.local.LocalAws;
import io.elephant.launcher.local.ProcessResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code make why}: the packaged function's own log, read for people. */
class WhyIT extends OnLocalAws {

  private static final String M_1 = "{\"meeting_id\": \"m-1\"}";

  @BeforeAll
  static void hasPython() throws Exception {
    assumeTrue(ProcessResult.of("python3 --version").status() == 0, "make why needs python3");
  }

  @Test
  void tellsWhatWentWrongAndNothingElse() throws Exception {
    List<String> log = new ArrayList<>();
    try (FunctionProcess function = start(Map.of("SWEEP_GRACE", "PT9M"))) {
      aws.startAfreshWith("m-1");
      function.invoke(M_1);
      int launched = function.log().size();
      assertThat(why(function.log())).isEqualTo("Nothing has gone wrong.\n");

      aws.ec2().age(Duration.ofMinutes(10));
      aws.dynamoDb().delete(LocalAws.TABLE, "m-1");
      function.invoke(SWEEP);
      function.invoke(M_1);
      aws.startAfreshWith("m-1");
      aws.ec2().on("RunInstances").refuse("InvalidAMIID.NotFound");
      function.invoke(M_1);
      aws.startAfreshWith("m-1");
      aws.ec2().fill("us-west-2a");
      function.invoke(M_1);
      aws.startAfreshWith("m-1");
      aws.dynamoDbProxy().on("GetItem").refuse("ResourceNotFoundException");
      function.invoke("{\"meeting_id\": \"m-2\"}");

      log.addAll(function.log());
      assertThat(log).hasSizeGreaterThan(launched);
    }
    log.add(
        "{\"time\":\"2099-01-01T00:00:00.000Z\",\"type\":\"platform.report\","
            + "\"record\":{\"requestId\":\"killed\",\"status\":\"timeout\"}}");

    String everything = why(log);
    assertThat(everything)
        .containsSubsequence(
            "  stray    i-",
            " m-1 teacher its meeting has no row",
            "LaunchFailed MeetingNotFound",
            "LaunchFailed InvalidAMIID.NotFound",
            "  attempt  teacher 0 us-west-2a t3.large on-demand  InvalidAMIID.NotFound: ",
            "  Launched",
            "  attempt  ",
            " 0 us-west-2a t3.large on-demand  InsufficientInstanceCapacity: ",
            " 1 us-west-2b t3.large on-demand  i-",
            "LaunchFailed ResourceNotFoundException",
            "  call     GetItem  ResourceNotFoundException, awsRequestId ",
            "An invocation ended with timeout and logged nothing; requestId killed");
    assertThat(everything.lines().filter(line -> line.contains("  requestId "))).hasSize(5);
    assertThat(why(log, "m-1").lines().filter(line -> line.contains("  requestId "))).hasSize(4);
    assertThat(why(log, "m-3")).isEqualTo("Nothing was done for m-3.\n");
  }

  @Test
  void tellsASlowLaunch() throws Exception {
    String line =
        "{\"timestamp\":\"2026-11-24T09:55:31.000Z\",\"level\":\"INFO\",\"message\":\"m-1: launched\","
            + "\"requestId\":\"r\",\"meetingId\":\"m-1\",\"outcome\":\"Launched\",\"durationMs\":%d}";

    assertThat(why(List.of(line.formatted(30_000)))).isEqualTo("Nothing has gone wrong.\n");
    assertThat(why(List.of(line.formatted(30_001)))).contains("Launched after 30.0 s");
  }

  private static String why(List<String> log, String... meeting) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("terraform/why.py", "-", "30");
    builder.command().addAll(List.of(meeting));
    ProcessResult result = ProcessResult.of(builder, String.join("\n", log) + "\n");
    assertThat(result.status()).as(result.output()).isZero();
    return result.output();
  }
}
