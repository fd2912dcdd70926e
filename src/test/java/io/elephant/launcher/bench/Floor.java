package io.elephant.launcher.bench;

import io.elephant.launcher.local.Call;
import io.elephant.launcher.local.FunctionProcess;
import io.elephant.launcher.local.LocalDynamoDb;
import io.elephant.launcher.local.RuntimeApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What no implementation of the protocol can be faster than: the bare chain of its HTTP calls, sent
 * from bytes that a launch has left, by a program that is warm and signs, parses and checks
 * nothing. The event, the row, the claim, the instances side by side, the record, the answer; all
 * connections are opened at once, when it begins.
 */
final class Floor implements AutoCloseable {

  private static final Pattern INSTANCE = Pattern.compile("i-[0-9a-f]{17}");
  private static final Pattern REQUEST_ID =
      Pattern.compile("(?i)Lambda-Runtime-Aws-Request-Id: *(\\S+)");

  private final Track track;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String getItem;
  private final String claim;
  private final List<String> runs;
  private final String record;
  private final List<String> recordedInstances;

  private Floor(Track track) {
    this.track = track;
    List<Call> updates = track.aws().dynamoDbProxy().calls("UpdateItem");
    this.getItem = track.aws().dynamoDbProxy().calls("GetItem").getFirst().body();
    this.claim = updates.getFirst().body();
    this.record = updates.getLast().body();
    this.runs =
        track.aws().ec2().calls("RunInstances").stream()
            .map(Call::body)
            .sorted((one, other) -> other.compareTo(one))
            .toList();
    this.recordedInstances =
        runs.stream()
            .map(run -> run.contains("-teacher") ? "teacher" : "student")
            .map(role -> track.aws().row(Track.MEETING).get(role + "_ec2_id").s())
            .toList();
  }

  /** The floor of the launch that has just been run on this track. */
  static Floor ofLastLaunch(Track track) {
    return new Floor(track);
  }

  Duration run() throws Exception {
    track.reset();
    try (RuntimeApi runtimeApi = RuntimeApi.start(FunctionProcess.TIMEOUT)) {
      runtimeApi.queue(Track.EVENT.getBytes(StandardCharsets.UTF_8));
      URI runtime = URI.create("http://" + runtimeApi.address());
      String path = runtime.getPath() + "/2018-06-01/runtime/invocation/";
      @Nullable SSLContext tls =
          track.certificate().isPresent() ? track.certificate().get().clientContext() : null;
      long start = System.nanoTime();
      var dynamoDb = beside(() -> Line.to(track.aws().dynamoDbProxy().endpoint(), tls));
      var ec2 = beside(() -> Line.to(track.aws().ec2().endpoint(), tls));
      var otherEc2 = beside(() -> Line.to(track.aws().ec2().endpoint(), tls));
      try (Line lambda = Line.to(runtime, null)) {
        String event = lambda.get(path + "next");
        dynamoDb.join().post(json("GetItem"), getItem);
        dynamoDb.join().post(json("UpdateItem"), claim);
        var other = beside(() -> otherEc2.join().post(form(), runs.getLast()));
        String one = ec2.join().post(form(), runs.getFirst());
        String ids =
            record
                .replace(recordedInstances.getFirst(), first(INSTANCE, one, Matcher::group))
                .replace(
                    recordedInstances.getLast(), first(INSTANCE, other.join(), Matcher::group));
        dynamoDb.join().post(json("UpdateItem"), ids);
        lambda.post(
            path + first(REQUEST_ID, event, found -> found.group(1)) + "/response",
            Map.of("Content-Type", "application/json"),
            Track.EVENT);
        runtimeApi.queued().join();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        track.requireLaunch();
        return took;
      } finally {
        dynamoDb.join().close();
        ec2.join().close();
        otherEc2.join().close();
      }
    }
  }

  private interface Step<T> {
    T take() throws IOException;
  }

  private <T> CompletableFuture<T> beside(Step<T> step) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return step.take();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        threads);
  }

  private static Map<String, String> form() {
    return Map.of("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  }

  /**
   * DynamoDB Local keeps the tables of each access key and region apart, and checks no signature.
   */
  private static Map<String, String> json(String action) {
    return Map.of(
        "Content-Type",
        "application/x-amz-json-1.0",
        "X-Amz-Target",
        "DynamoDB_20120810." + action,
        "X-Amz-Date",
        "20260101T000000Z",
        "Authorization",
        "AWS4-HMAC-SHA256 Credential=%s/20260101/%s/dynamodb/aws4_request, SignedHeaders=host, Signature=0"
            .formatted(LocalDynamoDb.ACCESS_KEY, LocalDynamoDb.REGION));
  }

  private static String first(Pattern pattern, String text, Function<Matcher, String> part) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("There is no " + pattern + " in " + text);
    }
    return part.apply(matcher);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
