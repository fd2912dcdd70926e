package io.elephant.launcher.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elephant.launcher.local.Call;
import io.elephant.launcher.local.FunctionProcess;
import io.elephant.launcher.local.LocalDynamoDb;
import io.elephant.launcher.local.RuntimeApi;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What no implementation of the protocol can be faster than: the bare chain of its HTTP calls, sent
 * from bytes that a launch has left, by a program that is warm and signs, parses and checks
 * nothing. The event, the row, the claim, the instances side by side, the record, the answer; all
 * connections are opened at once, when it begins.
 */
final class Floor {

  private static final Pattern INSTANCE = Pattern.compile("i-[0-9a-f]{17}");

  private final Track track;
  private final URI ec2;
  private final URI dynamoDb;
  private final String getItem;
  private final String claim;
  private final List<String> runs;
  private final String record;
  private final List<String> recorded;

  /** The floor of the launch that has just been run on this track. */
  Floor(Track track) {
    this.track = track;
    this.ec2 = track.aws().ec2().endpoint();
    this.dynamoDb = track.aws().dynamoDbProxy().endpoint();
    List<Call> updates = track.aws().dynamoDbProxy().calls("UpdateItem");
    this.getItem = track.aws().dynamoDbProxy().calls("GetItem").getFirst().body();
    this.claim = updates.getFirst().body();
    this.record = updates.getLast().body();
    this.runs = track.aws().ec2().calls("RunInstances").stream().map(Call::body).sorted().toList();
    this.recorded =
        Stream.of("student_ec2_id", "teacher_ec2_id")
            .map(id -> track.aws().row(Track.MEETING).get(id).s())
            .toList();
  }

  /** How long it took, in milliseconds. */
  double run() throws Exception {
    track.reset();
    try (var runtimeApi = new RuntimeApi(FunctionProcess.TIMEOUT);
        HttpClient http = track.client()) {
      var answered = runtimeApi.deliver(Track.EVENT.getBytes(UTF_8));
      var events = URI.create("http://" + runtimeApi.address() + "/2018-06-01/runtime/invocation/");
      long start = System.nanoTime();
      Stream.of(dynamoDb, ec2, ec2)
          .map(service -> http.sendAsync(get(service), BodyHandlers.discarding()))
          .toList()
          .forEach(CompletableFuture::join);
      var event = http.send(get(events.resolve("next")), BodyHandlers.discarding());
      String id = event.headers().firstValue("Lambda-Runtime-Aws-Request-Id").orElseThrow();
      http.send(table("GetItem", getItem), BodyHandlers.discarding());
      http.send(table("UpdateItem", claim), BodyHandlers.discarding());
      var student = http.sendAsync(run(runs.getFirst()), BodyHandlers.ofString());
      var teacher = http.sendAsync(run(runs.getLast()), BodyHandlers.ofString());
      String ids =
          record
              .replace(recorded.getFirst(), instance(student.join()))
              .replace(recorded.getLast(), instance(teacher.join()));
      http.send(table("UpdateItem", ids), BodyHandlers.discarding());
      URI reply = events.resolve(id + "/response");
      http.send(post(reply, Track.EVENT, "Content-Type", "text/json"), BodyHandlers.discarding());
      answered.join();
      double took = (System.nanoTime() - start) / Track.NANOS_OF_A_MILLI;
      track.requireLaunch("the floor");
      return took;
    }
  }

  private static HttpRequest get(URI uri) {
    return HttpRequest.newBuilder(uri).build();
  }

  private static HttpRequest post(URI uri, String body, String... headers) {
    var request = HttpRequest.newBuilder(uri).headers(headers);
    return request.POST(BodyPublishers.ofString(body)).build();
  }

  private HttpRequest run(String body) {
    return post(ec2, body, "Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  }

  /** dynalite keeps the tables of each access key and region apart, and checks no signature. */
  private HttpRequest table(String action, String body) {
    return post(
        dynamoDb,
        body,
        "Content-Type",
        "application/x-amz-json-1.0",
        "X-Amz-Target",
        "DynamoDB_20120810." + action,
        "X-Amz-Date",
        "20260101T000000Z",
        "Authorization",
        ("AWS4-HMAC-SHA256 Credential=%s/20260101/%s/dynamodb/aws4_request,"
                + " SignedHeaders=host, Signature=0")
            .formatted(LocalDynamoDb.ACCESS_KEY, LocalDynamoDb.REGION));
  }

  private static String instance(HttpResponse<String> started) {
    return INSTANCE.matcher(started.body()).results().findFirst().orElseThrow().group();
  }
}
