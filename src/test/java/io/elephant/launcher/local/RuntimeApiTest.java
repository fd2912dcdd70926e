package io.elephant.launcher.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.elephant.launcher.local.InvocationResult.Answered;
import io.elephant.launcher.local.InvocationResult.Failed;
import io.elephant.launcher.local.InvocationResult.Lost;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The runtime API as a runtime sees it, and what the deliverer learns. */
class RuntimeApiTest {

  private final RuntimeApi api = RuntimeApi.start(Duration.ofMinutes(5));
  private final HttpClient runtime = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    runtime.close();
    api.close();
  }

  @Test
  void An_event_comes_with_its_id_deadline_and_function_and_its_answer_goes_back()
      throws Exception {
    var result = api.deliver("{\"meeting_id\":\"m1\"}".getBytes(UTF_8));

    HttpResponse<String> event = get("invocation/next");
    assertThat(event.body()).isEqualTo("{\"meeting_id\":\"m1\"}");
    assertThat(header(event, "Lambda-Runtime-Invoked-Function-Arn")).startsWith("arn:aws:lambda:");
    long remaining =
        Long.parseLong(header(event, "Lambda-Runtime-Deadline-Ms")) - System.currentTimeMillis();
    assertThat(remaining).isBetween(290_000L, 300_000L);

    post("invocation/" + header(event, "Lambda-Runtime-Aws-Request-Id") + "/response", "{}");
    assertThat(result.join()).isEqualTo(new Answered("{}"));
  }

  @Test
  void A_reported_error_is_a_failed_invocation() throws Exception {
    var result = api.deliver("{}".getBytes(UTF_8));

    String id = header(get("invocation/next"), "Lambda-Runtime-Aws-Request-Id");
    String report = "{\"errorType\":\"InvalidEvent\",\"errorMessage\":\"no meeting_id\"}";
    post("invocation/" + id + "/error", report);
    assertThat(result.join()).isEqualTo(new Failed("InvalidEvent", "no meeting_id", report));
  }

  @Test
  void A_failed_start_fails_the_invocation_that_waits_for_it() throws Exception {
    var result = api.deliver("{}".getBytes(UTF_8));

    String report = "{\"errorType\":\"ConfigurationException\",\"errorMessage\":\"AMI_ID\"}";
    post("init/error", report);
    assertThat(result.join()).isEqualTo(new Failed("ConfigurationException", "AMI_ID", report));
  }

  @Test
  void An_event_whose_function_dies_is_lost() throws Exception {
    var result = api.deliver("{}".getBytes(UTF_8));

    get("invocation/next");
    assertThat(result).isNotDone();
    api.lose("SIGKILL");
    assertThat(result.join()).isEqualTo(new Lost("SIGKILL"));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return runtime.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private void post(String path, String body) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(body)).build();
    assertThat(runtime.send(request, BodyHandlers.discarding()).statusCode()).isBetween(200, 299);
  }

  private URI uri(String path) {
    return URI.create("http://" + api.address() + "/2018-06-01/runtime/" + path);
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }
}
